"""After a database was restored from a copy: nothing leaves until a person has decided.

What the copy still had in its outbox, and what came due between the copy and now, may have reached people already:
the copy cannot know. Messages are held, milestones skipped, both under the reason of the restore, and released or
let go together by a person who knows what was lost. Dates, access and what people wrote need no decision.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import messaging, recording
from clients.models import Engine, Message, User

from . import reconciling
from .models import Milestone

State = Message.State


class CannotDecide(ValidationError):
    """There is nothing to decide."""


@dataclass(frozen=True)
class Kept:
    """How much was kept back."""

    messages: int
    milestones: int


def decision_refusal() -> CannotDecide | None:
    if not Engine.objects.filter(restored_to__isnull=False).exists():
        return CannotDecide(_("Nothing is kept back by a restore."), code="restore.none")
    return None


@transaction.atomic
def after_restore(*, at: datetime, copied_at: datetime | None = None, by: User | None = None) -> Kept:
    """The database is a copy made at `copied_at`, by default at the last look it remembers."""
    engine = _held()
    restored_to = copied_at or engine.looked_at or at
    # What is meant for later cannot have left already.
    posted = Message.objects.filter(posted_at__lte=restored_to, available_at__lte=at)
    unsent = posted.filter(state__in=[State.QUEUED, State.SENDING])
    messages = unsent.update(state=State.HELD, reason=messaging.RESTORED, lease_token=None, lease_until=None)
    due = Milestone.objects.filter(state=Milestone.State.PENDING, due_at__lte=at)
    milestones = due.update(state=Milestone.State.SKIPPED, reason=messaging.RESTORED, lease_until=None)
    engine.restored_to, engine.restored_at, engine.looked_at, engine.latest_at = restored_to, at, at, at
    engine.behind_since = engine.catching_up_since = engine.catching_up_from = None
    engine.save()
    note = f"to {restored_to:%Y-%m-%d %H:%M}: {messages} messages and {milestones} moments kept back"
    recording.record("restored", engine, by=by, at=at, note=note)
    reconciling.reconcile(at=at)
    return Kept(messages, milestones)


@transaction.atomic
def release(*, by: User, at: datetime) -> Kept:
    """They did not reach anybody: messages are asked again, moments are made up for in one mail a person."""
    engine = _held()
    if refusal := decision_refusal():
        raise refusal
    messages = Message.objects.filter(state=State.HELD, reason=messaging.RESTORED).update(
        state=State.QUEUED, reason="", available_at=at
    )
    milestones = Milestone.objects.filter(state=Milestone.State.SKIPPED, reason=messaging.RESTORED).update(
        state=Milestone.State.PENDING, reason=""
    )
    engine.catching_up_from, engine.catching_up_since = engine.restored_to, at
    return _decided(engine, Kept(messages, milestones), "released what a restore kept back", by, at)


@transaction.atomic
def let_go(*, by: User, at: datetime) -> Kept:
    """They did reach people, or are of no use any more."""
    engine = _held()
    if refusal := decision_refusal():
        raise refusal
    held = Message.objects.filter(state=State.HELD, reason=messaging.RESTORED)
    messages = held.update(state=State.CANCELLED)
    milestones = Milestone.objects.filter(state=Milestone.State.SKIPPED, reason=messaging.RESTORED).count()
    return _decided(engine, Kept(messages, milestones), "let go what a restore kept back", by, at)


def _held() -> Engine:
    Engine.objects.get_or_create(pk=1)
    return Engine.objects.select_for_update().get(pk=1)


def _decided(engine: Engine, kept: Kept, action: str, by: User, at: datetime) -> Kept:
    engine.restored_to = engine.restored_at = None
    engine.save()
    recording.record(action, engine, by=by, at=at, note=f"{kept.messages} messages, {kept.milestones} moments")
    return kept
