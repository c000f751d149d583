"""What a coach saw of a client, asked at both doors."""

from datetime import timedelta

from django.urls import reverse

from clients import joining
from coaching import rating
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, Ask, case, close
from tests.roads import WEEK_1, WEEK_4

GIVEN = {"upward": {"point": 3, "evidence": "The status of 20 March."}}


def rate(cast: Cast, moment: str = "c4", *, who: str = "mina", at=WEEK_4, given=GIVEN) -> Ask:
    enrolment = cast.enrolment(getattr(cast, who)).pk
    form = {f"{name}-{key}": value for key, one in given.items() for name, value in one.items()}
    page = reverse("rate", args=["spring", moment, enrolment])
    return Ask("tomas", page, form, "post", f"enrolments/{enrolment}/ratings/{moment}/", {"ratings": given}, at)


@case("rating.rate", "rating.not_yours", 404)
def _of_another_cohort(cast):
    return rate(cast, who="omar")


@case("rating.rate", "cohort.closed")
def _closed(cast):
    ask = rate(cast)
    close(cast.spring)
    return ask


@case("rating.rate", "rating.left", 404)
def _has_left(cast):
    joining.withdraw(cast.enrolment(cast.mina), by=cast.ada, at=roads.BEFORE)
    return rate(cast)


@case("rating.rate", "rating.there")
def _twice(cast):
    rating.rate(cast.enrolment(cast.mina), "c4", given=GIVEN, by=cast.tomas, at=WEEK_4)
    return rate(cast)


@case("rating.rate", "rating.locked")
def _too_early(cast):
    return rate(cast, at=WEEK_1)


@case("rating.rate", "rating.closed")
def _too_late(cast):
    return rate(cast, "c2", at=WEEK_4 + timedelta(days=1))


@case("rating.rate", "rating.unfinished", 422)
def _without_evidence(cast):
    return rate(cast, given={"upward": {"point": 3, "evidence": ""}})


ALLOWED["rating.rate"] = rate
