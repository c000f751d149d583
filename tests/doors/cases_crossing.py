"""Going over to a newer edition, and undoing that, asked at both doors."""

from datetime import timedelta

from django.urls import reverse

from clients import crossing, pausing
from coaching import crossovers
from curriculum.models import Edition
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, Ask, case, close
from tests.doors.cases_transferring import elsewhere
from tests.issuing import copied, next_edition
from tests.roads import WEEK_1

DAY = timedelta(days=1)


def reworded(draft: Edition) -> None:
    draft.exercises.filter(key="w1-x1").update(title="Four answers")


def without_a_field(draft: Edition) -> None:
    one = draft.exercises.get(key="w1-x1")
    one.fields = one.fields[1:]
    one.save()


def go(cast: Cast, edition: Edition, **sent) -> Ask:
    page, path = reverse("cohort-edition", args=["spring"]), f"cohorts/{cast.spring.pk}/edition/"
    sent = {"edition": edition.pk} | sent
    return Ask("ada", page, sent, "post", path, sent)


def crossed(cast: Cast) -> None:
    crossing.cross(cast.spring, next_edition(cast.spring.edition, reworded), by=cast.ada, at=WEEK_1)


def back(cast: Cast, at=LATER) -> Ask:
    page, path = reverse("cohort-edition-undo", args=["spring"]), f"cohorts/{cast.spring.pk}/edition/"
    return Ask("ada", page, {}, "delete", path, at=at)


def stand_still(cast: Cast) -> None:
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)


@case("crossing.cross", "cohort.closed")
def _closed(cast):
    close(cast.spring)
    return go(cast, next_edition(cast.spring.edition, reworded))


@case("crossing.cross", "crossing.paused")
def _paused(cast):
    stand_still(cast)
    return go(cast, next_edition(cast.spring.edition, reworded))


@case("crossing.cross", "crossing.draft", 422)
def _draft(cast):
    return go(cast, copied(cast.spring.edition))


@case("crossing.cross", "crossing.other_programme", 422)
def _other_programme(cast):
    other = elsewhere().edition
    Edition.objects.filter(pk=other.pk).update(number=9, published_at=WEEK_1, signed_by="Ruth")
    return go(cast, other)


@case("crossing.cross", "crossing.not_newer", 422)
def _not_newer(cast):
    return go(cast, cast.spring.edition)


@case("crossing.cross", "crossing.questions")
def _questions(cast):
    roads.rated(cast.mina, at=WEEK_1)
    return go(cast, next_edition(cast.spring.edition, lambda draft: draft.instruments.filter(key="self").delete()))


@case("crossing.cross", "crossing.unseen")
def _unseen(cast):
    return go(cast, next_edition(cast.spring.edition, without_a_field))


@case("crossing.cross", "crossing.moved_on")
def _moved_on(cast):
    edition = next_edition(cast.spring.edition, without_a_field)
    seen = crossovers.foresee(cast.spring, edition, by=cast.ada, at=WEEK_1).seen
    roads.drafted(cast.mina)
    return go(cast, edition, seen=seen)


@case("crossing.undo", "cohort.closed")
def _closed_since(cast):
    crossed(cast)
    close(cast.spring)
    return back(cast)


@case("crossing.undo", "crossing.paused")
def _paused_since(cast):
    crossed(cast)
    stand_still(cast)
    return back(cast)


@case("crossing.undo", "crossing.undone")
def _undone(cast):
    crossed(cast)
    crossing.undo(cast.spring.crossings.get(), by=cast.ada, at=WEEK_1)
    return back(cast)


@case("crossing.undo", "crossing.settled")
def _settled(cast):
    crossed(cast)
    return back(cast, at=WEEK_1 + 15 * DAY)


def _undo(cast):
    crossed(cast)
    return back(cast)


ALLOWED |= {
    "crossing.cross": lambda cast: go(cast, next_edition(cast.spring.edition, reworded)),
    "crossing.undo": _undo,
}
