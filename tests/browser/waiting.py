"""A cohort whose pieces wait for a coach of its own: `python -m tests.browser.waiting NAME COACH KIND…`.

One client a kind, all of them different work: four answers, a correction, a rewrite, a translation as a script or as a
recording, a second attempt that was asked for something, a piece without a rubric.
"""

import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import django

from tests.browser import beside

EARLIER = timedelta(hours=1)


def work(enrolment: Any, kind: str, at: datetime) -> None:
    """What the client of this kind has handed in."""
    KINDS[kind](enrolment.client, at - EARLIER)


def _strong(key: str, **more: Any) -> Callable[[Any, datetime], None]:
    """As the programme's strong example has it, and more that only its writer can say."""

    def hand_in(person: Any, at: datetime) -> None:
        from clients import submitting
        from clients.models import Submission
        from curriculum.models import Example

        piece = Submission.objects.get(enrolment__client=person, exercise__key=key)
        answer = Example.objects.get(exercise=piece.exercise_id, label="strong").answer | {"redacted": True} | more
        submitting.hand_in(piece, answer=answer, by=person, at=at)

    return hand_in


def _recording(person: Any, at: datetime) -> None:
    from tests import roads
    from tests.speaking import KENNEDY

    sound = roads.recorded(person, at=at, data=KENNEDY)
    roads.translated(person, at=at, audio={"id": sound.pk}, script="")


def _again(person: Any, at: datetime) -> None:
    """The coach asked for two things; what was handed in afterwards waits."""
    from clients import submitting
    from coaching import reviewing
    from coaching.models import Assignment
    from tests import roads

    coach = Assignment.objects.get(cohort__enrolments__client=person).coach
    day = at - timedelta(days=1)
    piece = roads.handed_in(person, at=day).submission
    said = roads.content(piece, another=True, asks=["Name who decides.", "Say by when."])
    reviewing.send_feedback(piece, content=said, by=coach, at=day + EARLIER)
    submitting.try_again(roads.piece(person), by=person, at=day + 2 * EARLIER)
    roads.handed_in(person, at=at, when="The first country is live on 14 October; Carla decides on Monday.")


KINDS: dict[str, Callable[[Any, datetime], None]] = {
    "answers": _strong("w1-x1"),
    "plan": _strong("w1-x2", criteria_found="no"),
    "script": _strong("w1-t1", self_check=["what"], receipt_from="nobody"),
    "correction": _strong("w4-x1", script="Marco, we both want the fifth of June to hold. The review comes first."),
    "rewrite": _strong("w5-x1"),
    "recording": _recording,
    "again": _again,
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    name, coach, *kinds = sys.argv[1:]
    people = [f"{kind}-{name.lower()}-{number}@example.org:{kind}" for number, kind in enumerate(kinds)]
    beside.begin(name, people, weeks=5, then=work, coach=coach)
