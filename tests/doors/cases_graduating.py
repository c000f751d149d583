"""Finishing, and taking it back, asked at both doors."""

from datetime import datetime, timedelta

from django.urls import reverse

from clients import holding, pausing
from coaching import graduating
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, Ask, case, close, leave
from tests.graduating import NOON, all_gone, done, graduated

DAY = timedelta(days=1)


def graduate(cast: Cast, at: datetime = NOON) -> Ask:
    pk = cast.enrolment(cast.mina).pk
    return Ask("ada", reverse("client-graduate", args=[pk]), {}, "post", f"enrolments/{pk}/graduation/", at=at)


def take_back(cast: Cast, at: datetime = NOON + DAY) -> Ask:
    pk = cast.enrolment(cast.mina).pk
    page = reverse("client-graduation-back", args=[pk])
    return Ask("ada", page, {}, "delete", f"enrolments/{pk}/graduation/", at=at)


def graduate_all(cast: Cast, at: datetime = NOON) -> Ask:
    page = reverse("graduations", args=["spring"])
    return Ask("ada", page, {}, "post", f"cohorts/{cast.spring.pk}/graduation/", at=at)


def close_it(cast: Cast, at: datetime = NOON) -> Ask:
    page = reverse("cohort-close", args=["spring"])
    return Ask("ada", page, {}, "post", f"cohorts/{cast.spring.pk}/close/", at=at)


@case("closing.close", "cohort.closed")
def _closed_twice(cast):
    close(cast.spring)
    return close_it(cast)


@case("closing.close", "cohort.paused")
def _paused(cast):
    pausing.pause(cast.spring, by=cast.ada, at=NOON)
    return close_it(cast)


@case("closing.close", "cohort.walks")
def _walks(cast):
    return close_it(cast)


@case("graduating.graduate", "enrolment.ended")
def _left(cast):
    leave(cast)
    return graduate(cast)


@case("graduating.graduate", "cohort.closed")
def _closed(cast):
    close(cast.spring)
    return graduate(cast)


@case("graduating.graduate", "graduation.early")
def _early(cast):
    return graduate(cast, at=NOON - DAY)


@case("graduating.graduate", "graduation.on_hold")
def _on_hold(cast):
    holding.hold(cast.enrolment(cast.mina), by=cast.tomas, at=NOON)
    return graduate(cast)


@case("graduating.graduate", "graduation.open")
def _open(cast):
    return graduate(cast)


@case("graduating.graduate", "graduation.waits")
def _waits(cast):
    done(cast, cast.mina)
    roads.handed_in(cast.mina, at=NOON - DAY)
    return graduate(cast)


@case("graduating.graduate_all", "cohort.closed")
def _all_closed(cast):
    close(cast.spring)
    return graduate_all(cast)


@case("graduating.graduate_all", "graduation.early")
def _all_early(cast):
    return graduate_all(cast, at=NOON - DAY)


@case("graduating.graduate_all", "graduation.nobody")
def _nobody(cast):
    return graduate_all(cast)


@case("graduating.take_back", "graduation.not_there")
def _not_there(cast):
    return take_back(cast)


@case("graduating.take_back", "cohort.closed")
def _kept(cast):
    graduated(cast, cast.mina)
    close(cast.spring)
    return take_back(cast)


@case("graduating.take_back", "graduation.settled")
def _settled(cast):
    graduated(cast, cast.mina)
    return take_back(cast, at=NOON + 15 * DAY)


def _done(cast: Cast) -> Ask:
    done(cast, cast.mina)
    return graduate(cast)


def _all_done(cast: Cast) -> Ask:
    done(cast, cast.mina)
    return graduate_all(cast)


def _finished(cast: Cast) -> Ask:
    graduating.graduate(done(cast, cast.mina), by=cast.ada, at=NOON)
    return take_back(cast)


def _nobody_walks(cast: Cast) -> Ask:
    all_gone(cast)
    return close_it(cast)


ALLOWED |= {
    "closing.close": _nobody_walks,
    "graduating.graduate": _done,
    "graduating.graduate_all": _all_done,
    "graduating.take_back": _finished,
}
