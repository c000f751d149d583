"""Coming to the end of the programme by the operations: everything waived that is missing, then confirmed."""

from datetime import UTC, datetime

from clients.models import Enrolment, User
from coaching import graduating, graduation, waiving
from tests.cast import Cast

NOON = datetime(2026, 5, 1, 10, tzinfo=UTC)  # Friday of week 9, 12:00 in Berlin: from then on it is confirmed


def done(cast: Cast, who: User, *, at: datetime = NOON) -> Enrolment:
    """Nothing is missing any more: what is, is waived."""
    enrolment = cast.enrolment(who)
    for one in graduation.of(enrolment, at=at).conditions:
        if one.is_missing:
            waiving.waive(enrolment, one.key, reason="Was ill", by=cast.ada, at=at)
    return enrolment


def graduated(cast: Cast, who: User, *, at: datetime = NOON) -> Enrolment:
    """Finished, and confirmed."""
    graduating.graduate(done(cast, who, at=at), by=cast.ada, at=at)
    return cast.enrolment(who)
