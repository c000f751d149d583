"""The letter to whoever has something in another week now, since their cohort went over to another edition."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from clients import letters
from clients.letters import Letter
from clients.messaging import Kind
from clients.models import Crossing, Enrolment, Excusal, Message, Submission
from clients.notices import Told
from curriculum.models import Exercise

KIND = "edition.dates"


def moved_for(crossing: Crossing, *, client: int | None = None) -> list[Submission]:
    """What is in another week than before and was not handed in yet, of everybody who walks with the cohort, or of one
    of them."""
    was = crossing.entered_id if crossing.undone_at else crossing.left_id
    before = dict(Exercise.objects.filter(edition=was).values_list("key", "week__number"))
    whose = {"enrolment__client": client} if client else {}
    open_ones = Submission.objects.filter(enrolment__cohort=crossing.cohort_id, attempts_made=0, **whose)
    excused = Excusal.objects.filter(enrolment=OuterRef("enrolment"), exercise=OuterRef("exercise"), ended_at=None)
    asked = open_ones.filter(~Exists(excused), enrolment__state=Enrolment.State.ACTIVE, exercise__required=True)
    rows = asked.exclude(exercise__edition=was)
    found = rows.select_related("exercise__week", "enrolment__client").defer("draft", "meant").order_by("pk")
    return [one for one in found if before.get(one.exercise.key, one.exercise.week.number) != one.exercise.week.number]


def guard(message: Message, at: datetime) -> str | None:
    return None if _theirs(message) else "nothing of theirs is in another week"


def letter(message: Message, at: datetime) -> Letter:
    told = {"pieces": _theirs(message), "cohort": message.cohort}
    return letters.from_template(KIND, told, link=_page(message), button=_("Open your week"))


def headlines(messages: Sequence[Message], at: datetime) -> dict[str, Told]:
    """What the bell says of many at once."""
    said = _("Some exercises are in another week now")
    return {message.key: Told(said, _page(message)) for message in messages}


def _theirs(message: Message) -> list[Submission]:
    crossing = Crossing.objects.get(pk=message.about["crossing"])
    assert message.person_id, "it is for somebody"
    return moved_for(crossing, client=message.person_id)


def _page(message: Message) -> str:
    assert message.cohort is not None, "it is about a cohort"
    return f"{reverse('this-week')}?cohort={message.cohort.slug}"


KINDS = (Kind(KIND, "an exercise is in another week", guard, letter),)
