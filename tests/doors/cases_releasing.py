"""Releases: releasing a copy, taking it back, and a note for the sponsor, at both doors."""

from django.urls import reverse

from coaching import releasing
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, Ask, case
from tests.releasing import released, sponsored
from tests.roads import WEEK_1


def release(cast: Cast, source: int, who: str = "mina") -> Ask:
    thing = {"kind": "piece", "source": source}
    path = f"enrolments/{cast.enrolment(cast.mina).pk}/releases/"
    return Ask(who, reverse("release-new"), thing, "post", path, thing, WEEK_1)


def withdraw(cast: Cast, pk: int, who: str = "mina") -> Ask:
    return Ask(who, reverse("release-withdraw", args=[pk]), {}, "delete", f"releases/{pk}/", at=WEEK_1)


@case("releasing.release", "release.not_yours", 404)
def _somebody_elses(cast):
    sponsored(cast)
    return release(cast, roads.handed_in(cast.mina).pk, who="lena")


@case("releasing.release", "release.nobody")
def _nobody_reads(cast):
    return release(cast, roads.handed_in(cast.mina).pk)


@case("releasing.release", "release.there")
def _there(cast):
    return release(cast, released(cast).source)


@case("releasing.withdraw", "release.not_yours", 404)
def _not_mine(cast):
    return withdraw(cast, released(cast).pk, who="lena")


@case("releasing.withdraw", "release.withdrawn")
def _withdrawn(cast):
    found = released(cast)
    releasing.withdraw(found, by=cast.mina, at=WEEK_1)
    return withdraw(cast, found.pk)


def _release(cast: Cast) -> Ask:
    sponsored(cast)
    return release(cast, roads.handed_in(cast.mina).pk)


ALLOWED |= {
    "releasing.release": _release,
    "releasing.withdraw": lambda cast: withdraw(cast, released(cast).pk),
}
