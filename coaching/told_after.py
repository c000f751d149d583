"""What the story tells of the end: how the coach rated, who finished, and what graduates said months later."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .almanac import Almanac

EACH = timedelta(minutes=3)  # a rating, a client who is confirmed
NOW = ("now_s", "now_i", "now_m", "now_u")  # what a check-in asks of the four competencies


@dataclass(frozen=True)
class Rated:
    """The coach's points at one moment: competency → point and evidence."""

    moment: str
    at: datetime
    given: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Waived:
    """What finishing does not ask of somebody, and why."""

    who: str
    condition: str
    why: str
    at: datetime


@dataclass(frozen=True)
class Graduate:
    """Somebody who finished: what they agreed to, what they said after so many months, when they wanted no more."""

    email: str
    zone: str
    rated: tuple[Rated, ...]
    finished_at: datetime
    agreed: tuple[tuple[str, datetime], ...]
    said: tuple[tuple[int, datetime, dict[str, Any]], ...]
    stopped_at: datetime | None


@dataclass(frozen=True)
class Colleague:
    """Somebody a client asked what working with them is like, and what they said: moment, when, by statement."""

    who: str
    group: str
    name: str
    address: str
    asked_at: datetime
    said: tuple[tuple[str, datetime, dict[str, Any]], ...]


@dataclass(frozen=True)
class End:
    """The end of a cohort. `shared` are those who let their coach read what others said."""

    waived: tuple[Waived, ...]
    graduates: tuple[Graduate, ...]
    closed_at: datetime
    colleagues: tuple[Colleague, ...] = ()
    shared: tuple[tuple[str, datetime], ...] = ()


def end(almanac: Almanac, told: dict[str, Any], zone: str, coachs: str, zone_of: Callable[[str], str | None]) -> End:
    """Of those whom `zone_of` knows, the others did nothing here. Admins keep to the cohort's zone."""
    there = {email: home for email in told["people"] if (home := zone_of(email))}
    return End(
        waived=tuple(
            Waived(one["who"], one["condition"], one["why"], almanac.sure(one["at"], zone))
            for one in told["waived"]
            if one["who"] in there
        ),
        graduates=tuple(
            Graduate(
                email=email,
                zone=home,
                rated=tuple(_rated(almanac, told, told["people"][email], coachs, place)),
                finished_at=almanac.sure(told["people"][email].get("finished", told["finished"]), zone) + place * EACH,
                agreed=tuple(_agreed(almanac, told["people"][email], home)),
                said=tuple(_said(almanac, told["people"][email], home)),
                stopped_at=_maybe(almanac, told["people"][email].get("stopped"), home),
            )
            for place, (email, home) in enumerate(there.items())
        ),
        closed_at=almanac.sure(told["closed"], zone),
        colleagues=tuple(_colleagues(almanac, told["pulse"], there, zone)),
        shared=tuple(
            (email, almanac.sure(at, there[email])) for email, at in told["pulse"]["shared"].items() if email in there
        ),
    )


STATEMENTS = ("p1", "p2", "p3")
MOMENTS = {"start": "p-start", "end": "p-end"}
EACH_ANSWER = timedelta(minutes=7)


def _colleagues(almanac: Almanac, told: dict[str, Any], there: dict[str, str], zone: str) -> Iterator[Colleague]:
    """The first of each is the manager. They are asked and answer one after the other, by the cohort's clock."""
    for turn, (email, said) in enumerate((who, rows) for who, rows in told["people"].items() if who in there):
        for number, one in enumerate(said):
            later = turn * EACH + number * EACH_ANSWER
            yield Colleague(
                who=email,
                group="peer" if number else "manager",
                name=told["names"][number],
                address=f"{told['names'][number].split()[0].lower()}.{email.partition('.')[0].partition('@')[0]}@raters.example",
                asked_at=almanac.sure(told["asked"], zone) + later,
                said=tuple(
                    (MOMENTS[moment], almanac.sure(told[moment], zone) + later, _points(one, moment))
                    for moment in MOMENTS
                    if moment in one
                ),
            )


def _points(one: dict[str, Any], moment: str) -> dict[str, Any]:
    points = dict(zip(STATEMENTS, str(one[moment]).split(), strict=True))
    lines = {f"p-{key}": one[key] for key in ("keep", "try") if key in one and moment == "end"}
    return points | lines | {"named": one.get("named", False)}


def _rated(almanac: Almanac, told: dict[str, Any], one: dict[str, Any], zone: str, place: int) -> Iterator[Rated]:
    for moment, at in told["rated"].items():
        if moment in one:
            given = {key: {"point": point, "evidence": seen} for key, (point, seen) in one[moment].items()}
            yield Rated(moment, almanac.sure(at, zone) + place * EACH, given)


def _agreed(almanac: Almanac, one: dict[str, Any], zone: str) -> Iterator[tuple[str, datetime]]:
    for scope, name in (("check_ins", "agreed"), ("certificate", "certificate")):
        if name in one:
            yield scope, almanac.sure(one[name], zone)


def _said(almanac: Almanac, one: dict[str, Any], zone: str) -> Iterator[tuple[int, datetime, dict[str, Any]]]:
    for months, sent in one.get("answers", {}).items():
        points = dict(zip(NOW, sent["now"].split(), strict=True))
        rest = {key: part for key, part in sent.items() if key not in ("at", "now")}
        yield months, almanac.sure(sent["at"], zone), rest | points


def _maybe(almanac: Almanac, spec: str | None, zone: str) -> datetime | None:
    return almanac.sure(spec, zone) if spec else None
