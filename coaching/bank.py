"""The comment bank as a coach may use it: the edition's starter lines, their own, and what colleagues share.

A use is counted when the words of a line stand in what was sent. What came of it is told from five next attempts on:
how many rose by a level or more on the line's criterion. That is what happened next, not what the line did.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from clients.models import User, Visibility
from curriculum.models import Comment, Criterion, Edition
from curriculum.prepared import Asked, Question

from .models import Assignment, BankLine, BankUse, Mark

AT_MOST = 200  # lines of coaches on one page
TOLD_FROM = 5  # next attempts
KEPT = ("author__name", "kind", "text", "about", "level", "visibility")  # of a line, as far as it is shown
SLOT = re.compile(r"\\\{[a-z]+\\\}")  # as `re.escape` leaves it


@dataclass(frozen=True)
class Outcome:
    """How often a line was used, and of the next attempts that were answered how many rose; None below five."""

    uses: int = 0
    followed: int = 0
    rose: int | None = None


@dataclass(frozen=True)
class Line:
    """One line of the bank. `pk` of a coach's line, `starter` of the edition's; `author` is empty for one's own."""

    kind: str
    text: str
    about: str = ""
    level: int | None = None
    pk: int | None = None
    starter: str = ""
    author: str = ""
    is_own: bool = False
    is_shared: bool = False
    title: str = ""
    outcome: Outcome = Outcome()


def visible_to(coach: User) -> QuerySet[BankLine]:
    """A person's own lines, and for whoever coaches those that colleagues share."""
    coaches = Exists(Assignment.objects.filter(coach=coach, ended_at=None))
    shared = Q(coaches, visibility=Visibility.TEAM)
    return BankLine.objects.filter(Q(author=coach) | shared, dropped_at=None).select_related("author")


def known_to(coach: User, edition: Edition | int) -> list[Line]:
    """Everything the coach may use: starter lines, own ones, shared ones."""
    starters = _starters(edition if isinstance(edition, int) else edition.pk)
    return [*starters, *(_of(one, coach) for one in _lines.all(coach=coach.pk))]


def asks_lines(coach: User) -> Asked:
    """What `known_to` asks, for a page that asks more at once."""
    return _lines.of(coach=coach.pk)


@Question
def _lines(*, coach: int) -> QuerySet:
    return visible_to(User(pk=coach)).only(*KEPT)[:AT_MOST]


def lines(coach: User, edition: Edition | int, *, first: str = "") -> list[Line]:
    """The same with what came of each; what is about the rubric `first` before the rest, there criterion by criterion
    and level by level, and one's own before others'."""
    found = known_to(coach, edition)
    number = edition if isinstance(edition, int) else edition.pk
    titles = _titles(number)
    told = _outcomes(number, coach)
    full = [_told(one, titles.get(one.about, ""), told) for one in found]
    here = [about for about in titles if first and about.startswith(f"{first}.")]
    places = {about: place for place, about in enumerate(here)}
    return sorted(full, key=lambda one: (one.kind, *_place(one, places), not one.is_own))


def _place(line: Line, places: Mapping[str, int]) -> tuple[int, int]:
    """The criterion and the level of a line about the rubric in hand; all others come after."""
    return (places[line.about], line.level or 0) if line.about in places else (len(places), 0)


def _of(row: BankLine, coach: User) -> Line:
    is_own = row.author_id == coach.pk
    return Line(
        kind=row.kind,
        text=row.text,
        about=row.about,
        level=row.level,
        pk=row.pk,
        author="" if is_own else row.author.name,
        is_own=is_own,
        is_shared=row.visibility == Visibility.TEAM,
    )


def _told(one: Line, title: str, told: dict[tuple[int | None, str], Outcome]) -> Line:
    return Line(**(vars(one) | {"title": title, "outcome": told.get((one.pk, one.starter), Outcome())}))


def criteria(edition: Edition | int) -> list[tuple[str, str]]:
    """("r-write.know", "Upward writing: Know") of everything an edition marks, to choose from."""
    rows = Criterion.objects.filter(edition=edition).order_by("rubric__title", "position")
    asked = rows.values_list("rubric__key", "key", "rubric__title", "title")
    return [(f"{rubric}.{key}", f"{of}: {title}") for rubric, key, of, title in asked]


@lru_cache(maxsize=64)
def _starters(edition: int) -> tuple[Line, ...]:
    """The lines an edition brings. As with titles, a process asks once."""
    rows = Comment.objects.filter(edition=edition).order_by("kind", "position")
    return tuple(Line(one.kind, one.text, one.about, one.level, starter=one.key) for one in rows)


@lru_cache(maxsize=64)
def _titles(edition: int) -> dict[str, str]:
    """What each criterion of an edition is called. A published edition never changes, so a process asks once."""
    rows = Criterion.objects.filter(edition=edition).order_by("rubric__key", "position")
    named = rows.values_list("rubric__key", "key", "title")
    return {f"{rubric}.{key}": title for rubric, key, title in named}


# --- What came of it --------------------------------------------------------------------------------


def _outcomes(edition: int, coach: User) -> dict[tuple[int | None, str], Outcome]:
    """(line, starter) → its outcome, in one query."""
    counted = _used.all(edition, coach=coach.pk)
    return {(row["line"], row["starter"]): _outcome(row) for row in counted}


def asks_about(coach: User, edition: int) -> tuple[Asked, ...]:
    """What `lines` asks, for a page that asks more at once."""
    return asks_lines(coach), _used.of(edition, coach=coach.pk)


@Question
def _used(edition: int, *, coach: int) -> QuerySet:
    """Of the lines a coach may use, and of the starter lines of an edition."""
    seen = visible_to(User(pk=coach)).order_by().values("pk")
    own = Q(line__in=seen) | Q(starter__in=[one.starter for one in _starters(edition)])
    rows = BankUse.objects.filter(own).annotate(then=_level(0), after=_level(1)).order_by()
    return rows.values("line", "starter").annotate(
        uses=Count("pk"), followed=Count("after"), rose=Count("pk", filter=Q(after__gte=F("then") + 1))
    )


def _outcome(row: Mapping[str, Any]) -> Outcome:
    return Outcome(row["uses"], row["followed"], row["rose"] if row["followed"] >= TOLD_FROM else None)


def _level(later: int) -> Subquery:
    """The level on the line's criterion in the feedback it was used in, or so many attempts later."""
    marks = Mark.objects.filter(
        criterion=OuterRef("criterion"),
        feedback__attempt__submission=OuterRef("feedback__attempt__submission"),
        feedback__attempt__number=OuterRef("feedback__attempt__number") + later,
    )
    return Subquery(marks.values("level")[:1])


def used_in(found: Iterable[Line], text: str) -> list[Line]:
    """The lines whose words stand in a text, whatever was put into their slots."""
    return [one for one in found if _pattern(one.text).search(text)]


@lru_cache(maxsize=2048)
def _pattern(line: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in line.split())
    return re.compile(SLOT.sub(r".{1,300}?", words), re.DOTALL)
