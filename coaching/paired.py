"""The story's coaches by themselves, lived through: scoring the exemplars, and reading pairs blind."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from clients.models import Enrolment, User
from curriculum.models import Edition, Exemplar

from . import calibrating, pairing, pairs, story, told_of
from .models import PairRating

EACH = timedelta(minutes=2)  # an exemplar
LAST_TEXT = "w8-t8"
People = dict[str, User]
Enrolments = dict[str, Enrolment]


def scored(
    told: told_of.Calibrated, edition: Edition, *, by: Callable[[], User]
) -> Iterator[tuple[datetime, Callable[..., Any]]]:
    """The coach scores every exemplar, one after the other."""
    for number, one in enumerate(Exemplar.objects.filter(edition=edition).select_related("edition")):
        levels = one.reference | told.apart.get(one.key, {})
        yield told.at + number * EACH, partial(_scores, one, levels, by)


def _scores(one: Exemplar, levels: dict[str, int], by: Callable[[], User], *, at: datetime) -> None:
    calibrating.score(one, levels=levels, by=by(), at=at)


def steps(
    company: story.Company, people: People, enrolments: Enrolments, *, asks: Callable[[], User]
) -> Iterator[tuple[datetime, Callable[..., Any]]]:
    """When what is done, of those whose two texts are there. Who is who is looked up when it is done."""
    there = {person.email for person in company.people if LAST_TEXT in {turn.key for turn in person.turns}}
    readings = [one for one in company.readings if one.client in there]
    if company.pairs_allowed_at:
        for email in dict.fromkeys(one.client for one in readings):
            yield company.pairs_allowed_at, partial(_allows, email, people, enrolments)
    for one in readings:
        yield one.asked_at, partial(_asks, one, people, enrolments, asks)
        if one.read_at:
            yield one.read_at, partial(_reads, one, people, enrolments)


def _allows(email: str, people: People, enrolments: Enrolments, *, at: datetime) -> None:
    pairing.consent(enrolments[email], by=people[email], at=at)


def _asks(
    one: told_of.Reading, people: People, enrolments: Enrolments, asks: Callable[[], User], *, at: datetime
) -> None:
    pairing.ask(enrolments[one.client], rater=people[one.who], by=asks(), at=at)


def _reads(one: told_of.Reading, people: People, enrolments: Enrolments, *, at: datetime) -> None:
    rows = PairRating.objects.select_related(*pairs.OF_A_RATING)
    rating = rows.get(pair__enrolment=enrolments[one.client], rater=people[one.who])
    first, second = (one.late, one.early) if rating.late_first else (one.early, one.late)
    pairing.rate(rating, levels={"first": first, "second": second}, by=people[one.who], at=at)
