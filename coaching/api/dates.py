"""Dates that give way: a cohort's for admins, one client's for their coaches and admins, more time for clients.

Each change can be looked at first: see `effects`.
"""

from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients import deadlines, excusing, extending, holding, moving
from clients import models as rows
from clients.api.base import View, body, documented
from coaching import caseload, deciding
from curriculum.models import Exercise

from .cohorts import managed
from .serializers import cohorts as cohort_shapes
from .serializers import dates as shapes

# --- A cohort's -------------------------------------------------------------------------------------


class Breaks(View):
    """Weeks off of a cohort."""

    @documented("break_list", "Weeks off of a cohort", returns=shapes.Break(many=True))
    def get(self, request, pk):
        return Response(shapes.Break(managed(request, pk).breaks.all(), many=True).data)

    @documented("break_set", "Set a week off", takes=shapes.BreakToSet, returns=shapes.Break, status=201, refuses=[409])
    def post(self, request, pk):
        sent = body(shapes.BreakToSet, request)
        made = moving.set_break(managed(request, pk), by=request.user, at=self.at, **sent)
        return Response(shapes.Break(made).data, status=201)


class OneBreak(View):
    """A week off that stands."""

    @documented("break_drop", "Take a week off back", status=204, refuses=[409])
    def delete(self, request, pk, week_off):
        found = get_object_or_404(rows.BreakWeek.objects.filter(cohort=managed(request, pk)), pk=week_off)
        moving.drop_break(found, by=request.user, at=self.at)
        return Response(status=204)


class Shift(View):
    """Everything to come, earlier or later."""

    @documented(
        "cohort_shift",
        "Move everything to come",
        takes=shapes.ShiftToMake,
        returns=cohort_shapes.Cohort,
        refuses=[409],
    )
    def post(self, request, pk):
        moved = moving.shift(managed(request, pk), by=request.user, at=self.at, **body(shapes.ShiftToMake, request))
        return Response(cohort_shapes.Cohort(moved).data)


# --- One client's -----------------------------------------------------------------------------------


def looked_after(request, pk: int) -> rows.Enrolment:
    """A client of a coach, anybody's for an admin; 404 for everybody else."""
    return get_object_or_404(deadlines.with_calendar(caseload.looked_after_by(request.user)), pk=pk)


def exercise_of(enrolment: rows.Enrolment, key: str) -> Exercise:
    return get_object_or_404(Exercise.objects.select_related("week"), edition=enrolment.cohort.edition_id, key=key)


def _dates(enrolment: rows.Enrolment, reader: rows.User) -> Response:
    """With the reasons for whoever coaches the client; admins hear that it is so."""
    excused = {one.exercise_id: one.reason for one in enrolment.excusals.all() if one.ended_at is None}
    keys = dict(Exercise.objects.filter(pk__in=excused).order_by("key").values_list("key", "pk"))
    reads = caseload.coaches(reader, enrolment.cohort)
    held = next((one.reason for one in enrolment.holds.all() if one.ended_at is None), "")
    shown = {
        "pk": enrolment.pk,
        "client": enrolment.client,
        "on_hold_since": deadlines.on_hold_since(enrolment),
        "on_hold_because": held if reads else "",
        "excused": list(keys),
        "excused_because": {key: excused[pk] for key, pk in keys.items()} if reads else {},
    }
    return Response(shapes.ClientDates(shown).data)


class ClientDates(View):
    """One client's own dates."""

    @documented("client_dates", "A client's own dates", returns=shapes.ClientDates)
    def get(self, request, enrolment):
        return _dates(looked_after(request, enrolment), request.user)


class Hold(View):
    """Standing still."""

    @documented("hold", "Put a client on hold", takes=cohort_shapes.Reason, returns=shapes.ClientDates, refuses=[409])
    def post(self, request, enrolment):
        found, sent = looked_after(request, enrolment), body(cohort_shapes.Reason, request)
        return _dates(holding.hold(found, by=request.user, at=self.at, **sent), request.user)


class GoOn(View):
    """Going on."""

    @documented("go_on", "Let a client go on", returns=shapes.ClientDates, refuses=[409])
    def post(self, request, enrolment):
        return _dates(holding.go_on(looked_after(request, enrolment), by=request.user, at=self.at), request.user)


class Excusals(View):
    """What is not asked for from one client."""

    @documented(
        "excuse",
        "Excuse an exercise",
        takes=shapes.ToExcuse,
        returns=shapes.ClientDates,
        status=201,
        refuses=[409, 422],
    )
    def post(self, request, enrolment):
        found, sent = looked_after(request, enrolment), body(shapes.ToExcuse, request)
        exercise = exercise_of(found, sent["exercise"])
        excusing.excuse(found, exercise, reason=sent["reason"], by=request.user, at=self.at)
        answer = _dates(looked_after(request, enrolment), request.user)
        answer.status_code = 201
        return answer


class OneExcusal(View):
    """An exercise that is excused."""

    @documented("ask_again", "Ask for an exercise again", status=204, refuses=[409])
    def delete(self, request, enrolment, key):
        found = looked_after(request, enrolment)
        excusing.ask_again(found, exercise_of(found, key), by=request.user, at=self.at)
        return Response(status=204)


# --- More time --------------------------------------------------------------------------------------


def own_piece(request, pk: int) -> rows.Submission:
    mine = rows.Submission.objects.filter(enrolment__client=request.user)
    return get_object_or_404(mine.select_related("enrolment__cohort", "exercise__week"), pk=pk)


class MoreTime(View):
    """More time for one's own piece."""

    @documented(
        "more_time",
        "Take or ask for more time",
        takes=shapes.TimeToAsk,
        returns=shapes.Extension,
        status=201,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        piece = own_piece(request, pk)
        made = extending.ask(piece, by=request.user, at=self.at, **body(shapes.TimeToAsk, request))
        return Response(shapes.Extension(made).data, status=201)


class Extensions(View):
    """What waits for an answer."""

    @documented("extension_list", "Questions for more time that wait for you", returns=shapes.Extension(many=True))
    def get(self, request):
        return Response(shapes.Extension(caseload.asked_of(request.user, at=self.at), many=True).data)


class AnswerExtension(View):
    """Yes or no."""

    @documented(
        "extension_answer", "Say yes or no to more time", takes=shapes.Answer, returns=shapes.Extension, refuses=[409]
    )
    def post(self, request, pk):
        asked = get_object_or_404(caseload.asked_by_clients_of(request.user, at=self.at), pk=pk)
        decided = deciding.decide(asked, by=request.user, at=self.at, **body(shapes.Answer, request))
        return Response(shapes.Extension(decided).data)
