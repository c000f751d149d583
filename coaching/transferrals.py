"""What a change of cohort would do to one client, before it is made: what comes along, what is new, what has no
place, every date before and after, and which messages go.

As with any change, the real one is played and rolled back.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from clients import transferring, transfers
from clients.models import Cohort, Enrolment, Submission, Transfer, User
from curriculum.models import Exercise

from . import caseload, foreseeing, milestones
from .foreseeing import GOES, Now, Planned
from .foreseen import Letter, Moved, Piece, Single


@dataclass(frozen=True)
class Transferral:
    """What a client finds who goes on in another cohort. Nothing of it has happened."""

    name: str
    zone: str
    coaches: tuple[str, ...]
    along: tuple[Piece, ...]
    records: int
    fresh: tuple[Piece, ...]
    stays: tuple[Piece, ...]
    excused: tuple[Piece, ...]
    ratings: bool
    dues: tuple[Moved, ...]
    told: tuple[Single, ...]
    letters: tuple[Letter, ...]
    ends_hold: bool

    @property
    def goes(self) -> int:
        """How many messages still go, or come anew."""
        return sum(one.now is not None for one in self.told)

    @property
    def falls_away(self) -> int:
        return sum(one.now is None for one in self.told)


def foresee(enrolment: Enrolment, cohort: Cohort, *, by: User, at: datetime) -> Transferral:
    """Raises the refusal of the change."""
    made: list[Transfer] = []
    counts = sum(rows.count() for rows in (enrolment.meetings, enrolment.ledger, enrolment.one_on_ones))
    found = _sorted(enrolment, cohort)

    def compared(was: Now) -> Transferral:
        there = made[0].entered
        return _told(enrolment, there, was, _now(there, at), found, counts)

    return foreseeing.played(
        lambda: made.append(transferring.transfer(enrolment, cohort, by=by, at=at)),
        lambda: _now(enrolment, at),
        compared,
    )


def _now(enrolment: Enrolment, at: datetime) -> Now:
    return Now([enrolment.pk], enrolment.cohort, foreseeing.taught(enrolment.cohort), at=at, dates_at=at, reader=None)


def _sorted(enrolment: Enrolment, cohort: Cohort) -> transfers.Sorted:
    """By what is there now: nothing of theirs, or what they did before they had gone on from there."""
    before = Enrolment.objects.filter(client=enrolment.client_id, cohort=cohort).first()
    return transfers.between(enrolment, before or Enrolment(client=enrolment.client, cohort=cohort))


def _told(
    here: Enrolment, there: Enrolment, was: Now, now: Now, found: transfers.Sorted, records: int
) -> Transferral:  # fmt: skip
    zone = here.client.zone
    return Transferral(
        name=str(here.client),
        zone=zone,
        coaches=tuple(map(str, caseload.coaches_of(there.cohort))),
        along=tuple(_of_piece(one.piece) for one in found.along),
        records=records,
        fresh=tuple(map(_of_exercise, found.fresh)),
        stays=tuple(map(_of_piece, found.stays)),
        excused=tuple(map(_of_exercise, found.excused)),
        ratings=found.ratings,
        dues=_dues(was.dues[here.pk], now.dues[there.pk], zone),
        told=_messages(was.plans[here.pk].values(), now.plans[there.pk].values(), zone),
        letters=tuple(sorted({*now.letters(was.newest), *was.letters(was.newest)})),
        ends_hold=was.clients[here.pk].is_on_hold,
    )


def _of_piece(piece: Submission) -> Piece:
    return Piece(piece.exercise.title, piece.exercise.week.number, piece.state)


def _of_exercise(exercise: Exercise) -> Piece:
    return Piece(exercise.title, exercise.week.number)


def _dues(was: dict[int, datetime | None], now: dict[int, datetime | None], zone: str) -> tuple[Moved, ...]:
    """Every week of either edition, moved or not."""
    return tuple(Moved(week, was.get(week), now.get(week), zone) for week in sorted(was.keys() | now.keys()))


def _messages(was, now, zone: str) -> tuple[Single, ...]:
    """Of each kind and week, in order: the one that was planned and the one that is."""
    both: dict[tuple[str, int | None], tuple[list[datetime], list[datetime]]] = defaultdict(lambda: ([], []))
    for place, rows in enumerate((was, now)):
        for one in rows:
            if _goes(one):
                both[one.kind, one.week][place].append(one.due_at)
    found = []
    for (kind, week), (then, then_on) in both.items():
        for place in range(max(len(then), len(then_on))):
            pair = [rows[place] if place < len(rows) else None for rows in (then, then_on)]
            found.append(Single(milestones.KINDS[kind].meaning, week, pair[0], pair[1], zone))
    return tuple(sorted(found, key=lambda one: (one.now or one.was, one.title)))


def _goes(one: Planned) -> bool:
    return one.fate == GOES
