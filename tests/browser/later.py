"""A cohort in its sixth week, beside the demo: `python -m tests.browser.later ADDRESS…` enrols these people.

Run with the stack's own database. By the same operations as the pages.
"""

import os
import sys
from datetime import timedelta

import django

NAME = "Later"


def begin(addresses: list[str]) -> None:
    """Everybody is a client of one cohort that has come to its sixth week, with the demo's coach."""
    from clients import joining, opening
    from clients.models import Cohort, User
    from coaching import assigning
    from curriculum import clock, editions
    from tests.browser.walking import ADMIN, COACH, PASSWORD

    at, admin = clock.now(), User.objects.get(email=ADMIN)
    monday = at.date() - timedelta(days=at.weekday())
    cohort = Cohort.objects.filter(name=NAME).first()
    if cohort is None:
        edition, starts_on = editions.newest(), monday - timedelta(weeks=5)
        cohort = opening.open_cohort(
            name=NAME, edition=edition, starts_on=starts_on, zone="Europe/Berlin", by=admin, at=at
        )
        assigning.assign(cohort, coach=User.objects.get(email=COACH), by=admin, at=at)
    for address in addresses:
        person = User.objects.create_user(address, PASSWORD, name=address.split("@")[0].title(), zone="Europe/Berlin")
        joining.enrol(cohort, client=person, by=admin, at=at)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    begin(sys.argv[1:])
