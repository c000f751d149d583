"""Coming to the end of the programme by the operations: everything waived that is missing, then confirmed."""

from datetime import UTC, datetime, timedelta
from typing import Any

from clients import joining
from clients.models import Enrolment, User
from coaching import following, graduating, graduation, waiving
from coaching.models import CheckIn
from tests.cast import Cast

DAY = timedelta(days=1)
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


def all_gone(cast: Cast, *, at: datetime = NOON) -> None:
    """Everybody in the first cohort has left it."""
    for enrolment in cast.spring.enrolments.active().order_by("pk"):
        joining.withdraw(enrolment, by=cast.ada, at=at)


# --- Check-ins ------------------------------------------------------------------------------------

FIRST = datetime(2026, 8, 4, 14, tzinfo=UTC)  # three months later, the next Tuesday, 09:00 in Chicago
ANSWERS = {
    "outcome": "management",
    "month": "2026-06",
    "proof": "seen",
    "conversation_held": "yes",
    "interviews": "2",
    "habits": ["ledger", "four_moves"],
    "what_helped": "The four moves in my 1:1.",
    "consent_anonymous_use": "yes",
    "now_s": "4",
    "now_i": "3",
    "now_m": "4",
    "now_u": "5",
}


def asked(cast: Cast, who: User, *, at: datetime = NOON) -> CheckIn:
    """Finished, and wants to be asked; the first of the three."""
    enrolment = cast.enrolment(who)
    if enrolment.is_active:
        enrolment = graduated(cast, who, at=at)
    following.agree(enrolment, "check_ins", by=who, at=at)
    return CheckIn.objects.select_related("enrolment__client", "enrolment__cohort__edition").get(
        enrolment=enrolment, months=3
    )


def answered(cast: Cast, who: User, **changes: Any) -> CheckIn:
    return following.answer(asked(cast, who), sent=ANSWERS | changes, at=FIRST + DAY)
