"""A cohort goes over to a newer edition: choose which, see what that does to each client, do it; and undo it."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import crossing as going_over
from clients import crossings
from clients.models import Cohort
from coaching import crossovers, roster, taught
from coaching.web.seeing import is_looked_at
from curriculum.models import Edition

from .desk import OfficeRequest, office, posted


class CrossingForm(forms.Form):
    """Which edition."""

    edition: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("To"),
        queryset=Edition.objects.none(),
        empty_label=gettext_lazy("choose an edition"),
        help_text=gettext_lazy("Published editions of the programme that are newer than the cohort’s own."),
    )

    def __init__(self, data=None, *, editions, offered):
        """Any of these may be named; offered are those the cohort can go over to."""
        super().__init__(data)
        self.offered = list(offered)
        field = self.fields["edition"]
        field.queryset = editions  # type: ignore[attr-defined]
        field.widget.choices = [("", field.empty_label), *((one.pk, str(one)) for one in self.offered)]  # type: ignore[attr-defined]


@office
def crossing(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """The edition it walks and the newer ones; what going over would do; or done."""
    found = _found(request, slug)
    if request.method != "POST":
        return _asked(request, found, at)
    form = _form(request, found)
    try:
        if form.is_valid():
            return _looked_at_or_done(request, found, form.cleaned_data["edition"], at)
    except going_over.NotThere as refusal:
        form.add_error("edition", ValidationError(refusal.messages))
    return _asked(request, found, at, form, status=422)


def _looked_at_or_done(request: OfficeRequest, found: Cohort, edition: Edition, at: datetime) -> HttpResponse:
    if is_looked_at(request):
        effect = crossovers.foresee(found, edition, by=request.user, at=at)
        return render(request, "coaching/office/crossing_effect.html", {"cohort": found, "over": effect})
    seen = request.POST.get("seen", "")[:64]
    made = going_over.cross(found, edition, by=request.user, at=at, seen=seen)
    messages.success(request, _("%(cohort)s walks %(edition)s now.") % {"cohort": found, "edition": made.entered})
    return redirect("cohort-edition", slug=found.slug)


@office
@posted("cohort-edition")
def undo(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Back to the edition from before."""
    found = _found(request, slug)
    rows = found.crossings.select_related("left", "cohort").order_by("-pk")
    made = going_over.undo(get_object_or_404(rows[:1]), by=request.user, at=at)
    messages.success(request, _("%(cohort)s walks %(edition)s again.") % {"cohort": found, "edition": made.left})
    return redirect("cohort-edition", slug=slug)


def _found(request: OfficeRequest, slug: str) -> Cohort:
    mine = roster.cohorts_set_up_by(request.user).select_related("edition__programme")
    return get_object_or_404(mine, slug=slug)


def _form(request: OfficeRequest, found: Cohort) -> CrossingForm:
    data = request.POST if request.method == "POST" else None
    return CrossingForm(data, editions=taught.visible_to(request.user), offered=crossings.newer(found))


def _asked(
    request: OfficeRequest, found: Cohort, at: datetime, form: CrossingForm | None = None, status: int = 200
) -> HttpResponse:
    form, last = form or _form(request, found), crossings.last(found)
    if last:
        last.cohort = found
    shown = {
        "cohort": found,
        "form": form,
        "refusal": going_over.stay_refusal(found),
        "last": last,
        "undo_refusal": going_over.undo_refusal(last, at=at) if last else None,
        "until": crossings.undone_until(last) if last else None,
        "at": at,
    }
    return render(request, "coaching/office/crossing.html", shown, status=status)
