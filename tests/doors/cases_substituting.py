"""Who reads while a coach is away, asked at both doors."""

from datetime import date, timedelta

from django.urls import reverse

from coaching import substituting
from coaching.models import Substitution
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, PAGE_STATUS, PAGE_WORDS, Ask, case, close
from tests.roads import WEEK_1

MONDAY, FRIDAY = date(2026, 3, 9), date(2026, 3, 13)
OFFERED = "the page offers the people it may be, and says so of anybody else"
for code in ("window.not_offered", "window.no_coach", "window.not_yours"):
    PAGE_STATUS["substituting.set_window", code] = (422, OFFERED)
    PAGE_WORDS["substituting.set_window", code] = OFFERED


def set_window(cast: Cast, *, who="tomas", away="tomas", substitute="ines", first=MONDAY, last=FRIDAY, at=LATER) -> Ask:
    people = {"away": getattr(cast, away).pk, "substitute": getattr(cast, substitute).pk}
    sent = people | {"first_day": first.isoformat(), "last_day": last.isoformat()}
    page = reverse("away", args=["spring"])
    return Ask(who, page, sent, "post", f"cohorts/{cast.spring.pk}/substitutions/", sent, at)


def window(cast: Cast) -> Substitution:
    days = {"first_day": MONDAY, "last_day": FRIDAY}
    return substituting.set_window(cast.spring, away=cast.tomas, substitute=cast.ines, **days, by=cast.tomas, at=WEEK_1)


def call_off(cast: Cast, *, who: str = "tomas", at=LATER) -> Ask:
    found = Substitution.objects.first() or window(cast)
    page = reverse("away-call-off", args=["spring", found.pk])
    return Ask(who, page, {}, "post", f"substitutions/{found.pk}/call-off/", at=at)


@case("substituting.set_window", "cohort.closed")
def _closed(cast):
    close(cast.spring)
    return set_window(cast)


@case("substituting.set_window", "window.not_yours", 403)
def _a_colleague_s(cast):
    roads.coach(cast.spring, cast.lena)
    return set_window(cast, who="lena")


@case("substituting.set_window", "window.no_coach")
def _no_coach(cast):
    return set_window(cast, who="ada", away="lena")


@case("substituting.set_window", "window.order")
def _backwards(cast):
    return set_window(cast, first=FRIDAY, last=MONDAY)


@case("substituting.set_window", "window.past")
def _past(cast):
    return set_window(cast, at=LATER + timedelta(days=30))


@case("substituting.set_window", "window.not_offered")
def _nobody(cast):
    return set_window(cast, substitute="lena")


@case("substituting.set_window", "window.there")
def _twice(cast):
    window(cast)
    return set_window(cast, first=FRIDAY, last=FRIDAY + timedelta(days=3))


@case("substituting.call_off", "window.not_yours", 403)
def _not_theirs(cast):
    roads.coach(cast.spring, cast.lena)
    return call_off(cast, who="lena")


@case("substituting.call_off", "window.over")
def _over(cast):
    substituting.call_off(window(cast), by=cast.ada, at=WEEK_1)
    return call_off(cast)


ALLOWED |= {"substituting.set_window": set_window, "substituting.call_off": call_off}
