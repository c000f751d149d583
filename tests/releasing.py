"""Releasing things to a sponsor, by the operations."""

from datetime import datetime

from clients.models import User
from coaching import following, releasing
from coaching.models import Release
from tests import roads
from tests.cast import Cast
from tests.roads import WEEK_1


def sponsored(cast: Cast) -> User:
    """Sven, a sponsor of the spring cohort."""
    found = User.objects.filter(email="sven@example.org").first()
    return found or roads.sponsor(cast.spring)[0]


def released(cast: Cast, kind: str = "piece", source: int = 0, *, at: datetime = WEEK_1) -> Release:
    """Something of Mina's; without a number her homework of week 1, handed in for that."""
    sponsored(cast)
    source = source or roads.handed_in(cast.mina, at=at).pk
    return releasing.release(cast.enrolment(cast.mina), kind=kind, source=source, by=cast.mina, at=at)


def notes_allowed(cast: Cast, at: datetime = WEEK_1) -> None:
    """Mina lets her coach write for the sponsor."""
    sponsored(cast)
    following.agree(cast.enrolment(cast.mina), "sponsor_notes", by=cast.mina, at=at)
