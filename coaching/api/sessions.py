"""Live sessions: everybody sees those of their cohorts; coaches and admins lead them, clients say whether they come."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients.api.base import View, body, documented
from clients.deadlines import OF_A_COHORT
from clients.models import Cohort, Enrolment
from coaching import attendance, attending, caseload, convening, pace, sessions
from coaching.models import LiveSession, SessionRule

from .cohorts import managed
from .serializers import sessions as shapes


class Rule(View):
    """When a cohort's live sessions are. For admins."""

    @documented("session_rule", "When the live sessions of a cohort are", returns=shapes.Rule)
    def get(self, request, pk):
        return Response(shapes.Rule(get_object_or_404(SessionRule, cohort=managed(request, pk))).data)

    @documented(
        "session_arrange",
        "Plan the live sessions of a cohort",
        takes=shapes.Rule,
        returns=shapes.Rule,
        refuses=[409, 422],
    )
    def put(self, request, pk):
        cohort, sent = managed(request, pk), body(shapes.Rule, request)
        return Response(shapes.Rule(convening.arrange(cohort, by=request.user, at=self.at, **sent)).data)


class Sessions(View):
    """The live sessions of a cohort."""

    @documented("session_list", "The live sessions of a cohort", returns=shapes.Session(many=True))
    def get(self, request, pk):
        visible = caseload.cohorts_visible_to(request.user).prefetch_related(*OF_A_COHORT)
        cohort = get_object_or_404(visible, pk=pk)
        return Response(shapes.Session(_of(cohort, request, self.at), many=True).data)


def _of(cohort: Cohort, request, at) -> list[sessions.Session]:
    """For whoever leads them with who cannot come, for a client with their own answers."""
    if caseload.boards_visible_to(request.user).filter(pk=cohort.pk).exists():
        return sessions.beside_calls(sessions.of_cohort(cohort, zone=request.user.zone, at=at), request.user)
    enrolment = Enrolment.objects.select_related("client").get(cohort=cohort, client=request.user)
    enrolment.cohort = cohort
    return sessions.of_enrolment(enrolment, at=at)


class Hold(View):
    """It took place."""

    @documented("session_hold", "Mark a session as held", returns=shapes.Session, refuses=[409])
    def post(self, request, pk):
        return _shown(convening.hold(led(request, pk), by=request.user, at=self.at), request, self.at)


class Unmark(View):
    """It was marked as held by mistake."""

    @documented("session_unmark", "Take the mark of a held session back", returns=shapes.Session, refuses=[409])
    def post(self, request, pk):
        return _shown(convening.unmark(led(request, pk), by=request.user, at=self.at), request, self.at)


class Move(View):
    """Another time."""

    @documented(
        "session_move",
        "Give a session another time",
        takes=shapes.SessionToMove,
        returns=shapes.Session,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        sent = body(shapes.SessionToMove, request)
        return _shown(convening.move(led(request, pk), by=request.user, at=self.at, **sent), request, self.at)


class Cancel(View):
    """It does not take place."""

    @documented("session_cancel", "Cancel a session", takes=shapes.Why, returns=shapes.Session, refuses=[409, 422])
    def post(self, request, pk):
        reason = body(shapes.Why, request)["reason"]
        found = convening.cancel(led(request, pk), reason=reason, by=request.user, at=self.at)
        return _shown(found, request, self.at)


class Attendance(View):
    """Who is there."""

    @documented("attendance", "The roll of a session", returns=shapes.RollLine(many=True))
    def get(self, request, pk):
        return _roll(led(request, pk), request)

    @documented(
        "attendance_take",
        "Mark clients as here, late, absent or excused",
        takes=shapes.AttendanceMarks,
        returns=shapes.RollLine(many=True),
        refuses=[409, 422],
    )
    def put(self, request, pk):
        session = led(request, pk)
        try:
            attending.take(session, by=request.user, at=self.at, **body(shapes.AttendanceMarks, request))
        except attending.NotYoursToMark:
            raise Http404 from None
        return _roll(session, request)


class Rest(View):
    """Everybody else is here."""

    @documented(
        "attendance_rest",
        "Mark everybody else as here, but for those who cannot come or are on hold",
        returns=shapes.RollLine(many=True),
        refuses=[409],
    )
    def post(self, request, pk):
        session = led(request, pk)
        attending.rest(session, by=request.user, at=self.at)
        return _roll(session, request)


class Pace(View):
    """Its plan beside the clock."""

    @documented("session_pace", "The plan of a session beside the clock", returns=shapes.Pace)
    def get(self, request, pk):
        return Response(shapes.Pace(pace.of(led(request, pk), at=self.at)).data)


class Begin(View):
    """A part of the plan."""

    @documented(
        "session_begin",
        "Say that a part of the plan begins",
        takes=shapes.PartToBegin,
        returns=shapes.Pace,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        sent = body(shapes.PartToBegin, request)
        session = attending.begin(led(request, pk), by=request.user, at=self.at, **sent)
        return Response(shapes.Pace(pace.of(session, at=self.at)).data)


class Declined(View):
    """Whether one cannot come."""

    @documented("session_decline", "Say that you cannot come", status=204, refuses=[409])
    def put(self, request, pk):
        convening.decline(_offered(request, pk), by=request.user, at=self.at)
        return Response(status=204)

    @documented("session_come", "Say that you can come after all", status=204, refuses=[409])
    def delete(self, request, pk):
        convening.come(_offered(request, pk), by=request.user, at=self.at)
        return Response(status=204)


def led(request, pk: int) -> LiveSession:
    """A session of a cohort one leads, or 404."""
    return get_object_or_404(sessions.led_by(request.user), pk=pk)


def _roll(session: LiveSession, request) -> Response:
    return Response(shapes.RollLine(attendance.roll(session, request.user).lines, many=True).data)


def _offered(request, pk: int) -> LiveSession:
    return get_object_or_404(sessions.offered_to(request.user), pk=pk)


def _shown(session: LiveSession, request, at) -> Response:
    (found,) = sessions.beside_calls([sessions.read(session, zone=request.user.zone, at=at)], request.user)
    return Response(shapes.Session(found).data)
