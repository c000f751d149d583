"""Exercises that are done by what their client keeps: meetings logged, lines of evidence, an assessment finished.

Meetings count in the week their day lies in; lines count from the first one on, because a ledger is brought to a
number; an assessment is done once it is finished. At most three queries for one enrolment, whatever it has kept.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from math import ceil
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curriculum import questionnaires
from curriculum.models import Exercise
from curriculum.prepared import Asked, Question

from . import deadlines
from .ledger_fields import FACTORS
from .models import Assessment, Enrolment, LedgerLine, Meeting

MEETINGS, LEDGER, ASSESSMENT = "meetings", "ledger", "assessment"
OPEN, DRAFT, DONE, LOCKED, EXCUSED = "open", "draft", "done", "locked", "excused"


@dataclass(frozen=True)
class Count:
    """One counted exercise at one instant: `have` of `need`, and what is missing besides the number.

    `latest` is the last meeting that counts, `unshown` are the factors a ledger has no line for.
    """

    exercise: Exercise
    opens_at: datetime
    due_at: datetime
    is_open: bool
    have: int
    need: int
    is_done: bool
    is_late: bool
    latest: Meeting | None = None
    unshown: tuple[str, ...] = ()
    is_excused: bool = False

    @property
    def of(self) -> str:
        return self.exercise.counts["of"]

    @property
    def state(self) -> str:
        if not self.is_open:
            return LOCKED
        if self.is_excused and not self.is_done:
            return EXCUSED
        return DONE if self.is_done else DRAFT if self.have else OPEN

    @property
    def is_with_client(self) -> bool:
        return self.is_open and not self.is_done and not self.is_excused

    @property
    def is_missing(self) -> bool:
        """Required, not done and not excused."""
        return self.exercise.required and not self.is_done and not self.is_excused

    @property
    def minutes_left(self) -> int:
        """What of the exercise's minutes is still to come, at least one while anything is."""
        if self.is_done:
            return 0
        return max(1, ceil(self.exercise.minutes * max(0, self.need - self.have) / self.need))

    @property
    def words(self) -> str:
        """The count, with what it is of."""
        return WORDS[self.of](self)


def _meetings_in_words(count: Count) -> str:
    if count.is_done:
        return ngettext("%(have)s meeting logged", "%(have)s meetings logged", count.have) % {"have": count.have}
    said = ngettext("%(have)s of %(need)s meeting logged", "%(have)s of %(need)s meetings logged", count.need)
    return said % {"have": count.have, "need": count.need}


def _lines_in_words(count: Count) -> str:
    if count.have < count.need:
        said = ngettext("%(have)s of %(need)s line", "%(have)s of %(need)s lines", count.need)
    else:
        said = ngettext("%(have)s line", "%(have)s lines", count.have)
    said %= {"have": count.have, "need": count.need}
    if not count.unshown:
        return said
    return _("%(said)s, none yet for %(factors)s") % {
        "said": said,
        "factors": ", ".join(str(FACTORS[factor]).lower() for factor in count.unshown),
    }


def _answers_in_words(count: Count) -> str:
    if count.is_done:
        return _("finished")
    said = _("%(have)s of %(need)s answered") % {"have": count.have, "need": count.need}
    return said if count.have < count.need else _("%(said)s, not finished yet") % {"said": said}


WORDS = {MEETINGS: _meetings_in_words, LEDGER: _lines_in_words, ASSESSMENT: _answers_in_words}


# --- One enrolment --------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def exercises_of(edition_id: int) -> tuple[Exercise, ...]:
    """The counted exercises of a published edition; frozen, so read once a process."""
    rows = Exercise.objects.filter(edition=edition_id, counted=True).select_related("week")
    return tuple(rows.order_by("week__number", "position"))


def assessment_of(edition_id: int, moment: str) -> Exercise | None:
    """What asks for the assessment of this moment, in a published edition."""
    asked = (one for one in exercises_of(edition_id) if one.counts["of"] == ASSESSMENT)
    return next((one for one in asked if one.counts["moment"] == moment), None)


