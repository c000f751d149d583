"""Leading one live session: its plan beside the clock, and who is there."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clients import deadlines
from coaching import attendance, attending, caseload, pace
from coaching import sessions as live
from coaching.models import Attendance, LiveSession
from coaching.web.numbers import number
from curriculum import moments, refusals

from .desk import CoachRequest, desk

Presence = Attendance.Presence
WORDS = {
    Presence.HERE: _("Here"),
    Presence.LATE: _("Late"),
    Presence.ABSENT: _("Absent"),
    Presence.EXCUSED: _("Excused"),
}
# What single keys do: they mark the first in the list who is not marked yet.
MARKS = [(Presence.HERE, "h"), (Presence.LATE, "l"), (Presence.ABSENT, "a"), (Presence.EXCUSED, "e")]
LETTERS = [
    {"keys": ["H"], "label": _("the next who is not marked: here")},
    {"keys": ["L"], "label": _("late")},
    {"keys": ["A"], "label": _("absent")},
    {"keys": ["E"], "label": _("excused")},
    {"keys": ["R"], "label": _("everybody else is here")},
    {"keys": ["N"], "label": _("the next part begins")},
]
KEYS = [{"keys": ["Space"], "label": _("on a mark: set it, or take it away")}]
REST = "rest"


@require_safe
@desk
def session(request: CoachRequest, slug: str, pk: int, *, at: datetime) -> HttpResponse:
    """The session: asked for anew every few seconds while it is going on, or by loading the page again."""
    return _page(request, _led(request, slug, pk), at)


@desk
def take(request: CoachRequest, slug: str, pk: int, *, at: datetime) -> HttpResponse:
    """One mark, or everybody else."""
    found = _led(request, slug, pk)
    if request.method != "POST":
        return redirect("session", slug=slug, pk=pk)
    who, _colon, presence = request.POST.get("mark", "").partition(":")
    try:
        if who == REST:
            attending.rest(found, by=request.user, at=at)
        else:
            attending.take(found, {number(who): presence}, by=request.user, at=at)
    except (attending.CannotAttend, attending.NoSuchMark) as refusal:
        return _page(request, found, at, refusal=refusal, about="attendance")
    except attending.NotYoursToMark:
        raise Http404 from None
    return redirect("session", slug=slug, pk=pk)


@desk
def begin(request: CoachRequest, slug: str, pk: int, *, at: datetime) -> HttpResponse:
    """A part of the plan begins."""
    found = _led(request, slug, pk)
    if request.method != "POST":
        return redirect("session", slug=slug, pk=pk)
    try:
        attending.begin(found, number(request.POST.get("part", "")), by=request.user, at=at)
    except (attending.CannotAttend, attending.NoSuchPart) as refusal:
        return _page(request, found, at, refusal=refusal, about="clock")
    return redirect("session", slug=slug, pk=pk)


# --- Inside ---------------------------------------------------------------------------------------


def _led(request: CoachRequest, slug: str, pk: int) -> LiveSession:
    rows = live.led_by(request.user).filter(cohort__slug=slug).select_related("cohort__edition")
    return get_object_or_404(rows.prefetch_related(*(f"cohort__{name}" for name in deadlines.OF_A_COHORT)), pk=pk)


def _page(
    request: CoachRequest, row: LiveSession, at: datetime, *, refusal: Any = None, about: str = ""
) -> HttpResponse:
    refused = attending.take_refusal(row, at=at)
    letters = request.user.letter_keys
    context = {
        "cohort": row.cohort,
        "session": live.read(row, zone=request.user.zone, at=at),
        "cohort_zone": moments.zone_label(at, row.cohort.zone).partition(" (")[0],
        "pace": pace.of(row, at=at),
        "roll": attendance.roll(row, request.user),
        "marks": [(presence, WORDS[presence], key) for presence, key in MARKS],
        "refused": refused,
        "refusal": refusal,
        "about": about,
        "coaches": caseload.coaches(request.user, row.cohort),
        "letters": letters,
        "keys": LETTERS + KEYS if letters else KEYS,
        "at": at,
    }
    status = refusals.status_of(refusal) if refusal else 200
    return render(request, "coaching/coach/session.html", context, status=status)
