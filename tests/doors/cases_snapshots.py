"""Snapshots of the outcomes report, asked at both doors."""

from django.urls import reverse

from coaching import snapshotting
from coaching.models import Snapshot
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, UNASKED, Ask, case
from tests.reporting import computed

UNASKED["snapshotting.ask_again", "snapshot.of_none"] = "what was asked for is of some cohort"
UNASKED["snapshotting.ask_again", "snapshot.too_few"] = "nobody is taken out of a cohort but with all of the demo"


def full(cast: Cast) -> list[int]:
    """Spring, with five people in it."""
    for name in ("Kim", "Lou", "Max"):
        roads.client(cast.spring, roads.person(name))
    return [cast.spring.pk]


def asked(cast: Cast) -> Snapshot:
    full(cast)
    return snapshotting.ask([cast.spring], audience="admin", by=cast.ada, at=LATER)


def failed(cast: Cast) -> Snapshot:
    draft = asked(cast)
    snapshotting.fail(snapshotting.claim(at=LATER), "moving")
    return draft


def ask(cohorts: list[int], title: str = "", audience: str = "admin") -> Ask:
    sent = {"cohorts": cohorts, "audience": audience, "title": title}
    return Ask("ada", reverse("snapshots"), sent, "post", "snapshots/", sent)


def entitle(found: Snapshot, title: str = "In short") -> Ask:
    sent = {"title": title}
    return Ask("ada", reverse("snapshot-title", args=[found.pk]), sent, "patch", f"snapshots/{found.pk}/", sent)


def ask_again(found: Snapshot) -> Ask:
    return Ask("ada", reverse("snapshot-again", args=[found.pk]), {}, "post", f"snapshots/{found.pk}/again/")


@case("snapshotting.ask", "snapshot.of_none", 422)
def _of_none(cast):
    return ask([])


@case("snapshotting.ask", "snapshot.too_few", 422)
def _too_few(cast):
    return ask(full(cast), audience="sponsor")


@case("snapshotting.ask", "snapshot.on_the_way")
def _on_the_way(cast):
    asked(cast)
    return ask([cast.spring.pk])


@case("snapshotting.ask", "snapshot.long_title", 422)
def _long_title(cast):
    return ask(full(cast), title="x" * 161)


@case("snapshotting.entitle", "snapshot.long_title", 422)
def _longer_title(cast):
    return entitle(asked(cast), title="x" * 161)


@case("snapshotting.entitle", "snapshot.frozen")
def _frozen(cast):
    return entitle(computed(asked(cast), at=LATER))


@case("snapshotting.ask_again", "snapshot.not_failed")
def _not_failed(cast):
    return ask_again(asked(cast))


@case("snapshotting.ask_again", "snapshot.on_the_way")
def _another_is_on_the_way(cast):
    found = failed(cast)
    snapshotting.ask([cast.spring], audience="admin", by=cast.ada, at=LATER)
    return ask_again(found)


ALLOWED |= {
    "snapshotting.ask": lambda cast: ask(full(cast)),
    "snapshotting.entitle": lambda cast: entitle(asked(cast)),
    "snapshotting.ask_again": lambda cast: ask_again(failed(cast)),
}
