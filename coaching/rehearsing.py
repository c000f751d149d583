"""A rehearsal: what would go to whom and when if nobody did anything from now on.

It runs the real engine at every instant that matters, inside a transaction that is rolled back, so it
can say nothing the engine would not do and it sends nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest

from clients import delivering, messaging
from clients.models import Cohort, Message, User
from curriculum.models import MilestonePlan

from . import caseload, firing, milestones, plans, together, unchanged
from .models import Assignment, Milestone, Substitution


@dataclass(frozen=True, order=True)
class Planned:
    """One message that would leave."""

    at: datetime
    kind: str
    to: str
    cohort: str
    zone: str
    subject: str
    name: str = ""


@dataclass(frozen=True)
class Cast:
    """Whose messages a rehearsal is about: everybody's, one cohort's, or one person's."""

    cohort: Cohort | None = None
    person: User | None = None
    at: datetime | None = None  # for whoever stands in: since when a window counts; without it, every one does

    @cached_property
    def milestones(self) -> Q:
        found = Q()
        if self.cohort:
            found &= Q(cohort=self.cohort) | Q(enrolment__cohort=self.cohort)
        if self.person:
            walked = list(Cohort.objects.filter(enrolments__client=self.person).values_list("pk", flat=True))
            coached = self._answered_by(self.person)
            told = Q(enrolment__cohort__in=coached, kind__in=milestones.TOLD_TO_COACHES)
            own = Q(enrolment__client=self.person) & ~Q(kind__in=milestones.TOLD_TO_STAFF)
            theirs = own | Q(person=self.person) | told
            found &= theirs | Q(cohort__in=[*walked, *coached]) | _of_admins(self.person)
        return found

    def _answered_by(self, person: User) -> list[int]:
        """The cohorts they coach, or stand in for a coach of, now or later."""
        windows = Substitution.objects.not_over(self.at) if self.at else Substitution.objects.filter(called_off_at=None)
        rows = Assignment.objects.filter(coach=person, ended_at=None), windows.filter(substitute=person)
        return [pk for found in rows for pk in found.values_list("cohort", flat=True)]

    @property
    def messages(self) -> Q:
        found = Q(cohort=self.cohort) if self.cohort else Q()
        return found & Q(person=self.person) if self.person else found


def _of_admins(person: User) -> Q:
    """What every cohort tells its admins, where the person is one."""
    return Q(cohort__isnull=False) | Q(kind="review.breach") if caseload.is_admin(person) else Q(pk=None)


def moments_until(until: datetime, cast: Cast) -> list[datetime]:
    """The planned moments a rehearsal would come by, in order: what it costs. What repeats is there each time."""
    repeats = MilestonePlan.objects.exclude(repeat_hours=None).values_list("kind", "repeat_hours")
    steps = {kind: timedelta(hours=hours) for kind, hours in repeats} | {plans.DIGEST: timedelta(days=1)}
    rows = Milestone.objects.walking().filter(cast.milestones, state="pending", due_at__lte=until)
    found = rows.values_list("kind", "due_at")
    return sorted(one for kind, due in found for one in _repeated(due, until, steps.get(kind)))


def _repeated(due: datetime, until: datetime, step: timedelta | None) -> list[datetime]:
    return [due + n * step for n in range(1 + (until - due) // step)] if step else [due]


@dataclass
class _Undo(Exception):
    """Carries the result out of the transaction it undoes."""

    planned: list[Planned]


def rehearse(*, until: datetime, at: datetime, cast: Cast = Cast()) -> list[Planned]:
    """Every message from `at` to `until`, in order."""
    try:
        with transaction.atomic(), firing.among(cast.milestones), messaging.silence(), _known_once():
            raise _Undo(_play(until, at, cast))
    except _Undo as undone:
        return sorted(undone.planned)


@contextmanager
def _known_once() -> Iterator[None]:
    """Nobody but the engine does anything here, so people and what they did are read once."""
    with together.remembering(), unchanged.while_nobody_acts():
        yield


def _play(until: datetime, at: datetime, cast: Cast) -> list[Planned]:
    """Instant by instant: fire what is due, and settle what would leave. Nothing is asked twice."""
    planned: list[Planned] = []
    firing.skip_stale(at=at)
    while (instant := next_instant(at, cast)) is not None and instant <= until:
        at = instant
        fired, due = firing.fire_alone(at=at), _due(at, cast)
        planned += _leaving(due, at)
        if not fired and not due:  # what is due is in nobody's power
            at += timedelta(microseconds=1)
    return planned


def next_instant(at: datetime, cast: Cast = Cast()) -> datetime | None:
    """The next time at which a milestone or a message comes due."""
    milestone = (
        Milestone.objects.walking()
        .filter(cast.milestones, state="pending")
        .annotate(free_at=Greatest("due_at", Coalesce("lease_until", "due_at")))
        .order_by("free_at")
        .values_list("free_at", flat=True)
        .first()
    )
    queued = Message.objects.filter(cast.messages, state="queued")
    message = queued.order_by("available_at").values_list("available_at", flat=True).first()
    waiting = [instant for instant in (milestone, message) if instant is not None]
    return max(at, min(waiting)) if waiting else None


def _due(at: datetime, cast: Cast) -> list[Message]:
    rows = Message.objects.filter(cast.messages, state="queued", available_at__lte=at)
    return list(delivering.standing(rows).order_by("available_at", "pk"))


def _leaving(due: list[Message], at: datetime) -> list[Planned]:
    """The messages that would leave now; each is settled as the postman would, without him."""
    leaving = []
    messaging.read_ahead(due, at=at)
    for message in due:
        letter = delivering.rehearse(message, at=at)
        if letter is not None:
            leaving.append(_planned(message, letter.subject, at))
    return leaving


def _planned(message: Message, subject: str, at: datetime) -> Planned:
    person = message.person
    return Planned(
        at=at,
        kind=message.kind,
        to=person.email if person else message.address,
        cohort=message.cohort.name if message.cohort else "",
        zone=person.zone if person else "UTC",
        subject=subject,
        name=str(person or message.address),
    )
