"""More time for one piece: which days are on offer, and taking or asking for one of them."""

from datetime import date, datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateformat import format as spell
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from clients import extending, progress
from clients.models import Extension, Submission
from coaching import foreseeing
from coaching.foreseeing import Effect
from curriculum import clock

from .finding import address, page, person_of, piece_of


class MoreTimeForm(forms.Form):
    """Until which day, and a word to the coach where they are asked."""

    until = forms.DateField(
        label=gettext_lazy("Until the end of"),
        error_messages={"required": gettext_lazy("Choose a day."), "invalid": gettext_lazy("Choose a day.")},
    )
    note = forms.CharField(label=gettext_lazy("A word to your coach"), max_length=200, required=False)

    def __init__(self, data=None, *, days: list[date]):
        super().__init__(data)
        self.fields["until"].widget = forms.RadioSelect(choices=[(day.isoformat(), _named(day)) for day in days])


def _named(day: date) -> str:
    return spell(day, "l j F")


@require_http_methods(["GET", "HEAD", "POST"])
def more_time(request: HttpRequest, key: str) -> HttpResponse:
    """The days on offer; what is chosen holds at once, or is asked of the coach."""
    piece, at = piece_of(request, key), clock.now()
    if request.method != "POST":
        return _page(request, piece, at)
    form = MoreTimeForm(request.POST, days=extending.days_on_offer(piece, at=at))
    if not form.is_valid():
        return _page(request, piece, at, form=form, status=422)
    try:
        if request.POST.get("show") == "effect":
            until = form.cleaned_data["until"]
            effect = foreseeing.more_time(piece, until=until, by=person_of(request), at=at)
            return _page(request, piece, at, form=form, effect=effect)
        extension = extending.ask(piece, by=person_of(request), at=at, **form.cleaned_data)
    except extending.NotThisDay as refusal:
        form.add_error(refusal.field, refusal)
        return _page(request, piece, at, form=form, status=422)
    messages.success(request, _said(extension))
    return redirect(address(request, "work", key))


def _said(extension: Extension) -> str:
    named = {"day": _named(extension.until)}
    if extension.state == Extension.State.GRANTED:
        return _("You have until the end of %(day)s.") % named
    return _("Asked. Your coach hears that you would like until the end of %(day)s.") % named


def _page(
    request: HttpRequest,
    piece: Submission,
    at: datetime,
    *,
    form: MoreTimeForm | None = None,
    effect: Effect | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; `effect` is what the chosen day would do."""
    refusal = extending.ask_refusal(piece, by=person_of(request), at=at)
    context = {
        "exercise": piece.exercise,
        "week": piece.exercise.week,
        "standing": progress.standing(piece, at=at),
        "by_itself": extending.next_by_itself(piece),
        "form": form or MoreTimeForm(days=extending.days_on_offer(piece, at=at) if refusal is None else []),
        "effect": effect,
        "refusal": refusal,
        "at": at,
    }
    return page(request, "more_time.html", piece.enrolment, context, status=status)
