"""Cohorts of other sizes, beside the demo: `python -m tests.browser.boards COACH…` opens them for these coaches.

Run with the stack's own database, by the same operations as the pages. `COACH:60` coaches a cohort of sixty in its
sixth week, whose people stand where people stand: in time, late, waiting for an answer, answered, and not begun.
"""

import os
import sys
from datetime import timedelta

import django

from tests.browser import beside

NAMES = (
    "Maximiliana Konstantinopoulou-Featherstonehaugh",
    "Bo",
    "Đặng Thị Ánh Nguyệt",
    "Oluwaseun Adebayo-Fitzgerald",
    "Yıldız Çelik",
    "Zofia Wójcik",
)
PIECES = ("w1-x1", "w5-x1")


def person_of(number: int, size: int) -> tuple[str, str]:
    """The name and the address of one of them."""
    name = NAMES[number % len(NAMES)]
    return f"{name} {number // len(NAMES) + 1}" if number >= len(NAMES) else name, f"of{size}.{number}@example.org"


def walk(enrolment, number: int, coach, at) -> None:
    """As far as their number says: nobody stands where the one before them does."""
    from clients import submitting
    from clients.models import Submission
    from coaching import reviewing
    from curriculum.models import Example

    for place, key in enumerate(PIECES[: number % (len(PIECES) + 1)]):
        piece = Submission.objects.get(enrolment=enrolment, exercise__key=key)
        example = Example.objects.get(exercise=piece.exercise_id, label="strong")
        answer, when = example.answer | {"redacted": True}, at - timedelta(days=9 - place)
        submitting.save_draft(piece, answer=answer, revision=None, by=enrolment.client, at=when)
        submitting.hand_in(piece, by=enrolment.client, at=when)
        if (number + place) % 3:
            reviewing.claim(piece, by=coach, at=when + timedelta(hours=1))
            criteria = piece.exercise.rubric.criteria.all()
            levels = {str(one.pk): 1 + (number + one.position) % 4 for one in criteria}
            said = {
                "keep": "One person checks every Monday.",
                "try_next": "Say who decides, and by when.",
                "levels": levels,
            }
            reviewing.send_feedback(piece, content=said | {"another": False}, by=coach, at=when + timedelta(hours=2))


def begin(address: str, size: int) -> None:
    """A cohort of so many, whose coach has calibrated elsewhere."""
    from clients.models import Enrolment, User
    from curriculum import clock

    people = [person_of(number, size) for number in range(size)]
    beside.begin(
        f"Cohort of {size}", [mail for _name, mail in people], weeks=5, then=None, coach=address, password=None
    )
    coach, at = User.objects.get(email=address), clock.now()
    for number, (name, mail) in enumerate(people):
        User.objects.filter(email=mail).update(name=name)
        walk(Enrolment.objects.select_related("client", "cohort").get(client__email=mail), number, coach, at)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for each in sys.argv[1:]:
        address, _colon, size = each.partition(":")
        begin(address, int(size))
