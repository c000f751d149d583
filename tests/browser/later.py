"""A cohort in its sixth week, beside the demo: `python -m tests.browser.later ADDRESS…` enrols these people.

Run with the stack's own database, by the same operations as the pages. `ADDRESS:drafted` and `ADDRESS:handed_in` have
week 5's rewrite as its strong example has it.
"""

import os
import sys
from datetime import timedelta

import django

NAME, PIECE = "Later", "w5-x1"


def begin(people: list[str]) -> None:
    """Everybody is a client of one cohort that has come to its sixth week, with the demo's coach."""
    from clients import joining, opening
    from clients.models import User
    from coaching import assigning
    from curriculum import clock, editions
    from tests.browser.walking import ADMIN, COACH, PASSWORD

    at, admin = clock.now(), User.objects.get(email=ADMIN)
    starts_on = at.date() - timedelta(days=at.weekday(), weeks=5)
    cohort = opening.open_cohort(
        name=NAME, edition=editions.newest(), starts_on=starts_on, zone="Europe/Berlin", by=admin, at=at
    )
    assigning.assign(cohort, coach=User.objects.get(email=COACH), by=admin, at=at)
    for address, _colon, state in (each.partition(":") for each in people):
        person = User.objects.create_user(address, PASSWORD, name=address.split("@")[0].title(), zone="Europe/Berlin")
        joining.enrol(cohort, client=person, by=admin, at=at)
        if state:
            work(person, state, at)


def work(person, state: str, at) -> None:
    """Write the piece, and hand it in where that is asked."""
    from clients import submitting
    from clients.models import Submission
    from curriculum.models import Example

    piece = Submission.objects.get(enrolment__client=person, exercise__key=PIECE)
    answer = Example.objects.get(exercise=piece.exercise_id, label="strong").answer | {"redacted": True}
    submitting.save_draft(piece, answer=answer, revision=None, by=person, at=at)
    if state == "handed_in":
        submitting.hand_in(piece, by=person, at=at)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    begin(sys.argv[1:])
