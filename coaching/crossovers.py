"""What going over to another edition would do to a cohort, before it is done: client by client what keeps its place by
its key, what goes on in its own form, what falls away and what comes, and which messages move.

As with any change, the real one is played and rolled back.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from clients import crossing, crossings, progress
from clients.crossings import Sorted
from clients.models import Cohort, Enrolment, Submission, User
from curriculum.changes import Change
from curriculum.models import Edition, Exercise

from . import foreseeing, taught
from .foreseeing import Now
from .foreseen import Effect, Piece


@dataclass(frozen=True)
class OneClient:
    """What one client finds. `along` counts what was begun and keeps its place; `moved` are in another week now."""

    name: str
    along: int
    moved: tuple[Piece, ...]
    stays: tuple[Piece, ...]
    gone: tuple[Piece, ...]
    fresh: tuple[Piece, ...]

    @property
    def is_touched(self) -> bool:
        return bool(self.moved or self.stays or self.gone or self.fresh)


@dataclass(frozen=True)
class Crossover:
    """Nothing of it has happened. `seen` is sent along by whoever says yes."""

    edition: Edition
    change: str
    reasons: tuple[Change, ...]
    seen: str
    clients: tuple[OneClient, ...]
    effect: Effect

    @property
    def untouched(self) -> int:
        return sum(not one.is_touched for one in self.clients)


Parts = dict[int, list[Piece]]  # by enrolment


def foresee(cohort: Cohort, edition: Edition, *, by: User, at: datetime) -> Crossover:
    """Raises the refusal of going over."""
    found = crossings.between(cohort, edition)
    make = partial(crossing.cross, cohort, edition, by=by, at=at, seen=found.seal)
    difference = taught.difference(cohort.edition, edition)
    effect = _effect(cohort, edition, make, at)
    clients = tuple(_clients(cohort, found, crossings.too_late(cohort, found, at=at)))
    return Crossover(edition, difference.change, difference.reasons, found.seal, clients, effect)


def _effect(cohort: Cohort, edition: Edition, make, at: datetime) -> Effect:
    """Which exercise somebody has more time for is told by `OneClient`, since it has another number there."""
    people = list(cohort.enrolments.active().values_list("pk", flat=True))
    both = foreseeing.taught(cohort, edition.pk)
    look = partial(Now, people, cohort, both, at=at, dates_at=at, reader=None)
    effect = foreseeing.played(make, look, lambda was: foreseeing.compared(was, look()))
    return replace(effect, people=tuple(replace(one, pieces=()) for one in effect.people))


def _clients(cohort: Cohort, found: Sorted, late: list[tuple[int, int]]) -> Iterable[OneClient]:
    not_asked = set(late)
    along: Counter[int] = Counter(piece.enrolment_id for piece, _into in found.along if piece.pk in found.begun)
    parts: tuple[Parts, Parts, Parts, Parts] = (
        defaultdict(list),
        defaultdict(list),
        defaultdict(list),
        defaultdict(list),
    )
    moved, stays, gone, fresh = parts
    for piece, into in found.along:
        if piece.exercise.week.number != into.week.number and not piece.attempts_made:
            moved[piece.enrolment_id].append(_of_exercise(into, (piece.enrolment_id, into.pk) in not_asked))
    for rows, pieces in ((stays, found.stays), (gone, found.gone)):
        for piece in pieces:
            rows[piece.enrolment_id].append(_of_piece(piece))
    for whose, exercise in found.fresh:
        fresh[whose].append(_of_exercise(exercise, (whose, exercise.pk) in not_asked))
    walking = Enrolment.objects.active().filter(cohort=cohort).select_related("client").order_by("client__name", "pk")
    for one in walking:
        theirs = (tuple(sorted(rows[one.pk], key=_place)) for rows in parts)
        yield OneClient(str(one.client), along[one.pk], *theirs)


def _place(piece: Piece) -> tuple[int, str]:
    return piece.week, piece.title


def _of_piece(piece: Submission) -> Piece:
    return Piece(piece.exercise.title, piece.exercise.week.number, piece.state)


def _of_exercise(exercise: Exercise, is_late: bool) -> Piece:
    return Piece(exercise.title, exercise.week.number, progress.EXCUSED if is_late else "")
