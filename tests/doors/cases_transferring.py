"""Changing the cohort, and undoing that, asked at both doors."""

from datetime import date, datetime, timedelta

from django.urls import reverse

from clients import joining, transferring
from clients.models import Cohort, Transfer
from curriculum.models import Edition, Programme
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, UNASKED, Ask, case, close, leave
from tests.roads import WEEK_1

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def mina(cast: Cast):
    return cast.spring.enrolments.get(client=cast.mina)


def move(cast: Cast, to: Cohort | None = None) -> Ask:
    pk, to = mina(cast).pk, to or cast.autumn
    page, path = reverse("client-transfer", args=[pk]), f"enrolments/{pk}/transfer/"
    return Ask("ada", page, {"cohort": to.slug}, "post", path, {"cohort": to.pk})


def moved(cast: Cast) -> Transfer:
    return transferring.transfer(mina(cast), cast.autumn, by=cast.ada, at=WEEK_1)


def undo(cast: Cast, at: datetime = LATER) -> Ask:
    pk = mina(cast).pk
    return Ask("ada", reverse("client-transfer-undo", args=[pk]), {}, "delete", f"enrolments/{pk}/transfer/", at=at)


@case("transferring.transfer", "enrolment.ended")
def _left(cast):
    leave(cast)
    return move(cast)


@case("transferring.transfer", "cohort.closed")
def _closed(cast):
    close(cast.spring)
    return move(cast)


@case("transferring.transfer", "transfer.same", 422)
def _same(cast):
    return move(cast, cast.spring)


@case("transferring.transfer", "transfer.closed", 422)
def _closed_there(cast):
    close(cast.autumn)
    return move(cast)


@case("transferring.transfer", "transfer.other_programme", 422)
def _other_programme(cast):
    return move(cast, elsewhere())


def elsewhere() -> Cohort:
    """A cohort of another programme."""
    programme = Programme.objects.create(key="other", title="Other")
    edition = Edition.objects.create(programme=programme, version="1", title="Other", digest="0" * 64)
    start = {"starts_on": date(2026, 3, 2), "zone": "UTC", "created_at": WEEK_1}
    return Cohort.objects.create(name="Other", slug="other", edition=edition, **start)


@case("transferring.transfer", "transfer.there", 422)
def _was_there(cast):
    roads.client(cast.autumn, cast.mina)
    joining.withdraw(cast.autumn.enrolments.get(client=cast.mina), by=cast.ada, at=WEEK_1)
    return move(cast)


@case("transferring.undo", "transfer.undone")
def _undone(cast):
    transferring.undo(moved(cast), by=cast.ada, at=WEEK_1)
    return undo(cast)


@case("transferring.undo", "enrolment.ended")
def _left_there(cast):
    joining.withdraw(moved(cast).entered, by=cast.ada, at=WEEK_1)
    return undo(cast)


@case("transferring.undo", "cohort.closed")
def _closed_here(cast):
    moved(cast)
    close(cast.spring)
    return undo(cast)


@case("transferring.undo", "transfer.settled")
def _settled(cast):
    moved(cast)
    return undo(cast, at=WEEK_1 + 14 * DAY + HOUR)


@case("transferring.undo", "transfer.handed_in")
def _handed_in(cast):
    moved(cast)
    roads.handed_in_at(cast.autumn, cast.mina, at=WEEK_1 + HOUR)
    return undo(cast)


UNASKED["transferring.transfer", "invitation.enrolled"] = "who is there already is refused before: transfer.there"
ALLOWED |= {
    "transferring.transfer": move,
    "transferring.undo": lambda cast: (moved(cast), undo(cast))[1],
}
