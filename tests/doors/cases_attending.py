"""Who is at a live session and where its plan is, asked at both doors."""

from datetime import timedelta

from django.urls import reverse

from clients import joining
from coaching import attending
from tests import roads, sittings
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, Ask, case, close
from tests.sittings import FIRST, KICK_OFF

MINUTE = timedelta(minutes=1)


def take(cast: Cast, who: str = "mina", presence: str = "here", week: int = 0, at=LATER, by: str = "tomas") -> Ask:
    session, enrolment = sittings.session(cast, week), cast.enrolment(getattr(cast, who)).pk
    page = reverse("session-attendance", args=["spring", session.pk])
    body = {"marks": [{"enrolment": enrolment, "presence": presence}]}
    return Ask(by, page, {"mark": f"{enrolment}:{presence}"}, "put", f"sessions/{session.pk}/attendance/", body, at)


def rest(cast: Cast, week: int = 0, at=LATER) -> Ask:
    session = sittings.session(cast, week)
    page = reverse("session-attendance", args=["spring", session.pk])
    return Ask("tomas", page, {"mark": "rest:here"}, "post", f"sessions/{session.pk}/attendance/rest/", at=at)


def begin(cast: Cast, part: int = 0, week: int = 0, at=KICK_OFF + MINUTE) -> Ask:
    session, sent = sittings.session(cast, week), {"part": part}
    page = reverse("session-begin", args=["spring", session.pk])
    return Ask("tomas", page, sent, "post", f"sessions/{session.pk}/begin/", sent, at)


for operation, doors in {"attending.take": take, "attending.rest": rest, "attending.begin": begin}.items():

    @case(operation, "cohort.closed")
    def _closed(cast, doors=doors):
        ask = doors(cast)
        close(cast.spring)
        return ask

    @case(operation, "session.cancelled")
    def _cancelled(cast, doors=doors):
        sittings.cancelled(cast)
        return doors(cast, week=1)

    @case(operation, "session.not_begun")
    def _not_begun(cast, doors=doors):
        return doors(cast, week=1, at=FIRST - MINUTE)

    ALLOWED[operation] = doors


@case("attending.take", "attendance.not_yours", 404)
def _of_another_cohort(cast):
    return take(cast, who="omar")


@case("attending.take", "attendance.left")
def _has_left(cast):
    joining.withdraw(cast.enrolment(cast.mina), by=cast.ada, at=roads.BEFORE)
    return take(cast)


@case("attending.take", "attendance.unknown", 422)
def _asleep(cast):
    return take(cast, presence="asleep")


@case("attending.begin", "session.over")
def _over(cast):
    return begin(cast, at=LATER)


@case("attending.begin", "session.no_part", 422)
def _no_part(cast):
    return begin(cast, part=99)


def marked(cast: Cast, week: int = 0) -> None:
    session = sittings.session(cast, week)
    attending.take(session, {cast.enrolment(cast.mina).pk: "here"}, by=cast.tomas, at=session.starts_at)
