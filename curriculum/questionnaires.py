"""The self-assessment of an edition as plain data: statements with their anchors, readiness, what else is asked.

Published editions are frozen, so each is read once a process.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from .fields import Field, parse
from .models import Competency, Instrument

POINTS = (1, 2, 3, 4, 5)
DID_NOT_COME_UP = 0
SELF, COACH, MIDPOINT, ALUMNI, PULSE = "self", "coach", "midpoint", "alumni", "pulse"


@dataclass(frozen=True)
class Item:
    """A statement. `anchors` maps a point to what somebody watching would have seen; points between have none."""

    key: str
    competency: str
    text: str
    anchors: dict[int, str]


@dataclass(frozen=True)
class Section:
    """The statements of one competency, in the order of the programme."""

    key: str
    name: str
    definition: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Questionnaire:
    """`needed` of a competency's statements have to be rated for it to count; `remark` is the free line at the end."""

    title: str
    lead: str
    not_seen: str
    needed: int
    sections: tuple[Section, ...]
    readiness: tuple[Item, ...]
    readiness_options: tuple[tuple[str, str], ...]
    remark: Field
    looking_back: tuple[Item, ...]
    looking_back_lead: str
    midpoint: tuple[Field, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for section in self.sections for item in section.items)


@lru_cache(maxsize=8)
def self_assessment(edition: int) -> Questionnaire:
    """The questionnaire of a published edition. Raises Instrument.DoesNotExist where it has none."""
    found = {row.key: row.content for row in Instrument.objects.filter(edition=edition)}
    if SELF not in found:
        raise Instrument.DoesNotExist(f"edition {edition} has no self-assessment")
    data, names = found[SELF], Competency.objects.filter(edition=edition, scored=True).order_by("rank")
    items = [_item(one) for one in data["items"]]
    return Questionnaire(
        title=data["title"],
        lead=data["lead"],
        not_seen=data["scale"]["not_seen"],
        needed=data["scored_from"],
        sections=tuple(_section(row, items) for row in names),
        readiness=tuple(_item(one) for one in data["readiness"]["items"]),
        readiness_options=tuple((one["value"], one["label"]) for one in data["readiness"]["options"]),
        remark=parse(data["free_line"]),
        looking_back=tuple(_looking_back(data, found.get(COACH, {}))),
        looking_back_lead=data["looking_back"]["text"],
        midpoint=tuple(_question(one) for one in found.get(MIDPOINT, {}).get("questions", [])),
    )


@dataclass(frozen=True)
class RatingTime:
    """When a coach rates: from the opening of a week on, by what was seen until then."""

    key: str
    title: str
    week: int


@dataclass(frozen=True)
class CoachRating:
    """What a coach rates a client by: one item a competency, each of its five points anchored."""

    title: str
    lead: str
    items: tuple[Item, ...]
    times: tuple[RatingTime, ...]
    evidence: Field

    def time(self, key: str) -> RatingTime:
        """Raises KeyError for one there is not."""
        return {one.key: one for one in self.times}[key]

    def after(self, key: str) -> RatingTime | None:
        """The next one."""
        place = self.times.index(self.time(key)) + 1
        return self.times[place] if place < len(self.times) else None


@lru_cache(maxsize=8)
def coach_rating(edition: int) -> CoachRating:
    """The coach's rating of a published edition. Raises Instrument.DoesNotExist where it has none."""
    data = Instrument.objects.get(edition=edition, key=COACH).content
    return CoachRating(
        title=data["title"],
        lead=data["lead"],
        items=tuple(_item(one) for one in data["items"]),
        times=tuple(RatingTime(one["key"], one["title"], one["week"]) for one in data["times"]),
        evidence=parse(data["evidence"]),
    )


@dataclass(frozen=True)
class CheckIn:
    """What a graduate is asked months later: questions, and one rating a competency with the coach's anchors."""

    title: str
    minutes: int
    questions: tuple[Field, ...]
    items: tuple[Item, ...]
    closes_after_days: int
    events: frozenset[str]  # outcomes that count as a move into management

    @property
    def moves(self) -> tuple[str, ...]:
        """Outcomes something happened with, in a month."""
        return next(one.required_if["outcome"] for one in self.questions if one.key == "month")


