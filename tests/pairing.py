"""An early and a late text in words, a client who allows it, and levels for both."""

from datetime import UTC, datetime

from clients.models import User
from coaching import pairing, pairs
from coaching.models import PairRating
from tests import roads
from tests.cast import Cast
from tests.roads import WEEK_1

WEEK_8 = datetime(2026, 4, 22, 10, tzinfo=UTC)
AFTER = datetime(2026, 5, 6, 10, tzinfo=UTC)
EARLY = "So Tomas and I, Mina, are changing the booking service since 4 March, and it is kind of complicated."
LATE = "Your room is yours from the moment we say so. Noor watches the first night, on 23 April."


def both_texts(who: User, *, early: str = EARLY, late: str = LATE) -> None:
    roads.translated(who, "w1-t1", at=WEEK_1, script=early)
    roads.translated(who, "w8-t8", at=WEEK_8, script=late)


def allowed(cast: Cast, who: User, *, at: datetime = AFTER, **texts: str) -> None:
    both_texts(who, **texts)
    pairing.consent(cast.enrolment(who), by=who, at=at)


def asked(cast: Cast, who: User, rater: User, *, at: datetime = AFTER) -> PairRating:
    if not pairs.consents(cast.enrolment(who)):
        allowed(cast, who, at=at)
    return pairing.ask(cast.enrolment(who), rater=rater, by=cast.ada, at=at)


def levels(rating: PairRating, early: int = 2, late: int = 3) -> dict[str, dict[str, int]]:
    """One level for everything in the early text, one for everything in the late one."""
    first, second = (late, early) if rating.late_first else (early, late)
    keys = [one.key for one in pairs.criteria(rating)]
    return {"first": dict.fromkeys(keys, first), "second": dict.fromkeys(keys, second)}


def rated(rating: PairRating, early: int = 2, late: int = 3) -> PairRating:
    return pairing.rate(rating, levels=levels(rating, early, late), by=rating.rater, at=AFTER)
