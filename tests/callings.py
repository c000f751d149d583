"""Reaching a state of the midpoint calls by the real operations."""

from datetime import UTC, datetime

from clients.models import User
from coaching import calling, calls
from coaching.models import Call, CallSlot
from tests.cast import Cast
from tests.roads import WEEK_4

FRIDAY, MONDAY = datetime(2026, 3, 27, 15), datetime(2026, 3, 30, 9)  # in Berlin, either side of a change of the clocks
FRIDAY_AT, MONDAY_AT = datetime(2026, 3, 27, 14, tzinfo=UTC), datetime(2026, 3, 30, 7, tzinfo=UTC)
WHY = "My manager moved our 1:1"


def offered(cast: Cast, *walls: datetime, by: User | None = None, minutes: int = 20, at=WEEK_4) -> list[CallSlot]:
    """Friday at 15:00 and Monday at 9:00, in spring."""
    by = by or cast.tomas
    return calling.offer(cast.spring, walls=walls or (FRIDAY, MONDAY), minutes=minutes, by=by, at=at)


def slots(cast: Cast) -> list[CallSlot]:
    """Those there are, offered where they are not yet."""
    found = list(CallSlot.objects.filter(cohort=cast.spring).select_related("coach", "cohort"))
    return found or offered(cast)


def booked(cast: Cast, who: str = "mina", place: int = 0, *, at=WEEK_4) -> Call:
    """The Friday, unless another place among the times is named."""
    client = getattr(cast, who)
    calling.book(cast.enrolment(client), slots(cast)[place], by=client, at=at)
    return calls.of_enrolment(cast.enrolment(client))
