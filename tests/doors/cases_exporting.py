"""Asking for an export and fetching it, refused at both doors."""

from datetime import timedelta

from django.urls import reverse

from coaching import exporting
from coaching.models import Export
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, Ask, case

DAY = timedelta(days=1)
NAMED = {"names": "on", "reason": "An audit"}


def ask(cast: Cast, form: dict, **body) -> Ask:
    return Ask("ada", reverse("exports"), form, "post", "exports/", body)


def named(cast: Cast) -> Ask:
    return ask(cast, NAMED, names=True, reason="An audit")


def fetch(export: Export, at=LATER) -> Ask:
    page = reverse("export-file", args=[export.pk])
    return Ask("ada", page, {}, "get", f"exports/{export.pk}/file/", at=at)


def _asked(cast: Cast) -> Export:
    return exporting.ask(by=cast.ada, names=True, reason="An audit", at=LATER - DAY)


@case("exporting.ask", "export.open")
def _open(cast):
    _asked(cast)
    return named(cast)


@case("exporting.ask", "export.reason", 422)
def _no_reason(cast):
    return ask(cast, {"names": "on"}, names=True)


@case("exporting.ask", "export.reason_long", 422)
def _long_reason(cast):
    return ask(cast, {"names": "on", "reason": "x" * 301}, names=True, reason="x" * 301)


@case("exporting.ask", "export.few", 422)
def _few(cast):
    return ask(cast, {"cohort": "spring"}, cohort=cast.spring.pk)


@case("exporting.ask", "export.joins", 422)
def _joins(cast):
    for number in range(4):
        roads.client(cast.spring, roads.person(f"P{number}"))
    earlier = exporting.ask(by=cast.ada, at=LATER - DAY)
    exporting.make_one(at=LATER - DAY)
    return ask(cast, NAMED | {"joins": earlier.pk}, names=True, reason="An audit", joins=earlier.pk)


@case("exporting.fetch", "export.not_ready")
def _not_ready(cast):
    return fetch(_asked(cast))


@case("exporting.fetch", "export.failed")
def _failed(cast):
    export = _asked(cast)
    for tries in range(exporting.TRIES_AT_MOST):
        exporting.claim(at=LATER + tries * DAY)
    exporting.claim(at=LATER + 9 * DAY)
    return fetch(export, at=LATER + 9 * DAY)


@case("exporting.fetch", "export.gone")
def _gone(cast):
    export = _asked(cast)
    exporting.make_one(at=LATER)
    return fetch(export, at=LATER + 2 * DAY)


def _there(cast: Cast) -> Ask:
    export = _asked(cast)
    exporting.make_one(at=LATER)
    return fetch(export)


ALLOWED |= {"exporting.ask": named, "exporting.fetch": _there}
