"""Live sessions and the address of a calendar, asked at both doors."""

from datetime import UTC, datetime, timedelta

from django.urls import reverse

from clients import pausing
from coaching import convening, subscribing
from tests import sittings
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, UNASKED, Ask, case, close, open_cohort
from tests.doors.cases_attending import marked
from tests.roads import BEFORE, WEEK_1

HOUR = timedelta(hours=1)
NEW_TIME = "2026-03-06T11:00"
RULE = {"weekday": 3, "time": "17:00", "minutes": 60, "link": sittings.ROOM}


def arrange(cast: Cast, at=LATER, **changes) -> Ask:
    page, sent = reverse("cohort-arrange", args=["spring"]), RULE | changes
    return Ask("ada", page, sent, "put", f"cohorts/{cast.spring.pk}/session-rule/", sent, at)


def act(cast: Cast, verb: str, week: int = 1, at=LATER, **sent) -> Ask:
    session = sittings.session(cast, week)
    page = reverse(f"session-{verb}", args=["spring", session.pk])
    return Ask("tomas", page, sent, "post", f"sessions/{session.pk}/{verb}/", sent, at)


def move(cast: Cast, week: int = 1, at=LATER, **changes) -> Ask:
    session = sittings.session(cast, week)
    terms = {"wall": NEW_TIME, "minutes": session.minutes, "link": session.link, "version": session.version}
    return act(cast, "move", week, at, **terms | changes)


def hold(cast: Cast, week: int = 0, at=LATER) -> Ask:
    return act(cast, "hold", week, at)


def cancel(cast: Cast, week: int = 1, at=LATER, reason: str = "The coach is ill") -> Ask:
    return act(cast, "cancel", week, at, reason=reason)


def answer(cast: Cast, verb: str, method: str, who: str, week: int, at) -> Ask:
    session = sittings.session(cast, week)
    return Ask(
        who, reverse(f"session-{verb}", args=[session.pk]), {}, method, f"sessions/{session.pk}/declined/", at=at
    )


def decline(cast: Cast, who: str = "mina", week: int = 1, at=LATER) -> Ask:
    return answer(cast, "decline", "put", who, week, at)


def come(cast: Cast, who: str = "mina", week: int = 1, at=LATER) -> Ask:
    return answer(cast, "come", "delete", who, week, at)


def unmark(cast: Cast) -> Ask:
    return act(cast, "unmark", week=0)


LEADING = {"convening.move": move, "convening.hold": hold, "convening.cancel": cancel}
ANSWERING = {"convening.decline": decline, "convening.come": come}

for operation, doors in ({"convening.arrange": arrange} | LEADING | ANSWERING).items():

    @case(operation, "cohort.closed")
    def _closed(cast, doors=doors):
        ask = doors(cast)
        close(cast.spring)
        return ask


for operation, doors in (LEADING | ANSWERING).items():

    @case(operation, "session.held")
    def _held(cast, doors=doors):
        sittings.held(cast)
        return doors(cast, week=0)


for operation, doors in ({"convening.hold": hold, "convening.cancel": cancel} | ANSWERING).items():

    @case(operation, "session.cancelled")
    def _cancelled(cast, doors=doors):
        sittings.cancelled(cast)
        return doors(cast, week=1)


for operation, doors in ANSWERING.items():

    @case(operation, "session.not_yours", 404)
    def _not_yours(cast, doors=doors):
        return doors(cast, who="lena")

    @case(operation, "session.begun")
    def _begun(cast, doors=doors):
        return doors(cast, week=0)


for operation, doors in (("convening.arrange", arrange), ("convening.move", move)):

    @case(operation, "session.minutes", 422)
    def _minutes(cast, doors=doors):
        return doors(cast, minutes=10)

    @case(operation, "session.link", 422)
    def _link(cast, doors=doors):
        return doors(cast, link="the blue room")


NEW = "a cohort that is being opened is not closed, and its sessions take an hour and have no room yet"
UNASKED |= {("convening.open_cohort", code): NEW for code in ("cohort.closed", "session.link", "session.minutes")}


@case("convening.open_cohort", "session.half", 422)
def _half(cast):
    return open_cohort(session_day=3)


@case("convening.unmark", "cohort.closed")
def _kept_closed(cast):
    sittings.held(cast)
    close(cast.spring)
    return unmark(cast)


@case("convening.unmark", "session.not_held")
def _not_held(cast):
    return unmark(cast)


def _unmarked(cast: Cast) -> Ask:
    sittings.held(cast)
    return unmark(cast)


for operation, doors in {"convening.move": move, "convening.cancel": cancel}.items():

    @case(operation, "session.attended")
    def _attended(cast, doors=doors):
        marked(cast)
        return doors(cast, week=0)


@case("convening.hold", "session.not_begun")
def _not_begun(cast):
    return hold(cast, week=1)


@case("convening.cancel", "session.no_reason", 422)
def _no_reason(cast):
    return cancel(cast, reason=" ")


@case("convening.move", "session.paused")
def _paused(cast):
    ask = move(cast)
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    return ask


@case("convening.move", "session.moved_on")
def _moved_on(cast):
    return move(cast, version=99)


@case("convening.move", "session.when", 422)
def _past(cast):
    return move(cast, wall="2026-03-03T17:00")


@case("convening.move", "session.taken", 422)
def _taken(cast):
    return move(cast, wall="2026-03-12T17:30")


@case("convening.move", "session.nowhere", 422)
def _nowhere(cast):
    """Two hours in the morning after a pause of two hours over midnight: what is planned then is a day later."""
    sittings.session(cast)
    pausing.pause(cast.spring, by=cast.ada, at=datetime(2026, 3, 3, 22, tzinfo=UTC))
    pausing.resume(cast.spring, by=cast.ada, at=datetime(2026, 3, 4, 0, tzinfo=UTC))
    return move(cast, wall="2026-03-04T02:00", at=datetime(2026, 3, 4, 0, 30, tzinfo=UTC))


def _declined(cast: Cast) -> Ask:
    convening.decline(sittings.session(cast), by=cast.mina, at=BEFORE)
    return come(cast)


# --- The address of one's calendar ------------------------------------------------------------------


def subscribe(cast: Cast, who: str = "mina") -> Ask:
    return Ask(who, reverse("calendar-address"), {}, "post", "calendar/address/")


def switch_off(cast: Cast) -> Ask:
    return Ask("mina", reverse("calendar-address-off"), {}, "delete", "calendar/address/")


@case("subscribing.subscribe", "calendar.empty")
def _no_dates(cast):
    return subscribe(cast, who="lena")


@case("subscribing.switch_off", "calendar.none")
def _no_address(cast):
    return switch_off(cast)


def _subscribed(cast: Cast) -> Ask:
    subscribing.subscribe(by=cast.mina, at=BEFORE)
    return switch_off(cast)


ALLOWED |= {
    "subscribing.subscribe": subscribe,
    "subscribing.switch_off": _subscribed,
} | {
    "convening.arrange": arrange,
    **LEADING,
    "convening.unmark": _unmarked,
    "convening.decline": decline,
    "convening.come": _declined,
}
