"""The one letter after a time in which nobody looked: everything that came due for a person meanwhile, in one mail.

Of what it gathers each part is asked its own guard when the letter leaves. What is left alone goes in its own words.
"""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from clients import choices, letters, messaging
from clients.letters import Letter
from clients.messaging import Kind
from clients.models import Message

from . import together
from .models import Milestone

NAME = "catch-up"


def parts(message: Message, at: datetime) -> list[Message]:
    """What of it still holds: of several about the same thing the last one."""
    found = {(part.kind, *_thing(part)): part for part in _parts(message) if _still_holds(part, at)}
    return list(found.values())


def _parts(message: Message) -> Iterator[Message]:
    """Each milestone as the message it would have been."""
    gathered = message.about["milestones"]
    rows = Milestone.objects.filter(pk__in=[pk for pk, _kind in gathered])
    known = {row.pk: row for row in together.with_whom(rows)}
    for pk, kind in gathered:
        if row := known.get(pk):
            part = Message(kind=kind, person=message.person, cohort=row.home, about={"milestone": pk})
            vars(part)["_milestone"] = row
            yield part


def _thing(part: Message) -> tuple[int | None, ...]:
    row: Milestone = vars(part)["_milestone"]
    return row.enrolment_id, row.week, row.object_id


def _still_holds(part: Message, at: datetime) -> bool:
    stands_still = part.cohort is not None and (part.cohort.is_paused or part.cohort.mail_stopped_at is not None)
    kind = messaging.kinds()[part.kind]
    if stands_still or kind.guard(part, at):
        return False
    # That it is night counts for the whole letter, not for a part.
    chosen = choices.outcome(part, messaging.kinds(), at)
    return chosen is None or chosen["state"] != Message.State.CANCELLED


def guard(message: Message, at: datetime) -> str | None:
    return None if parts(message, at) else "nothing of it holds any more"


def letter(message: Message, at: datetime) -> Letter:
    """One part in its own words, several as a list of what each would have had on top."""
    found = parts(message, at)
    if len(found) == 1:
        return messaging.kinds()[found[0].kind].letter(found[0], at)
    lines = [messaging.kinds()[part.kind].letter(part, at).subject for part in found]
    context = {"person": message.person, "lines": lines, "count": len(lines)}
    return letters.from_template(NAME, context, link=reverse("home"), button=_("See where things stand"))


KIND = Kind(NAME, "all that came due while nobody looked", guard, letter, rings=False)
