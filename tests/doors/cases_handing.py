"""Snapshots handed to sponsors and taken back, at both doors."""

from django.urls import reverse

from clients.models import User
from coaching import handing
from coaching.models import Handout, Snapshot
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, UNASKED, Ask, case
from tests.doors.cases_snapshots import asked as asked_by_admins
from tests.reporting import asked, computed, handed, ten

UNASKED["handing.hand_over", "handout.too_old"] = "what is frozen from now on is held beside the numbers of each month"


def waiting(cast: Cast) -> tuple[Snapshot, User]:
    """A draft for sponsors, and who sponsors its cohort."""
    sven, _sponsorship = roads.sponsor(cast.spring)
    return asked(cast, ten(cast, sven), audience="sponsor", at=LATER), sven


def held(cast: Cast) -> Handout:
    sven, _sponsorship = roads.sponsor(cast.spring)
    return handed(cast, ten(cast, sven), sven, at=LATER)


def hand_over(snapshot: Snapshot, sponsor: User) -> Ask:
    sent = {"sponsor": sponsor.pk}
    page = reverse("snapshot-hand-over", args=[snapshot.pk])
    return Ask("ada", page, sent, "post", f"snapshots/{snapshot.pk}/handouts/", sent)


def take_back(found: Handout) -> Ask:
    return Ask("ada", reverse("handout-take-back", args=[found.pk]), {}, "delete", f"handouts/{found.pk}/")


@case("handing.hand_over", "handout.for_admins")
def _for_admins(cast):
    sven, _sponsorship = roads.sponsor(cast.spring)
    return hand_over(computed(asked_by_admins(cast), at=LATER), sven)


@case("handing.hand_over", "handout.not_frozen")
def _not_frozen(cast):
    return hand_over(*waiting(cast))


@case("handing.hand_over", "handout.not_theirs")
def _not_theirs(cast):
    found, _sven = waiting(cast)
    return hand_over(computed(found, at=LATER), roads.sponsor(cast.autumn, "Sue")[0])


@case("handing.hand_over", "handout.there")
def _there(cast):
    found = held(cast)
    return hand_over(found.snapshot, found.sponsor)


@case("handing.take_back", "handout.taken_back")
def _taken_back(cast):
    found = held(cast)
    handing.take_back(found, by=cast.ada, at=LATER)
    return take_back(found)


def _hand_over(cast: Cast) -> Ask:
    found, sven = waiting(cast)
    return hand_over(computed(found, at=LATER), sven)


ALLOWED |= {
    "handing.hand_over": _hand_over,
    "handing.take_back": lambda cast: take_back(held(cast)),
}
