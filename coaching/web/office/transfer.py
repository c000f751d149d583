"""A client changes the cohort: choose where, see what that does, do it; and undo it while that can be."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import transferring, transfers
from clients.models import Cohort, Enrolment, Transfer
from coaching import roster, transferrals
from coaching.web.seeing import is_looked_at

from .desk import OfficeRequest, office


class TransferForm(forms.Form):
    """Where to, and why."""

    cohort: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("To"),
        queryset=Cohort.objects.none(),
        to_field_name="slug",
        empty_label=gettext_lazy("choose a cohort"),
        help_text=gettext_lazy("Open cohorts of the same programme. The dates of what is still to come are theirs."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Stays in the journal. The client is not told it."),
    )

    def __init__(self, data=None, *, cohorts, offered):
        """Any of these may be named; offered are those a client can go on in."""
        super().__init__(data)
        self.offered = list(offered)
        field = self.fields["cohort"]
        field.queryset = cohorts  # type: ignore[attr-defined]
        field.widget.choices = [("", field.empty_label), *((one.slug, str(one)) for one in self.offered)]  # type: ignore[attr-defined]


@office
def transfer(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """The form; what it would do; or done. For one who went on already: where, and undoing it."""
    found = _found(request, pk)
    if request.method != "POST":
        return _gone(request, found, at) if found.state == found.State.TRANSFERRED else _asked(request, found)
    form = _form(request, found, request.POST)
    try:
        if form.is_valid():
            return _looked_at_or_done(request, found, form, at)
    except transferring.NotThere as refusal:
        form.add_error("cohort", refusal)
    return _asked(request, found, form, status=422)


def _looked_at_or_done(request: OfficeRequest, found: Enrolment, form: TransferForm, at: datetime) -> HttpResponse:
    cohort, reason = form.cleaned_data["cohort"], form.cleaned_data["reason"]
    if is_looked_at(request):
        effect = transferrals.foresee(found, cohort, by=request.user, at=at)
        shown = {"enrolment": found, "cohort": cohort, "reason": reason, "effect": effect}
        return render(request, "coaching/office/transfer_effect.html", shown)
    transferring.transfer(found, cohort, by=request.user, at=at, reason=reason)
    messages.success(request, _("%(name)s goes on in %(cohort)s.") % {"name": found.client, "cohort": cohort})
    return redirect("client-transfer", pk=found.pk)


@office
def undo(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Back to where they were."""
    found = _found(request, pk)
    if request.method == "POST":
        made = get_object_or_404(Transfer.objects.select_related("left", "entered__cohort"), pk=_last(found))
        transferring.undo(made, by=request.user, at=at)
        messages.success(request, _("%(name)s is back in %(cohort)s.") % {"name": found.client, "cohort": found.cohort})
        return redirect("cohort", slug=found.cohort.slug)
    return redirect("client-transfer", pk=pk)


def _found(request: OfficeRequest, pk: int) -> Enrolment:
    mine = Enrolment.objects.filter(cohort__in=roster.cohorts_set_up_by(request.user).values("pk"))
    return get_object_or_404(mine.select_related("client", "cohort__edition"), pk=pk)


def _last(found: Enrolment) -> int | None:
    return found.transfers.order_by("pk").values_list("pk", flat=True).last()


def _elsewhere(request: OfficeRequest, found: Enrolment):
    mine = roster.cohorts_set_up_by(request.user).prefetch_related(None).exclude(pk=found.cohort_id)
    return mine.filter(closed_at=None, edition__programme=found.cohort.edition.programme_id).order_by("-starts_on")


def _form(request: OfficeRequest, found: Enrolment, data: QueryDict | None = None) -> TransferForm:
    return TransferForm(data, cohorts=roster.cohorts_set_up_by(request.user), offered=_elsewhere(request, found))


def _asked(
    request: OfficeRequest, found: Enrolment, form: TransferForm | None = None, status: int = 200
) -> HttpResponse:
    form = form or _form(request, found)
    shown = {
        "enrolment": found,
        "form": form,
        "refusal": transferring.leave_refusal(found),
        "is_nowhere": len(form.offered) == 0,
    }
    return render(request, "coaching/office/transfer.html", shown, status=status)


def _gone(request: OfficeRequest, found: Enrolment, at: datetime) -> HttpResponse:
    made = transfers.standing(found)
    shown = {
        "enrolment": found,
        "transfer": made,
        "refusal": transferring.undo_refusal(made, at=at) if made else None,
        "until": transfers.undone_until(made) if made else None,
        "at": at,
    }
    return render(request, "coaching/office/transferred.html", shown)
