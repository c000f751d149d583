"""The demo's blind pairs, lived through: a client allows it, the admin asks, the readers read."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from clients.models import Enrolment, User

from . import pairing, pairs, story
from .models import PairRating

LAST_TEXT = "w8-t8"
People = dict[str, User]
Enrolments = dict[str, Enrolment]


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
    one: story.Reading, people: People, enrolments: Enrolments, asks: Callable[[], User], *, at: datetime
) -> None:
    pairing.ask(enrolments[one.client], rater=people[one.who], by=asks(), at=at)


def _reads(one: story.Reading, people: People, enrolments: Enrolments, *, at: datetime) -> None:
    rows = PairRating.objects.select_related(*pairs.OF_A_RATING)
    rating = rows.get(pair__enrolment=enrolments[one.client], rater=people[one.who])
    first, second = (one.late, one.early) if rating.late_first else (one.early, one.late)
    pairing.rate(rating, levels={"first": first, "second": second}, by=people[one.who], at=at)
