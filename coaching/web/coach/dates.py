"""One client's own dates: on hold or not, what is excused. For their coaches, and for admins without reasons."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clients import counted, deadlines, excusing, holding, progress
from clients.counted import Count
from clients.models import Enrolment, Excusal
from clients.progress import Standing
from coaching import caseload, foreseeing
from coaching.foreseeing import Effect
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
    return _page(request, enrolment, at)


@posted
@of_one
def hold(request: CoachRequest, enrolment: Enrolment, *, at: datetime) -> HttpResponse:
    """Nothing reaches the client until they go on."""
    reason = request.POST.get("reason", "")[:200]
    change = partial(holding.hold, enrolment, by=request.user, at=at, reason=reason)
    if request.POST.get("show") == "effect":
        return _page(request, enrolment, at, effect=foreseeing.foresee(change, [enrolment], enrolment.cohort, at=at))
    change()
    messages.success(request, _("%(name)s is on hold. Nothing reaches them until they go on.") % _named(enrolment))
    return redirect("client-dates", pk=enrolment.pk)


@posted
@of_one
def go_on(request: CoachRequest, enrolment: Enrolment, *, at: datetime) -> HttpResponse:
    """Everything of theirs still to come has moved by the days they stood still."""
    change = partial(holding.go_on, enrolment, by=request.user, at=at)
    if request.POST.get("show") == "effect":
        return _page(request, enrolment, at, effect=foreseeing.foresee(change, [enrolment], enrolment.cohort, at=at))
    change()
    messages.success(request, _("%(name)s goes on.") % _named(enrolment))
    return redirect("client-dates", pk=enrolment.pk)


@posted
@of_one
def excuse(request: CoachRequest, enrolment: Enrolment, *, at: datetime) -> HttpResponse:
    """One exercise is not asked for from this client."""
    exercise = _exercise(request, enrolment)
    try:
        excusing.excuse(enrolment, exercise, reason=request.POST.get("reason", "")[:200], by=request.user, at=at)
    except excusing.NoReason as refusal:
        return _page(request, enrolment, at, refusal=refusal, about=exercise.key, status=422)
    messages.success(request, _("“%(title)s” is excused.") % {"title": exercise.title})
    return redirect("client-dates", pk=enrolment.pk)


@posted
@of_one
def ask_again(request: CoachRequest, enrolment: Enrolment, *, at: datetime) -> HttpResponse:
    """It is asked for again, in two days at the soonest."""
    exercise = _exercise(request, enrolment)
    excusing.ask_again(enrolment, exercise, by=request.user, at=at)
    messages.success(request, _("“%(title)s” is asked for again.") % {"title": exercise.title})
    return redirect("client-dates", pk=enrolment.pk)


def _exercise(request: CoachRequest, enrolment: Enrolment) -> Exercise:
    """An exercise of their edition, or 404."""
    offered = Exercise.objects.filter(edition=enrolment.cohort.edition_id).select_related("week")
    return get_object_or_404(offered, key=request.POST.get("exercise", ""))


def _named(enrolment: Enrolment) -> dict[str, str]:
    return {"name": str(enrolment.client)}


def _page(
    request: CoachRequest,
    enrolment: Enrolment,
    at: datetime,
    *,
    effect: Effect | None = None,
    refusal: Exception | None = None,
    about: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; `effect` is what a hold or its end would do, `refusal` is about the exercise named `about`."""
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
        "reason": request.POST.get("reason", ""),
        "effect": effect,
        "refusal": refusal,
        "about": about,
        "at": at,
    }
    return render(request, "coaching/coach/client_dates.html", context, status=status)
