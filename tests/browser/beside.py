"""Cohorts beside the demo, opened on the stack's own database by the same operations as the pages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tests.browser.walking import ADMIN, COACH, PASSWORD


def begin(
    name: str,
    people: list[str],
    *,
    weeks: int,
    then: Callable[[Any, str, datetime], None] | None,
    coach: str = COACH,
    password: str | None = PASSWORD,
) -> None:
    """Everybody is a client of one cohort that began so many weeks ago, with the demo's coach or one of its own.

    Of an address with a state, `ADDRESS:STATE`, `then(enrolment, state, at)` makes what it says. Clients without a
    password never sign in, and are quickly made.
    """
    from clients import agreeing, joining, opening
    from clients.models import User
    from coaching import assigning, calibrating
    from curriculum import clock, editions

    at, admin = clock.now(), User.objects.get(email=ADMIN)
    starts_on = at.date() - timedelta(days=at.weekday(), weeks=weeks)
    cohort = opening.open_cohort(
        name=name, edition=editions.newest(), starts_on=starts_on, zone="Europe/Berlin", by=admin, at=at
    )
    own = {"name": coach.split("@")[0].title(), "zone": "Europe/Berlin"}
    leads = User.objects.filter(email=coach).first() or User.objects.create_user(coach, PASSWORD, **own)
    assigning.assign(cohort, coach=leads, by=admin, at=at)
    if coach != COACH:
        calibrating.let_off(leads, reason="Scored them on paper", by=admin, at=at)
    for address, _colon, state in (each.partition(":") for each in people):
        person = User.objects.create_user(address, password, name=address.split("@")[0].title(), zone="Europe/Berlin")
        enrolment = joining.enrol(cohort, client=person, by=admin, at=at)
        agreeing.accept(enrolment, sha256=cohort.agreement.sha256, by=person, at=at)
        if state and then:
            then(enrolment, state, at)
