"""What clients keep, by the real operations: lines of their ledger, and 1:1s."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from clients import evidencing
from clients.models import Enrolment, LedgerLine, User
from tests.roads import WEEK_1

WEEK_2 = WEEK_1 + timedelta(weeks=1)
FURTHER = count()

LINE = {
    "date": "2026-03-10",
    "what": "Support sees by itself why a label was refused.",
    "for_whom": "The support team for parcel customers",
    "my_part": "I wrote the five plain messages",
    "factor": "stakeholder",
    "who_saw": ["Head of support"],
    "credit": ["Ana, who knew every label"],
    "trace": "Help centre, labels page",
    "quote": "We stopped guessing.",
    "visibility": "pair",
}


def enrolment_of(who: User) -> Enrolment:
    return Enrolment.objects.select_related("client", "cohort__edition").get(client=who)


def line(who: User, *, at: datetime = WEEK_2, key: str = "", **changes: Any) -> LedgerLine:
    """One more line in somebody's ledger."""
    key = key or f"line {next(FURTHER)}"
    return evidencing.add_line(enrolment_of(who), line=LINE | changes, client_key=key, by=who, at=at)


def finished(who: User, *, at: datetime) -> Enrolment:
    """The programme is over for this client. No operation graduates anybody yet."""
    Enrolment.objects.filter(client=who).update(state=Enrolment.State.COMPLETED, left_at=at)
    return enrolment_of(who)
