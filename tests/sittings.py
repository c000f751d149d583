"""Reaching a state of the live sessions by the real operations."""

from datetime import UTC, datetime, time

from clients.models import Cohort
from coaching import convening
from coaching.models import LiveSession, SessionRule
from tests.cast import Cast
from tests.roads import BEFORE

THURSDAY, FIVE = 3, time(17)
ROOM = "https://meet.example.org/spring"
KICK_OFF = datetime(2026, 2, 26, 16, tzinfo=UTC)  # Thursday of week 0, 17:00 in Berlin
FIRST = datetime(2026, 3, 5, 16, tzinfo=UTC)  # the one of week 1


def arranged(cast: Cast, cohort: Cohort | None = None, *, at: datetime = BEFORE, **changes) -> SessionRule:
    """Thursdays at 17:00 for an hour, in a cohort that has not begun."""
    terms = {"weekday": THURSDAY, "time": FIVE, "minutes": 60, "link": ROOM} | changes
    return convening.arrange(cohort or cast.spring, **terms, by=cast.ada, at=at)


def session(cast: Cast, week: int = 1) -> LiveSession:
    """One of spring's sessions; they are arranged where they are not yet."""
    if not SessionRule.objects.filter(cohort=cast.spring).exists():
        arranged(cast)
    return LiveSession.objects.select_related("cohort").get(cohort=cast.spring, week=week)


def held(cast: Cast, week: int = 0, *, at: datetime = KICK_OFF) -> LiveSession:
    return convening.hold(session(cast, week), by=cast.tomas, at=at)


def cancelled(cast: Cast, week: int = 1, *, at: datetime = BEFORE) -> LiveSession:
    return convening.cancel(session(cast, week), reason="The coach is ill", by=cast.tomas, at=at)
