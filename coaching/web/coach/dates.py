"""One client's own dates: on hold or not, what is excused, what finishing asks. Admins see no reasons of coaches."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clients import counted, deadlines, excusing, holding, progress
from clients.counted import Count
from clients.models import Enrolment, Excusal
from clients.progress import Standing
from coaching import caseload, graduates, graduating, graduation, waiving
from coaching.web.seeing import Change, seen_or_made
from curriculum.models import Exercise

from .desk import CoachRequest, View, desk


@dataclass(frozen=True)
class Shown:
    """One exercise: where it stands, and its excusal, whose reason is for coaches alone."""

    row: Standing | Count
    excusal: Excusal | None

    @property
    def is_in(self) -> bool:
        """Handed in or reached: there is nothing to excuse."""
        return self.row.is_done if isinstance(self.row, Count) else self.row.submission.attempts_made > 0


def of_one(view: View) -> View:
    """Hands over the client by the number in the address; somebody else's are not there."""

    @wraps(view)
    @desk
    def about(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
        theirs = deadlines.with_calendar(caseload.looked_after_by(request.user))
        return view(request, get_object_or_404(theirs, pk=pk), at=at)

    return about


def posted(view: View) -> View:
    """For addresses that only take posts; whoever comes back to one from the sign-in page sees the dates."""

    @wraps(view)
    def post_only(request: CoachRequest, pk: int) -> HttpResponse:
        return view(request, pk) if request.method == "POST" else redirect("client-dates", pk=pk)

    return post_only


@require_safe
@of_one
def dates(request: CoachRequest, enrolment: Enrolment, *, at: datetime) -> HttpResponse:
    """Everything due, and what can be done about it."""
    return page_of(request, enrolment, at)


@posted
@of_one
def hold(request: CoachRequest, enrolment: Enrolment, *, at: datetime) -> HttpResponse:
    """Nothing reaches the client until they go on."""
    reason = request.POST.get("reason", "")[:200]
    change = Change(
        **_of(enrolment, "client-hold"),
        title=_("%(name)s stands still") % _named(enrolment),
        button=_("Put %(name)s on hold") % _named(enrolment),
        done=_("%(name)s is on hold. Nothing reaches them until they go on.") % _named(enrolment),
        make=partial(holding.hold, enrolment, by=request.user, at=at, reason=reason),
        sent={"reason": reason},
    )
    return seen_or_made(request, change, [enrolment], enrolment.cohort, at=at)


@posted
@of_one
def go_on(request: CoachRequest, enrolment: Enrolment, *, at: datetime) -> HttpResponse:
    """Everything of theirs still to come has moved by the days they stood still."""
    change = Change(
        **_of(enrolment, "client-go-on"),
        title=_("%(name)s goes on") % _named(enrolment),
        button=_("Let %(name)s go on") % _named(enrolment),
        done=_("%(name)s goes on.") % _named(enrolment),
        make=partial(holding.go_on, enrolment, by=request.user, at=at),
        since=deadlines.on_hold_since(enrolment),
    )
    return seen_or_made(request, change, [enrolment], enrolment.cohort, at=at)


@posted
@of_one
def excuse(request: CoachRequest, enrolment: Enrolment, *, at: datetime) -> HttpResponse:
    """One exercise is not asked for from this client."""
    exercise, reason = _exercise(request, enrolment), request.POST.get("reason", "")[:200]
    change = Change(
        **_of(enrolment, "client-excuse"),
        title=_("“%(title)s” is not asked for") % {"title": exercise.title},
        button=_("Excuse it"),
        done=_("“%(title)s” is excused.") % {"title": exercise.title},
        make=partial(excusing.excuse, enrolment, exercise, reason=reason, by=request.user, at=at),
        sent={"exercise": exercise.key, "reason": reason},
    )
    try:
        return seen_or_made(request, change, [enrolment], enrolment.cohort, at=at)
    except excusing.NoReason as refusal:
        return page_of(request, enrolment, at, refusal=refusal, about=exercise.key, status=422)


@posted
@of_one
def ask_again(request: CoachRequest, enrolment: Enrolment, *, at: datetime) -> HttpResponse:
    """It is asked for again, in two days at the soonest."""
    exercise = _exercise(request, enrolment)
    change = Change(
        **_of(enrolment, "client-ask-again"),
        title=_("“%(title)s” is asked for again") % {"title": exercise.title},
        button=_("Ask for it again"),
        done=_("“%(title)s” is asked for again.") % {"title": exercise.title},
        make=partial(excusing.ask_again, enrolment, exercise, by=request.user, at=at),
        sent={"exercise": exercise.key},
    )
    return seen_or_made(request, change, [enrolment], enrolment.cohort, at=at)


def _exercise(request: CoachRequest, enrolment: Enrolment) -> Exercise:
    """An exercise of their edition, or 404."""
    offered = Exercise.objects.filter(edition=enrolment.cohort.edition_id).select_related("week")
    return get_object_or_404(offered, key=request.POST.get("exercise", ""))


def _named(enrolment: Enrolment) -> dict[str, str]:
    return {"name": str(enrolment.client)}


def _of(enrolment: Enrolment, name: str) -> dict[str, Any]:
    """Where a change for this client posts to, and where it leads back to."""
    back = reverse("client-dates", args=[enrolment.pk])
    home = _("Dates of %(name)s") % _named(enrolment)
    return {"url": reverse(name, args=[enrolment.pk]), "back": back, "home": home}


def page_of(
    request: CoachRequest,
    enrolment: Enrolment,
    at: datetime,
    *,
    refusal: Exception | None = None,
    about: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; `refusal` is about the exercise or the condition of finishing named `about`."""
    excusals = {one.exercise_id: one for one in enrolment.excusals.all() if one.ended_at is None}
    rows: list[Standing | Count] = [*progress.standings(enrolment, at=at), *counted.of(enrolment, at=at)]
    rows.sort(key=lambda row: (row.exercise.week.number, row.exercise.position))
    context = {
        "enrolment": enrolment,
        "client": enrolment.client,
        "rows": [Shown(row, excusals.get(row.exercise.pk)) for row in rows],
        "reads_reasons": caseload.coaches(request.user, enrolment.cohort),
        "held_since": deadlines.on_hold_since(enrolment),
        "hold_reason": next((one.reason for one in enrolment.holds.all() if one.ended_at is None), ""),
        "hold_refusal": holding.hold_refusal(enrolment),
        "go_on_refusal": holding.go_on_refusal(enrolment),
        "refusal": refusal,
        "about": about,
        "finishing": graduation.of(enrolment, at=at).conditions,
        "may_waive": caseload.is_admin(request.user),
        "waive_refusal": waiving.over_refusal(enrolment),
        "graduate_refusal": graduating.graduate_refusal(enrolment, at=at),
        "graduation_back_refusal": graduating.take_back_refusal(enrolment, at=at),
        "back_until": graduates.taken_back_until(enrolment) if enrolment.left_at else None,
        "at": at,
    }
    return render(request, "coaching/coach/client_dates.html", context, status=status)
