"""What a change of dates would do to people and messages, said before it is made. Nothing here does it.

Each takes what the change itself takes, is seen by whom it is, and is refused in the same words.
"""

from datetime import datetime
from functools import partial

from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients import closing, deadlines, excusing, holding, joining, moving, pausing
from clients import models as rows
from clients.api.base import View, body, documented
from coaching import calling, caseload, convening, deciding, foreseeing, graduating, roster

from .calls import call_of, slot_of
from .cohorts import managed
from .dates import exercise_of, looked_after, own_piece
from .serializers import calls as call_shapes
from .serializers import cohorts as cohort_shapes
from .serializers import dates as shapes
from .serializers import sessions as session_shapes
from .sessions import led
from .waivers import managed as managed_client


def _of_cohort(change, cohort: rows.Cohort, at: datetime, since: datetime | None = None) -> Response:
    effect = foreseeing.foresee(change, cohort.enrolments.active(), cohort, at=at, since=since)
    return Response(shapes.Effect(effect).data)


def _of_client(
    change, enrolment: rows.Enrolment, at: datetime, since: datetime | None = None, reader: rows.User | None = None
) -> Response:
    effect = foreseeing.foresee(change, [enrolment], enrolment.cohort, at=at, since=since, reader=reader)
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


class OfClosing(View):
    """The end of a cohort."""

    @documented("close_effect", "What closing a cohort would do", returns=shapes.Effect, refuses=[409])
    def post(self, request, pk):
        cohort = managed(request, pk)
        return _of_cohort(partial(closing.close, cohort, by=request.user, at=self.at), cohort, self.at)


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


class OfRule(View):
    """When the live sessions are."""

    @documented(
        "session_rule_effect",
        "What a new rule for the live sessions would do",
        takes=session_shapes.Rule,
        returns=shapes.Effect,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        cohort, sent = managed(request, pk), body(session_shapes.Rule, request)
        return _of_cohort(partial(convening.arrange, cohort, by=request.user, at=self.at, **sent), cohort, self.at)


class OfSessionMoved(View):
    """A live session at another time."""

    @documented(
        "session_move_effect",
        "What another time for a session would do",
        takes=session_shapes.SessionToMove,
        returns=shapes.Effect,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        session, sent = led(request, pk), body(session_shapes.SessionToMove, request)
        change = partial(convening.move, session, by=request.user, at=self.at, **sent)
        return _of_cohort(change, session.cohort, self.at)


class OfSessionCancelled(View):
    """A live session that does not take place."""

    @documented(
        "session_cancel_effect",
        "What cancelling a session would do",
        takes=session_shapes.Why,
        returns=shapes.Effect,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        session, sent = led(request, pk), body(session_shapes.Why, request)
        change = partial(convening.cancel, session, by=request.user, at=self.at, **sent)
        return _of_cohort(change, session.cohort, self.at)


class OfGraduations(View):
    """Everybody who has done what is asked."""

    @documented(
        "graduate_all_effect", "What finishing would do to a whole cohort", returns=shapes.Effect, refuses=[409]
    )
    def post(self, request, pk):
        cohort = managed(request, pk)
        return _of_cohort(partial(graduating.graduate_all, cohort, by=request.user, at=self.at), cohort, self.at)


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


class OfWithdrawal(View):
    """A client who leaves."""

    @documented(
        "withdraw_effect",
        "What ending an enrolment would do",
        takes=cohort_shapes.Reason,
        returns=shapes.Effect,
        refuses=[409],
    )
    def post(self, request, pk, enrolment):
        cohort, sent = managed(request, pk), body(cohort_shapes.Reason, request)
        found = get_object_or_404(rows.Enrolment.objects.filter(cohort=cohort), pk=enrolment)
        change = partial(joining.withdraw, found, by=request.user, at=self.at, **sent)
        return _of_client(change, found, self.at, reader=request.user)


class OfCallMoved(View):
    """A midpoint call at another time."""

    @documented(
        "call_move_effect",
        "What moving a call would do",
        takes=call_shapes.TimeToMoveTo,
        returns=shapes.Effect,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        call, sent = call_of(request, pk), body(call_shapes.TimeToMoveTo, request)
        slot = slot_of(call.enrolment.cohort_id, sent["slot"])
        change = partial(calling.move, call, slot, reason=sent["reason"], by=request.user, at=self.at)
        return _of_client(change, call.enrolment, self.at, reader=request.user)


class OfCallCancelled(View):
    """A midpoint call that does not take place."""

    @documented(
        "call_cancel_effect",
        "What cancelling a call would do",
        takes=call_shapes.WhyNot,
        returns=shapes.Effect,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        call, sent = call_of(request, pk), body(call_shapes.WhyNot, request)
        change = partial(calling.cancel, call, by=request.user, at=self.at, **sent)
        return _of_client(change, call.enrolment, self.at, reader=request.user)


class OfZone(View):
    """Another clock of one's own."""

    @documented(
        "zone_effect",
        "What another time zone of yours would do, cohort by cohort",
        takes=shapes.ZoneToLiveBy,
        returns=shapes.Effect,
        refuses=[422],
    )
    def post(self, request):
        zone = body(shapes.ZoneToLiveBy, request)["zone"]
        return Response(shapes.Effect(foreseeing.another_zone(request.user, zone=zone, at=self.at)).data)


class OfGraduation(View):
    """A client who has finished."""

    @documented("graduation_effect", "What finishing would do", returns=shapes.Effect, refuses=[409])
    def post(self, request, enrolment):
        found = managed_client(request, enrolment)
        return _of_client(partial(graduating.graduate, found, by=request.user, at=self.at), found, self.at)


class OfGraduationTakenBack(View):
    """A client who has not finished after all."""

    @documented("graduation_taken_back_effect", "What taking it back would do", returns=shapes.Effect, refuses=[409])
    def post(self, request, enrolment):
        found = managed_client(request, enrolment)
        return _of_client(partial(graduating.take_back, found, by=request.user, at=self.at), found, self.at)


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