def of(enrolment: Enrolment, *, at: datetime) -> list[Count]:
    """Every counted exercise of one enrolment, in the order of the programme."""
    asked = exercises_of(enrolment.cohort.edition_id)
    kept = _Kept(enrolment, asked, at)
    return [kept.count(exercise) for exercise in asked]


def visible(enrolment: Enrolment, *, at: datetime) -> list[Count]:
    """Those whose week is open."""
    return [count for count in of(enrolment, at=at) if count.is_open]


def missing(enrolment: Enrolment, week: int, *, at: datetime) -> list[Count]:
    """What of a week is required and not reached."""
    asked = tuple(one for one in exercises_of(enrolment.cohort.edition_id) if one.week.number == week and one.required)
    kept = _Kept(enrolment, asked, at)
    return [count for exercise in asked if (count := kept.count(exercise)).is_missing]


def need_of(exercise: Exercise) -> int:
    if exercise.counts["of"] == ASSESSMENT:
        return len(questionnaires.self_assessment(exercise.edition_id).items)
    return exercise.counts["min"]


def asks_kept(enrolment: Enrolment) -> tuple[Asked, ...]:
    """What `of` asks, for a page that asks more at once."""
    kinds = {exercise.counts["of"] for exercise in exercises_of(enrolment.cohort.edition_id)}
    each = ((MEETINGS, "meetings", _meetings), (LEDGER, "ledger", _factors), (ASSESSMENT, "assessments", _assessments))
    return tuple(
        asked.of(whose=enrolment.pk)
        for kind, name, asked in each
        if kind in kinds and not deadlines.is_read(enrolment, name)
    )


def _meetings_of(enrolment: Enrolment) -> list[Meeting]:
    if deadlines.is_read(enrolment, "meetings"):
        return list(enrolment.meetings.all())
    found: list[Meeting] = _meetings.all(whose=enrolment.pk)
    for meeting in found:
        meeting.enrolment = enrolment
    return found


def _factors_of(enrolment: Enrolment) -> list[str]:
    if deadlines.is_read(enrolment, "ledger"):
        return [line.factor for line in enrolment.ledger.all()]
    return _factors.all(whose=enrolment.pk)


def _assessments_of(enrolment: Enrolment) -> list[Assessment]:
    if deadlines.is_read(enrolment, "assessments"):
        return list(enrolment.assessments.all())
    return _assessments.all(whose=enrolment.pk)


@Question
def _meetings(*, whose: int) -> QuerySet:
    return Meeting.objects.filter(enrolment=whose)


@Question
def _factors(*, whose: int) -> QuerySet:
    return LedgerLine.objects.filter(enrolment=whose).values_list("factor", flat=True)


@Question
def _assessments(*, whose: int) -> QuerySet:
    return Assessment.objects.filter(enrolment=whose)


def read_ahead(enrolments: Collection[Enrolment], weeks: Collection[int]) -> None:
    """Read what these clients have kept, for who asks next what of these weeks is missing; kept as long as they are."""
    editions = {enrolment.cohort.edition_id for enrolment in enrolments}
    asked = (one for edition in editions for one in exercises_of(edition) if one.required and one.week.number in weeks)
    kinds = {one.counts["of"] for one in asked}
    names: list[str | Prefetch] = ["meetings"] if MEETINGS in kinds else []
    names += ["assessments"] if ASSESSMENT in kinds else []
    names += [A_LEDGER] if LEDGER in kinds else []
    if names:
        prefetch_related_objects(list(enrolments), *names)


A_LEDGER = Prefetch("ledger", LedgerLine.objects.only("enrolment", "factor", "date"))


def read_ledgers(enrolments: Collection[Enrolment]) -> None:
    """Which days and factors these clients’ ledgers have lines of, for who asks each of them next."""
    prefetch_related_objects(list(enrolments), A_LEDGER)