@lru_cache(maxsize=8)
def check_in(edition: int) -> CheckIn:
    """The check-in of a published edition. Raises Instrument.DoesNotExist where it has none."""
    found = {row.key: row.content for row in Instrument.objects.filter(edition=edition, key__in=(ALUMNI, COACH))}
    if ALUMNI not in found:
        raise Instrument.DoesNotExist(f"edition {edition} has no check-in")
    data = found[ALUMNI]
    return CheckIn(
        title=data["title"],
        minutes=data["minutes"],
        questions=tuple(parse(one) for one in data["questions"]),
        items=tuple(_with_anchors(data["items"], found.get(COACH, {}))),
        closes_after_days=data["closes_after_days"],
        events=frozenset(data["curve"]["event"]),
    )


@dataclass(frozen=True)
class Pulse:
    """What others are asked about working with a client. Texts have the slot {first_name}.

    `short` has a name for each statement, `weeks` the week a moment begins in, `places` how many of a group may be
    asked, `who_sees` the sentence a group reads; `wordings` are (value, label, text), of which the client chooses one.
    """

    title: str
    minutes: int
    lead: str
    items: tuple[Item, ...]
    short: dict[str, str]
    ends: tuple[str, str]
    not_seen: str
    lines: tuple[Item, ...]
    weeks: dict[str, int]
    names: dict[str, str]
    places: dict[str, int]
    who_sees: dict[str, str]
    wordings: tuple[tuple[str, str, str], ...]
    shown_from: int
    days: int


@lru_cache(maxsize=8)
def pulse(edition: int) -> Pulse:
    """The pulse of a published edition. Raises Instrument.DoesNotExist where it has none."""
    data = Instrument.objects.get(edition=edition, key=PULSE).content
    labels = data["scale"]["labels"]
    return Pulse(
        title=data["title"],
        minutes=data["minutes"],
        lead=data["lead"],
        items=tuple(_item(one, ",".join(one["competencies"])) for one in data["items"]),
        short={one["key"]: one.get("short", one["key"]) for one in data["items"]},
        ends=(labels["1"], labels["5"]),
        not_seen=data["scale"]["not_seen"],
        lines=tuple(_item({**one, "text": one["label"]}) for one in data["free_lines"]),
        weeks={one["key"]: one["week"] for one in data["times"]},
        names={one["key"]: one["title"] for one in data["times"]},
        places={"manager": data["invites"]["manager"], "peer": data["invites"]["peers"]},
        who_sees=data["who_sees"],
        wordings=tuple((one["value"], one["label"], one["text"]) for one in data.get("wordings", [ONLY_ASKS])),
        shown_from=data["rules"]["peers_shown_from"],
        days=data["rules"]["token_days"],
    )


ONLY_ASKS = {"value": "plain", "label": "", "text": "{first_name} asks for your view of working together."}


def shuffled(section: Section, seed: str) -> list[Item]:
    """The statements in an order that is random and the same each time it is asked for by this seed."""
    items = list(section.items)
    random.Random(seed).shuffle(items)  # noqa: S311  an order, not a secret
    return items


def _section(row: Competency, items: list[Item]) -> Section:
    return Section(row.key, row.name, row.definition, tuple(item for item in items if item.competency == row.key))


def _item(data: dict[str, Any], competency: str = "") -> Item:
    anchors = {int(point): text for point, text in data.get("anchors", {}).items()}
    return Item(str(data["key"]), data.get("competency", competency), data.get("text", ""), anchors)


def _question(data: dict[str, Any]) -> Field:
    """A question beside the statements. One whose options come from the client's own record gets them there."""
    return replace(parse({**data, "options": [NO_OPTION]}), options=()) if "options_from" in data else parse(data)


NO_OPTION = {"value": "", "label": ""}


def _looking_back(data: dict[str, Any], coach: dict[str, Any]):
    """One rating a competency, with the anchors the coach rates by."""
    yield from _with_anchors(data["looking_back"]["items"], coach)


def _with_anchors(items: list[dict[str, Any]], coach: dict[str, Any]) -> Iterator[Item]:
    anchors = {one["competency"]: one for one in coach.get("items", [])}
    for one in items:
        known = anchors.get(one["competency"], {})
        yield _item({**one, "text": known.get("text", ""), "anchors": known.get("anchors", {})})
