"""The calendar: what opens and comes due when, in one's own time with the cohort's beside it where it differs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from coaching import calendars, feeds
from coaching.calendars import ATTEMPT, CALL, PAUSED, SESSION, Date
from curriculum import clock, moments

from .finding import enrolment_of, page, person_of, query_of


@dataclass(frozen=True)
class Line:
    """One date with the page it is about; none for what is not open yet."""

    date: Date
    address: str


@dataclass(frozen=True)
class Day:
    """One day by the client's own clock, and what lies on it."""

    day: date
    is_today: bool
    lines: tuple[Line, ...]


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    at, enrolment = clock.now(), enrolment_of(request)
    today = moments.to_wall(at, enrolment.client.zone).date()
    dates = calendars.of(enrolment, at=at)
    days = list(_days(request, dates, today, at))
    context = {
        "has_sessions": any(one.kind == SESSION for one in dates),
        "has_call": any(one.kind == CALL for one in dates),
        "earlier": [day for day in days if day.day < today],
        "months": [(month, list(found)) for month, found in groupby((d for d in days if d.day >= today), key=_month)],
        "zone": moments.zone_label(at, enrolment.client.zone),
        "cohort_zone": moments.zone_label(at, enrolment.cohort.zone).partition(" (")[0],
        "is_same_zone": enrolment.client.zone == enrolment.cohort.zone,
        "address": feeds.address_of(person_of(request)),
        "at": at,
    }
    return page(request, "calendar.html", enrolment, context)


def _days(request: HttpRequest, dates: Iterable[Date], today: date, at: datetime):
    for day, found in groupby(dates, key=lambda one: one.wall.date()):
        yield Day(day, day == today, tuple(Line(one, _address(request, one, at)) for one in found))


def _month(day: Day) -> date:
    return day.day.replace(day=1)


def _address(request: HttpRequest, one: Date, at: datetime) -> str:
    """The piece, the assessment or the week; a week to come says when it opens, so it can be looked at as well."""
    if one.kind == PAUSED:
        return ""
    if one.kind == CALL:
        return reverse("my-call") + query_of(request)
    name, argument = ("work", one.key) if one.kind == ATTEMPT else ("assessment", one.key) if one.key else ("", "")
    path = reverse(name, args=[argument]) if name else reverse("week", args=[one.week])
    return path + query_of(request)