class _Kept:
    """What one client has kept, read once for all exercises that count it, and only where one does."""

    def __init__(self, enrolment: Enrolment, asked: Iterable[Exercise], at: datetime):
        kinds = {exercise.counts["of"] for exercise in asked}
        self.enrolment, self.at = enrolment, at
        self.starts = deadlines.mondays(enrolment, at=at) if MEETINGS in kinds else ()
        self.meetings = _meetings_of(enrolment) if MEETINGS in kinds else []
        self.factors = _factors_of(enrolment) if LEDGER in kinds else []
        walks = _assessments_of(enrolment) if ASSESSMENT in kinds else []
        self.assessments = {row.moment: row for row in walks}

    def count(self, exercise: Exercise) -> Count:
        week, enrolment, at = exercise.week.number, self.enrolment, self.at
        opens, due = deadlines.opens_at(enrolment, week, at=at), deadlines.exercise_due_at(enrolment, exercise, at=at)
        found = getattr(self, f"_{exercise.counts['of']}")(exercise)
        found["is_excused"] = deadlines.is_excused(enrolment, exercise)
        is_asked = enrolment.is_active and not found["is_done"] and not found["is_excused"]
        is_late = is_asked and deadlines.is_late(at, due)
        return Count(exercise, opens, due, opens <= at, need=need_of(exercise), is_late=is_late, **found)

    def _meetings(self, exercise: Exercise) -> dict[str, Any]:
        week = exercise.week.number
        here = [row for row in self.meetings if deadlines.week_of(row.date, self.starts) == week]
        latest = max(here, key=lambda row: (row.date, row.pk), default=None)
        return {"have": len(here), "is_done": len(here) >= need_of(exercise), "latest": latest}

    def _ledger(self, exercise: Exercise) -> dict[str, Any]:
        each = exercise.counts.get("each_factor")
        unshown = tuple(factor for factor in FACTORS if factor not in self.factors) if each else ()
        have = len(self.factors)
        return {"have": have, "is_done": have >= need_of(exercise) and not unshown, "unshown": unshown}

    def _assessment(self, exercise: Exercise) -> dict[str, Any]:
        row = self.assessments.get(exercise.counts["moment"])
        return {"have": len(row.answers) if row else 0, "is_done": bool(row and row.finished_at)}


# --- Many -----------------------------------------------------------------------------------------


def reached_by(whose: dict[str, Any], exercise: Exercise, days: tuple[date | None, date | None]) -> dict[int, bool]:
    """Enrolment → whether it has reached the exercise, for those who have begun. One query, whoever is asked about.

    `whose` filters by enrolment, with one list; `days` are the first day that counts and the first that no longer does.
    """
    ((by, keys),) = whose.items()
    if exercise.counts["of"] == ASSESSMENT:
        walks = _walks.all(by, whose=list(keys), moment=exercise.counts["moment"])
        return {enrolment: at is not None for enrolment, at in walks}
    limits = {name: day for name, day in zip(("gte", "lt"), days, strict=True) if day}
    rows = _kept_by.all(exercise.counts["of"] == MEETINGS, by, *limits, whose=list(keys), **limits)
    return {enrolment: n >= need_of(exercise) for enrolment, n in rows}


@Question
def _walks(by: str, *, whose: list[int], moment: str) -> QuerySet:
    return Assessment.objects.filter(moment=moment, **{by: whose}).order_by().values_list("enrolment_id", "finished_at")


@Question
def _kept_by(is_meetings: bool, by: str, *_limits: str, whose: list[int], **days: date) -> QuerySet:
    model: type[Meeting] | type[LedgerLine] = Meeting if is_meetings else LedgerLine
    rows = model.objects.filter(**{by: whose}, **{f"date__{name}": day for name, day in days.items()})
    return rows.order_by().values_list("enrolment_id").annotate(n=CountOf("pk"))
