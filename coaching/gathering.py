"""Gathering what came due while nobody looked: one message a person, however much there is to say.

The message waits until everything is gathered; what comes due for somebody whose mail has left already is told by
its page alone.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from clients import messaging
from clients.models import Message, User

from . import gathered
from .models import Milestone

WAIT = timedelta(seconds=60)  # after the last thing gathered
TOLD = "told in one mail after the time without a look"

ADD = """UPDATE clients_message AS row SET about = fresh.about::jsonb, available_at = %s
  FROM unnest(%s::bigint[], %s::text[]) AS fresh (id, about)
 WHERE row.id = fresh.id
"""

State = Message.State
Part = tuple[User, Milestone, str]  # for whom, what, as which kind of message


def key_of(person: User, since: datetime) -> str:
    return f"{gathered.NAME}:{since:%Y%m%dT%H%M%S}:{person.pk}"


@transaction.atomic
def gather(parts: Sequence[Part], *, since: datetime, at: datetime) -> None:
    """Put these into their people's one message, which is posted with its first part."""
    first = {person.pk: (person, milestone) for person, milestone, _kind in reversed(parts)}
    posts = [
        messaging.Post(
            gathered.NAME, key=key_of(person, since), to=person, cohort=row.home, about={"milestones": []},
            available_at=at + WAIT,
        )
        for _pk, (person, row) in sorted(first.items())
    ]  # fmt: skip
    messaging.post_all(posts, at=at)
    messaging.note([_bell(*part) for part in parts if messaging.kinds()[part[2]].rings], at=at)
    _add(parts, {post.key for post in posts}, at)


def _bell(person: User, milestone: Milestone, kind: str) -> messaging.Post:
    """In the bell each has its own line, as if its mail had come alone."""
    key = f"milestone:{milestone.pk}:{kind}:{person.pk}"
    return messaging.Post(kind, key, to=person, cohort=milestone.home, about={"milestone": milestone.pk})


def _add(parts: Iterable[Part], keys: set[str], at: datetime) -> None:
    rows = Message.objects.select_for_update().filter(key__in=keys, state=State.QUEUED).order_by("pk")
    open_ones, grown = {row.person_id: row for row in rows}, {}
    for person, milestone, kind in parts:
        if (row := open_ones.get(person.pk)) and [milestone.pk, kind] not in row.about["milestones"]:
            row.about["milestones"].append([milestone.pk, kind])
            grown[row.pk] = json.dumps(row.about)
    if grown:
        with connection.cursor() as cursor:
            cursor.execute(ADD, [at + WAIT, list(grown), list(grown.values())])


@transaction.atomic
def gather_what_waits(*, since: datetime, at: datetime) -> int:
    """Reminders that were posted before the time without a look, and did not leave, go into the one mail as well."""
    waiting = Message.objects.select_for_update(skip_locked=True).filter(
        Q(about__has_key="milestone"), state=State.QUEUED, available_at__lte=since, person__isnull=False
    )
    rows = list(waiting.order_by("pk").prefetch_related("person"))
    planned = Milestone.objects.select_related("enrolment__cohort", "cohort").in_bulk(
        [row.about["milestone"] for row in rows]
    )
    parts = [(row.person, planned[pk], row.kind) for row in rows if (pk := row.about["milestone"]) in planned]
    if parts:
        gather(parts, since=since, at=at)
        Message.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.CANCELLED, reason=TOLD)
    return len(parts)
