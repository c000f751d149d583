"""What a coach has to calibrate on, and how far from the reference they are. The distance is for that coach only.

An exemplar is known by its key in its programme: whoever scored it in one edition has scored it in the next.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _

from clients.models import Cohort, Submission, User
from curriculum.models import Criterion, Exemplar

from . import caseload
from .models import Assignment, ExemplarMark, LetOff

SAME = 0.05  # of a level; nearer than that is neither stricter nor milder


@dataclass(frozen=True)
class Card:
    """One exemplar, with what the coach gave it; empty where they have not yet."""

    exemplar: Exemplar
    levels: dict[str, int]

    @property
    def is_scored(self) -> bool:
        return bool(self.levels)


@dataclass(frozen=True)
class Distance:
    """How far from the reference somebody was, in levels: on the average, and in which direction."""

    title: str
    n: int
    off: float
    lean: float

    @property
    def words(self) -> str:
        """The direction, in words."""
        if abs(self.lean) < SAME:
            return _("neither stricter nor milder") if self.off else _("as the reference")
        return _("milder") if self.lean > 0 else _("stricter")


@dataclass(frozen=True)
class Sheet:
    """The exemplars of one rubric, as far as a coach has come."""

    rubric: str
    title: str
    cards: tuple[Card, ...]

    @property
    def scored(self) -> tuple[Card, ...]:
        return tuple(card for card in self.cards if card.is_scored)

    @property
    def first_week(self) -> int:
        """In which week the programme first asks for something like it."""
        return min(card.exemplar.exercise.week.number for card in self.cards)

    @property
    def left(self) -> int:
        """How many are still to be scored."""
        return len(self.cards) - len(self.scored)

    @property
    def next(self) -> Card | None:
        return next((card for card in self.cards if not card.is_scored), None)

    @property
    def is_done(self) -> bool:
        return self.next is None


@dataclass(frozen=True)
class Standing:
    """What admins may know of a coach: by rubric, done or not yet; or that they are let off, and why."""

    coach: User
    done: tuple[str, ...]
    not_yet: tuple[str, ...]
    let_off: LetOff | None


# --- Whether something is to be scored first --------------------------------------------------------


def is_due(coach: User, *, rubric: OuterRef | int | None) -> Q:
    """Whether the coach has to score exemplars of a rubric before they review by it."""
    marks = ExemplarMark.objects.filter(
        coach=coach, exemplar__key=OuterRef("key"), exemplar__edition__programme=OuterRef("edition__programme")
    )
    unscored = Exemplar.objects.filter(~Exists(marks), rubric=rubric)
    return Q(Exists(unscored)) & ~Q(Exists(LetOff.objects.filter(coach=coach, ended_at=None)))


def looked_up(rows: QuerySet[Submission], coach: User) -> QuerySet[Submission]:
    """The same pieces, with what `holds_up` will be asked about them and this coach."""
    due = is_due(coach, rubric=OuterRef("exercise__rubric"))
    return rows.annotate(calibrates_first=due, calibrates=Value(coach.pk))


def holds_up(submission: Submission, coach: User) -> bool:
    """Whether the coach scores exemplars before they take this piece; known already where it was looked up."""
    known = vars(submission)
    if known.get("calibrates") == coach.pk:
        return bool(known["calibrates_first"])
    found = looked_up(Submission.objects.filter(pk=submission.pk), coach).get()
    return bool(vars(found)["calibrates_first"])


# --- A coach's own ----------------------------------------------------------------------------------


def visible_to(coach: User, *, at: datetime) -> QuerySet[Exemplar]:
    """The exemplars of the editions by which somebody reviews, the newest edition first."""
    cohorts = Cohort.objects.filter(pk__in=caseload.desks_of(coach, at=at), closed_at=None)
    found = Exemplar.objects.filter(edition__in=cohorts.values("edition"))
    return found.select_related("rubric", "exercise__week").order_by("rubric__key", "-edition__number", "position")


def sheets(coach: User, *, at: datetime, rubric: str = "") -> list[Sheet]:
    """All rubrics with exemplars, or the one; what a newer edition has too is asked once."""
    rows = visible_to(coach, at=at).filter(**({"rubric__key": rubric} if rubric else {}))
    given = _given(coach)
    return [_sheet(list(group), given) for _key, group in groupby(rows, key=lambda one: one.rubric.key)]


def first_of(found: list[Sheet], coach: User, *, at: datetime) -> Sheet | None:
    """Which rubric to score first: of what waits longest, else the one begun, else the earliest. One query."""
    open_ = [one for one in found if not one.is_done]
    waiting = caseload.waiting(coach, at=at).filter(exercise__rubric__key__in=[one.rubric for one in open_])
    wanted = waiting.order_by("handed_in_at", "pk").values_list("exercise__rubric__key", flat=True).first()
    ranked = sorted(open_, key=lambda one: (one.rubric != wanted, not one.scored, one.first_week))
    return ranked[0] if ranked else None


def is_let_off(coach: User) -> bool:
    """Whether an admin does not ask this coach to calibrate."""
    return LetOff.objects.filter(coach=coach, ended_at=None).exists()


def _sheet(rows: list[Exemplar], given: Mapping[str, dict[str, int]]) -> Sheet:
    unique: dict[str, Exemplar] = {}
    for one in rows:
        unique.setdefault(one.key, one)
    cards = tuple(Card(one, given.get(one.key, {})) for one in unique.values())
    return Sheet(rows[0].rubric.key, rows[0].rubric.title, cards)


def _given(coach: User) -> dict[str, dict[str, int]]:
    """Exemplar → criterion → level."""
    found: dict[str, dict[str, int]] = {}
    rows = ExemplarMark.objects.filter(coach=coach).order_by("pk")
    for key, criterion, level in rows.values_list("exemplar__key", "criterion", "level"):
        found.setdefault(key, {})[criterion] = level
    return found


def criteria(exemplar: Exemplar) -> list[Criterion]:
    """What is scored of an exemplar, with anchors: what its reference has a level for."""
    rows = Criterion.objects.filter(rubric=exemplar.rubric_id).prefetch_related("levels").order_by("position")
    return [one for one in rows if one.key in exemplar.reference]


def distances(sheet: Sheet) -> list[Distance]:
    """By criterion, over what was scored; first of all of it together. Empty while nothing is."""
    if not sheet.scored:
        return []
    titles = dict(Criterion.objects.filter(rubric=sheet.cards[0].exemplar.rubric_id).values_list("key", "title"))
    apart: dict[str, list[int]] = {key: [] for key in titles}
    for card in sheet.scored:
        for key, level in card.levels.items():
            if key in apart and key in card.exemplar.reference:
                apart[key].append(level - card.exemplar.reference[key])
    whole = distance(_("All criteria"), [one for found in apart.values() for one in found])
    return [whole, *(distance(titles[key], found) for key, found in apart.items() if found)]


def distance(title: str, apart: Iterable[int]) -> Distance:
    """Mean absolute difference, own minus reference, and the mean with its sign."""
    found = list(apart)
    n = len(found)
    return Distance(title, n, sum(map(abs, found)) / n if n else 0.0, sum(found) / n if n else 0.0)


# --- What admins know -------------------------------------------------------------------------------


def coaches_of(admin: User) -> QuerySet[User]:
    """Everybody who coaches a cohort that is not closed, for admins; nobody for anybody else."""
    if not caseload.is_admin(admin):
        return User.objects.none()
    here = Assignment.objects.filter(coach=OuterRef("pk"), ended_at=None, cohort__closed_at=None)
    return User.objects.filter(Exists(here)).order_by("name", "pk")


def standings(admin: User) -> list[Standing]:
    """Each coach with their rubrics, done or not yet: no level and no distance."""
    found = list(coaches_of(admin))
    asked = _asked_of(found)
    marked = set(
        ExemplarMark.objects.filter(coach__in=found).values_list("coach", "exemplar__key").distinct().order_by()
    )
    off = {row.coach_id: row for row in LetOff.objects.filter(coach__in=found, ended_at=None)}
    return [_standing(coach, asked.get(coach.pk, {}), marked, off.get(coach.pk)) for coach in found]


def _asked_of(coaches: list[User]) -> dict[int, dict[str, set[str]]]:
    """Coach → title of a rubric → the keys of its exemplars."""
    rows = Exemplar.objects.filter(
        Q(edition__cohorts__assignments__ended_at=None) & Q(edition__cohorts__assignments__coach__in=coaches),
        edition__cohorts__closed_at=None,
    )
    found: dict[int, dict[str, set[str]]] = {}
    named = rows.annotate(coach=F("edition__cohorts__assignments__coach")).order_by("rubric__key", "key")
    for coach, title, key in named.values_list("coach", "rubric__title", "key"):
        found.setdefault(coach, {}).setdefault(title, set()).add(key)
    return found


def _standing(coach: User, asked: dict[str, set[str]], marked: set[tuple[int, str]], off: LetOff | None) -> Standing:
    done = tuple(title for title, keys in asked.items() if all((coach.pk, key) in marked for key in keys))
    return Standing(coach, done, tuple(title for title in asked if title not in done), off)
