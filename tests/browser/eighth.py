"""A cohort in its eighth week, beside the demo: `python -m tests.browser.eighth ADDRESS…` enrols these people.

Run with the stack's own database, by the same operations as the pages. `ADDRESS:kept` has a ledger with all four
factors and a line nobody else can read, a 1:1 that was held, one whose day has passed, one to come, and a case.
"""

import os
import sys
from datetime import timedelta

import django

NAME = "Eighth"
MOVES = {
    "connect_words": "You said retention is the goal. My work on returns serves it. Do you see it so?",
    "ask_level": "An engineering-manager role within a year.",
    "ask_words": "What would you need to see from me to put me forward?",
}
HEARD = "I would need to see you run something where the other side does not report to us, end to end."


def begin(people: list[str]) -> None:
    """Everybody is a client of one cohort that has come to its eighth week, with the demo's coach."""
    from clients import joining, opening
    from clients.models import User
    from coaching import assigning
    from curriculum import clock, editions
    from tests.browser.walking import ADMIN, COACH, PASSWORD

    at, admin = clock.now(), User.objects.get(email=ADMIN)
    starts_on = at.date() - timedelta(days=at.weekday(), weeks=7)
    cohort = opening.open_cohort(
        name=NAME, edition=editions.newest(), starts_on=starts_on, zone="Europe/Berlin", by=admin, at=at
    )
    assigning.assign(cohort, coach=User.objects.get(email=COACH), by=admin, at=at)
    for address, _colon, state in (each.partition(":") for each in people):
        person = User.objects.create_user(address, PASSWORD, name=address.split("@")[0].title(), zone="Europe/Berlin")
        enrolment = joining.enrol(cohort, client=person, by=admin, at=at)
        if state == "kept":
            keep(enrolment, person, at)


def keep(enrolment, person, at) -> None:
    """Lines, 1:1s and a case, as they would have come about."""
    from clients import evidencing, planning, submitting
    from clients.models import LedgerLine, Submission

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
    begin(sys.argv[1:])
