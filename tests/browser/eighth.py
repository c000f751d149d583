"""A cohort in its eighth week, beside the demo: `python -m tests.browser.eighth ADDRESS…` enrols these people.

Run with the stack's own database, by the same operations as the pages. `ADDRESS:kept` has a ledger with all four
factors and a line nobody else can read, a 1:1 that was held, one whose day has passed, one to come, and a case.
"""

import os
import sys
from datetime import timedelta

import django

from tests.browser import beside

NAME = "Eighth"
MOVES = {
    "connect_words": "You said retention is the goal. My work on returns serves it. Do you see it so?",
    "ask_level": "An engineering-manager role within a year.",
    "ask_words": "What would you need to see from me to put me forward?",
}
HEARD = "I would need to see you run something where the other side does not report to us, end to end."


def keep(enrolment, _state, at) -> None:
    """Lines, 1:1s and a case, as they would have come about."""
    from clients import evidencing, planning, submitting
    from clients.models import LedgerLine, Submission

    person = enrolment.client

    for number, factor in enumerate((*LedgerLine.Factor.values, "influence")):
        line = {
            "date": (at.date() - timedelta(days=4 * number)).isoformat(), "factor": factor,
            "what": "Support sees by itself why a label was refused; nobody has to call us any more.",
            "for_whom": "The support team", "my_part": "I wrote the five messages",
            "who_saw": ["Head of support"] if number % 2 else [], "trace": "https://help.example.org/labels",
            "quote": "We stopped guessing.", "visibility": "private" if number == 4 else "pair",
        }  # fmt: skip
        evidencing.add_line(enrolment, line=line, client_key=f"line {number}", by=person, at=at)
    for days in (-6, -1, 3):
        day = (at.date() + timedelta(days=days)).isoformat()
        one = planning.plan(
            enrolment, content=MOVES, date=day, with_whom="manager", lines=[], client_key=day, by=person, at=at
        )
        if days == -6:
            actions = [{"action": "Lead the address check", "by": (at.date() + timedelta(days=30)).isoformat()}]
            planning.hold(one, heard=HEARD, actions=actions, status_sent_before="yes", by=person, at=at)
    piece = Submission.objects.get(enrolment=enrolment, exercise__key="w8-x1")
    proof = [{"id": LedgerLine.objects.filter(enrolment=enrolment, factor="stakeholder").first().pk}]
    case = {
        "level": "Engineering manager, Commerce, autumn round", "criteria_source": "both",
        "claim_stakeholder": "Finance and Support act on what I tell them.", "evidence_stakeholder": proof,
        "ask": "I would like to be put forward in the autumn round.",
    }  # fmt: skip
    submitting.save_draft(piece, answer=case, revision=None, by=person, at=at)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    beside.begin(NAME, sys.argv[1:], weeks=7, then=keep)
