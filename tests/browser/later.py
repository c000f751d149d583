"""A cohort in its sixth week, beside the demo: `python -m tests.browser.later ADDRESS…` enrols these people.

Run with the stack's own database, by the same operations as the pages. `ADDRESS:drafted` and `ADDRESS:handed_in` have
week 5's rewrite as its strong example has it.
"""

import os
import sys

import django

from tests.browser import beside

NAME, PIECE = "Later", "w5-x1"


def work(enrolment, state: str, at) -> None:
    """Write the piece, and hand it in where that is asked."""
    from clients import submitting
    from clients.models import Submission
    from curriculum.models import Example

    person, piece = enrolment.client, Submission.objects.get(enrolment=enrolment, exercise__key=PIECE)
    answer = Example.objects.get(exercise=piece.exercise_id, label="strong").answer | {"redacted": True}
    submitting.save_draft(piece, answer=answer, revision=None, by=person, at=at)
    if state == "handed_in":
        submitting.hand_in(piece, by=person, at=at)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    beside.begin(NAME, sys.argv[1:], weeks=5, then=work)
