"""What a change of dates would do to people and messages, said before it is made. Nothing here does it.

Each takes what the change itself takes, is seen by whom it is, and is refused in the same words.
"""

from datetime import datetime
from functools import partial

from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients import deadlines, excusing, holding, moving, pausing
from clients import models as rows
from clients.api.base import View, body, documented
from coaching import caseload, deciding, foreseeing, roster

from .cohorts import managed
from .dates import exercise_of, looked_after, own_piece
from .serializers import cohorts as cohort_shapes
from .serializers import dates as shapes


def _of_cohort(change, cohort: rows.Cohort, at: datetime, since: datetime | None = None) -> Response:
    effect = foreseeing.foresee(change, cohort.enrolments.active(), cohort, at=at, since=since)
    return Response(shapes.Effect(effect).data)


def _of_client(change, enrolment: rows.Enrolment, at: datetime, since: datetime | None = None) -> Response:
    effect = foreseeing.foresee(change, [enrolment], enrolment.cohort, at=at, since=since)
    return Response(shapes.Effect(effect).data)


# --- A cohort's -------------------------------------------------------------------------------------


class OfBreak(View):
    """A week off."""

    @documented(
        "break_effect", "What a week off would do", takes=shapes.BreakToSet, returns=shapes.Effect, refuses=[409]
    )
    def post(self, request, pk):
        cohort, sent = managed(request, pk), body(shapes.BreakToSet, request)
        return _of_cohort(partial(moving.set_break, cohort, by=request.user, at=self.at, **sent), cohort, self.at)


class OfBreakDropped(View):
    """A week off, taken back."""

    @documented("break_drop_effect", "What taking a week off back would do", returns=shapes.Effect, refuses=[409])
    def post(self, request, pk, week_off):
        cohort = managed(request, pk)
        found = get_object_or_404(rows.BreakWeek.objects.filter(cohort=cohort), pk=week_off)
        return _of_cohort(partial(moving.drop_break, found, by=request.user, at=self.at), cohort, self.at)


class OfShift(View):
    """Everything to come, earlier or later."""

    @documented("shift_effect", "What moving would do", takes=shapes.ShiftToMake, returns=shapes.Effect, refuses=[409])
    def post(self, request, pk):
        cohort, sent = managed(request, pk), body(shapes.ShiftToMake, request)
        return _of_cohort(partial(moving.shift, cohort, by=request.user, at=self.at, **sent), cohort, self.at)


class OfPause(View):
    """A cohort that stands still."""

    @documented(
        "pause_effect", "What a pause would do", takes=cohort_shapes.Reason, returns=shapes.Effect, refuses=[409]
    )
    def post(self, request, pk):
        cohort, sent = managed(request, pk), body(cohort_shapes.Reason, request)
        return _of_cohort(partial(pausing.pause, cohort, by=request.user, at=self.at, **sent), cohort, self.at)


class OfResume(View):
    """A cohort that goes on."""

    @documented("resume_effect", "What going on would do to a paused cohort", returns=shapes.Effect, refuses=[409])
    def post(self, request, pk):
        cohort = managed(request, pk)
        change = partial(pausing.resume, cohort, by=request.user, at=self.at)
        return _of_cohort(change, cohort, self.at, roster.paused_since(cohort))


# --- One client's -----------------------------------------------------------------------------------


class OfHold(View):
    """A client who stands still."""

    @documented("hold_effect", "What a hold would do", takes=cohort_shapes.Reason, returns=shapes.Effect, refuses=[409])
    def post(self, request, enrolment):
        found, sent = looked_after(request, enrolment), body(cohort_shapes.Reason, request)
        return _of_client(partial(holding.hold, found, by=request.user, at=self.at, **sent), found, self.at)


class OfGoingOn(View):
    """A client who goes on."""

    @documented("go_on_effect", "What going on would do", returns=shapes.Effect, refuses=[409])
    def post(self, request, enrolment):
        found = looked_after(request, enrolment)
        change = partial(holding.go_on, found, by=request.user, at=self.at)
        return _of_client(change, found, self.at, deadlines.on_hold_since(found))


class OfExcusal(View):
    """An exercise that is not asked for."""

    @documented(
        "excuse_effect", "What an excusal would do", takes=shapes.ToExcuse, returns=shapes.Effect, refuses=[409, 422]
    )
    def post(self, request, enrolment):
        found, sent = looked_after(request, enrolment), body(shapes.ToExcuse, request)
        exercise = exercise_of(found, sent["exercise"])
        change = partial(excusing.excuse, found, exercise, reason=sent["reason"], by=request.user, at=self.at)
        return _of_client(change, found, self.at)


class OfAskingAgain(View):
    """An exercise that is asked for again."""

    @documented("ask_again_effect", "What asking again would do", returns=shapes.Effect, refuses=[409])
    def post(self, request, enrolment, key):
        found = looked_after(request, enrolment)
        change = partial(excusing.ask_again, found, exercise_of(found, key), by=request.user, at=self.at)
        return _of_client(change, found, self.at)


# --- More time --------------------------------------------------------------------------------------


class OfMoreTime(View):
    """More time for one's own piece, once it is granted."""

    @documented(
        "more_time_effect",
        "What more time would do, once it is granted",
        takes=shapes.TimeToAsk,
        returns=shapes.Effect,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        sent = body(shapes.TimeToAsk, request)
        effect = foreseeing.more_time(own_piece(request, pk), until=sent["until"], by=request.user, at=self.at)
        return Response(shapes.Effect(effect).data)


class OfAnswer(View):
    """A coach's yes or no."""

    @documented(
        "extension_effect", "What your answer would do", takes=shapes.Answer, returns=shapes.Effect, refuses=[409]
    )
    def post(self, request, pk):
        theirs = caseload.asked_by_clients_of(request.user, at=self.at)
        asked, sent = get_object_or_404(theirs, pk=pk), body(shapes.Answer, request)
        change = partial(deciding.decide, asked, by=request.user, at=self.at, **sent)
        return _of_client(change, asked.enrolment, self.at)
