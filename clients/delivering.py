"""Delivering what was posted: claim with a lease, ask the guard on live rows, render, hand over, mark.

At send time, holding the cohort's row so that a pause waits for it, the guard says whether a message may
still go; then it is rendered and handed to the mail server under a key that stays the same however often
it is tried. Where the server honours such keys (`EMAIL_HONOURS_KEYS`) an answer that got lost costs one more
try within 23 hours. Plain SMTP has no keys: that a message is handed over is written down before it is, and
where the outcome is unknown its kind says whether it is sent again, flagged, or held for a person to look at.
"""

import json
import random
import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, cast

from django.conf import settings
from django.core.mail import get_connection
from django.db import OperationalError, connection, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from . import choices, engine, holds, letters, mails, messaging, mime, outcomes, postal
from .messaging import Kind
from .models import CohortPause, Engine, Enrolment, Message

LEASE = timedelta(seconds=60)
A_MOMENT = timedelta(seconds=5)
AT_ONCE, IN_TIME = 200, 20.0  # so many are in one worker's hand, and for so many seconds: a third of their lease
TOGETHER, FRESH = 200, 1.0  # so many messages are read ahead at once, and for so many seconds that counts
WRITE_DOWN = """UPDATE clients_message SET maybe_twice = maybe_twice OR handed_at IS NOT NULL, handed_at = %s
 WHERE id = %s AND state = 'sending' AND lease_token = %s AND NOT (handed_at IS NOT NULL AND kind = ANY(%s))
"""
# The same for the one that comes next, while another is marked: where somebody else has its row it waits its turn.
WRITE_DOWN_NEXT = WRITE_DOWN.replace(
    "id = %s", "id = (SELECT id FROM clients_message WHERE id = %s FOR UPDATE SKIP LOCKED)"
)
MARK_SENT = """UPDATE clients_message SET state = 'sent', sent_at = %s, reason = '', last_error = '',
  about = about || %s::jsonb, lease_token = NULL, lease_until = NULL
 WHERE id = %s
"""
MARK_SENT_AND_WRITE_DOWN_NEXT = f"WITH sent AS ({MARK_SENT}) {WRITE_DOWN_NEXT}"
LOCK_COHORT = "SELECT FROM clients_cohort WHERE id = %s FOR SHARE"
# The message, if it is still ours, with what may never be old when it leaves: whether its cohort or its client stands
# still, how many have left, and its address. As `standing` and `_counting_who_left` say it; written out, because
# putting a statement together takes longer than asking it.
COLUMNS = [field.attname for field in Message._meta.concrete_fields]
BESIDE = ("stopped_at", "left_out", "address_now", "is_paused", "is_held_back", "how_many_left")
LOCK = """SELECT row.*, home.mail_stopped_at AS stopped_at, home.left_out AS left_out, person.email AS address_now,
  EXISTS (SELECT FROM clients_cohortpause AS pause
           WHERE pause.cohort_id = row.cohort_id AND pause.ended_at IS NULL) AS is_paused,
  EXISTS (SELECT FROM clients_hold AS hold JOIN clients_enrolment AS walk ON walk.id = hold.enrolment_id
           WHERE hold.ended_at IS NULL AND walk.state = 'active'
             AND walk.cohort_id = row.cohort_id AND walk.client_id = row.person_id) AS is_held_back,
  (SELECT nullif(count(*), 0) FROM clients_enrolment AS walk
    WHERE walk.cohort_id = row.cohort_id AND walk.state IN ('withdrawn', 'transferred')) AS how_many_left
  FROM clients_message AS row
  LEFT JOIN clients_cohort AS home ON home.id = row.cohort_id
  LEFT JOIN clients_user AS person ON person.id = row.person_id
 WHERE row.id = %s AND row.state = 'sending' AND row.lease_token = %s
   FOR UPDATE OF row
"""
LOCK = LOCK.replace(
    "row.*", ", ".join(f"row.{column}" for column in COLUMNS)
)  # by name: one that is added changes no plan
OF_THE_ENGINE = Q(about__has_any_keys=["milestone", "milestones"])  # the rest is what people wait for

State = Message.State


def deliver(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Send what is due, oldest first. Returns how many left the house.

    Claims with SKIP LOCKED and a lease, so any number of workers may do this at once and what a
    killed one had in hand is taken up again after the lease. What a slow mail server leaves no time for
    is put back.
    """
    claimed, token = _claim(at, limit)
    if not claimed:
        return 0
    post_office = get_connection()
    try:
        post_office.open()
    except Exception as error:  # noqa: BLE001  nobody is at home; that is no fault of any message
        _give_back(claimed, token, error, at)
        return 0
    ahead, sent = _Ahead(claimed, at), 0
    try:
        for pk in claimed:
            if ahead.is_late and pk != ahead.written_down:
                _put_back(claimed[claimed.index(pk) :], token)
                break
            sent += _hand_over(pk, token, at, post_office, ahead)
        return sent
    finally:
        post_office.close()


def standing(messages: QuerySet[Message]) -> QuerySet[Message]:
    """These messages with whom they are for, and whether their cohort or their client stands still right now."""
    paused = CohortPause.objects.filter(cohort=OuterRef("cohort"), ended_at=None)
    return messages.select_related("person", "cohort").annotate(is_paused=Exists(paused), is_held_back=holds.waiting())


def _counting_who_left(messages: QuerySet[Message]) -> QuerySet[Message]:
    """These messages with how many have left their cohort, right now."""
    left = Enrolment.objects.filter(cohort=OuterRef("cohort"), state__in=Enrolment.LEFT).order_by()
    count = left.values("cohort").annotate(count=Count("pk")).values("count")
    return messages.annotate(how_many_left=Subquery(count))


# --- In hand --------------------------------------------------------------------------------------


@transaction.atomic
def _claim(at: datetime, limit: int) -> tuple[list[int], uuid.UUID]:
    token = uuid.uuid4()
    order: list[Any] = ["available_at", "pk"]
    due = Q(state=State.QUEUED, available_at__lte=at) | Q(state=State.SENDING, lease_until__lt=at)
    if engine.state().catching_up_since:
        limit = min(limit, _room(at))
        order.insert(0, Case(When(OF_THE_ENGINE, then=1), default=0))
    rows = Message.objects.select_for_update(skip_locked=True).filter(due).order_by(*order)[:limit]
    claimed = list(rows.values_list("pk", flat=True))
    Message.objects.filter(pk__in=claimed).update(
        state=State.SENDING,
        lease_until=at + LEASE,
        lease_token=token,
        attempts=F("attempts") + 1,
        first_try_at=Coalesce(F("first_try_at"), at),
    )
    return claimed, token


def _room(at: datetime) -> int:
    """How many may still leave in this minute while a time without a look is made up for."""
    list(Engine.objects.select_for_update())
    lately = Q(state=State.SENT, sent_at__gt=at - timedelta(minutes=1)) | Q(state=State.SENDING, lease_until__gte=at)
    return max(0, engine.MAILS_A_MINUTE - Message.objects.filter(lately).count())


def _give_back(claimed: list[int], token: uuid.UUID, error: Exception, at: datetime) -> None:
    """The mail server is away: this was no try."""
    later = at + timedelta(seconds=random.uniform(1, outcomes.FIRST_WAIT * 2))  # noqa: S311  jitter
    _put_back(claimed, token, available_at=later, last_error=postal.told(error))


def _put_back(claimed: list[int], token: uuid.UUID, **changes: Any) -> None:
    """Nobody tried these."""
    Message.objects.filter(pk__in=claimed, lease_token=token).update(
        state=State.QUEUED,
        attempts=F("attempts") - 1,
        first_try_at=Case(When(attempts=1, then=Value(None)), default=F("first_try_at")),
        lease_token=None,
        lease_until=None,
        **changes,
    )


class _Ahead:
    """What guards and letters of the next messages ask, read for them together; it counts for a second.

    Where a mail server is so slow that a second was over before they had left, it is read for fewer of them.
    """

    def __init__(self, claimed: list[int], at: datetime):
        self.claimed, self.at = claimed, at
        self.known: dict[int, Message] = {}
        self.until, self.count = 0.0, TOGETHER
        self.began = monotonic()
        self.written_down: int | None = None  # the message of which it is written down already that it is handed over

    @property
    def is_late(self) -> bool:
        return monotonic() > self.began + IN_TIME

    def after(self, pk: int) -> int | None:
        """The one that comes next, if there is time for it."""
        rest = self.claimed[self.claimed.index(pk) + 1 :]
        return rest[0] if rest and not self.is_late else None

    def take(self, pk: int) -> Message | None:
        is_old = pk in self.known and monotonic() > self.until
        if is_old:
            self.count = max(1, self.count // 2)
        if is_old or pk not in self.known:
            begins = self.claimed.index(pk)
            self._read(self.claimed[begins : begins + self.count])
        return self.known.get(pk)

    def forget(self) -> None:
        """Something did not go as usual: what it changed is asked anew."""
        self.known, self.written_down = {}, None

    def _read(self, pks: list[int]) -> None:
        rows = _counting_who_left(Message.objects.select_related("person", "cohort")).in_bulk(pks)
        self.known, self.until = rows, monotonic() + FRESH
        try:
            with transaction.atomic():
                messaging.read_ahead(list(rows.values()), at=self.at)
        except OperationalError:
            raise
        except Exception:  # noqa: BLE001  one that cannot be read keeps no other waiting: each asks for itself
            self.known = _counting_who_left(Message.objects.all()).in_bulk(pks)


# --- Handing over ---------------------------------------------------------------------------------


def _hand_over(pk: int, token: uuid.UUID, at: datetime, post_office, ahead: _Ahead | None = None) -> bool:
    """One message; where a repeat would be a second copy, that it is handed over is written down first."""
    ahead = ahead or _Ahead([pk], at)
    try:
        if not settings.EMAIL_HONOURS_KEYS and ahead.written_down != pk and not _written_down(pk, token, at):
            return False
        return _handed_over(pk, token, at, post_office, ahead)
    except _NotWritten as error:
        ahead.forget()
        _set_aside(pk, token, error.said, at)
        return False
    except OperationalError:
        raise  # the database is away: what is in hand is taken up after its lease
    except Exception as error:  # noqa: BLE001  a row that cannot even be asked keeps no other waiting
        ahead.forget()
        _set_aside(pk, token, error, at)
        return False


@transaction.atomic
def _set_aside(pk: int, token: uuid.UUID, error: Exception, at: datetime) -> None:
    if message := _ours(pk, token, _Ahead([pk], at)):
        _settle(message, **outcomes.failure(message, error, at, handed=False))


def _asking() -> Any:
    """A cursor for what is asked of every message: the database engine of the house keeps such statements prepared."""
    return cast(Any, connection).prepared_cursor()


def _written_down(pk: int, token: uuid.UUID, at: datetime) -> bool:
    """False where an earlier try may have arrived and its kind is not sent twice."""
    with _asking() as cursor:
        cursor.execute(WRITE_DOWN, [at, pk, token, messaging.not_sent_twice()])
        if cursor.rowcount:
            return True
    ours = Message.objects.filter(pk=pk, state=State.SENDING, lease_token=token, handed_at__isnull=False)
    ours.update(state=State.UNKNOWN, reason=outcomes.NOBODY_KNOWS, lease_token=None, lease_until=None)
    return False


@transaction.atomic
def _handed_over(pk: int, token: uuid.UUID, at: datetime, post_office, ahead: _Ahead) -> bool:
    """Inside one transaction that holds its cohort: either before a pause or not at all."""
    message = _ours(pk, token, ahead)
    if message is None:
        return False
    kind = messaging.kinds()[message.kind]
    if kind.one_at_a_time and not _alone(message, at):
        _settle(message, state=State.QUEUED, available_at=at + A_MOMENT, attempts=F("attempts") - 1, handed_at=None)
        return False
    if outcome := _not_now(message, kind, at):
        _settle(message, handed_at=None, **outcome)
        return False
    handed = False
    letter, mail = _written(message, kind, at)
    try:
        post_office.open()
        handed = True
        post_office.send_messages([mail])
    except Exception as error:  # noqa: BLE001  whatever a mail server does, the row says so
        with suppress(Exception):
            post_office.close()
        ahead.forget()
        _settle(message, **outcomes.failure(message, error, at, handed=handed))
        return False
    _mark_sent(message, letter, token, at, ahead)
    return True


class _NotWritten(Exception):
    """What the database said while a letter was put into words; the transaction is of no use any more."""

    def __init__(self, said: Exception):
        super().__init__(str(said))
        self.said = said


def _written(message: Message, kind: Kind, at: datetime) -> tuple[letters.Letter, mime.Mail]:
    """The letter, and the mail it becomes. Nothing was handed over if that cannot be."""
    try:
        letter = choices.dressed(kind.letter(message, at), message)
        return letter, mails.of(message, letter)
    except OperationalError as error:
        raise _NotWritten(error) from error


def _mark_sent(message: Message, letter: letters.Letter, token: uuid.UUID, at: datetime, ahead: _Ahead) -> None:
    """With it, where a repeat would be a second copy, that the next one is handed over."""
    following = None if settings.EMAIL_HONOURS_KEYS else ahead.after(message.pk)
    marking = [at, json.dumps(letter.notes), message.pk]
    with _asking() as cursor:
        if following is None:
            cursor.execute(MARK_SENT, marking)
            return
        writing = [at, following, token, messaging.not_sent_twice()]
        cursor.execute(MARK_SENT_AND_WRITE_DOWN_NEXT, marking + writing)
        ahead.written_down = following if cursor.rowcount else None


def rehearse(message: Message, *, at: datetime) -> letters.Letter | None:
    """Settle a due message as if the postman came, for a transaction that is rolled back."""
    kind = messaging.kinds()[message.kind]
    if outcome := _not_now(message, kind, at):
        _settle(message, **outcome)
        return None
    letter = kind.letter(message, at)
    _settle(message, state=State.SENT, sent_at=at, about=message.about | letter.notes)
    return letter


def _ours(pk: int, token: uuid.UUID, ahead: _Ahead) -> Message | None:
    """The message, locked after its cohort, if this worker's lease still stands; with what was read for it.

    Once that counts no more, the message asks for itself.
    """
    message = ahead.take(pk)
    with _asking() as cursor:
        cursor.execute(LOCK_COHORT, [message.cohort_id if message else None])
        cursor.execute(LOCK, [pk, token])
        row = cursor.fetchone()
    if message is None or row is None:
        return None
    held = _as_read(row)
    if not _still_counts(message, held):
        ahead.forget()
        return held
    vars(held).update({name: known for name, known in vars(message).items() if name not in vars(held)})
    held.person, held.cohort = message.person, message.cohort
    if held.cohort:
        held.cohort.mail_stopped_at = vars(held)["stopped_at"]
        held.cohort.left_out = vars(held)["left_out"]
    return held


def _as_read(row: tuple[Any, ...]) -> Message:
    """What `LOCK` gives, as a message with what was asked beside it."""
    message = Message.from_db(connection.alias, COLUMNS, row[: len(COLUMNS)])
    message.about = json.loads(row[COLUMNS.index("about")])
    vars(message).update(zip(BESIDE, row[len(COLUMNS) :], strict=True))
    return message


def _still_counts(ahead: Message, held: Message) -> bool:
    """Whether what was read for a message is of use: nobody has left its cohort since, and its address is the same."""
    address = ahead.person.email if ahead.person else None
    read, now = (vars(ahead)["how_many_left"], address), (vars(held)["how_many_left"], vars(held)["address_now"])
    return read == now


def _alone(message: Message, at: datetime) -> bool:
    """Whether nobody writes another message of this kind to this person just now; until the transaction ends.

    Nor is about to: of several that are due the earliest goes first, and may tell what the others would.
    Asked, not waited for: whoever has it may be waiting for a mail server.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)", [f"one {message.kind} at a time", message.person_id]
        )
        if not cursor.fetchone()[0]:
            return False
    alike = Message.objects.filter(kind=message.kind, person=message.person_id, cohort=message.cohort_id)
    due = alike.filter(state__in=[State.QUEUED, State.SENDING], available_at__lte=at)
    before = Q(posted_at__lt=message.posted_at) | Q(posted_at=message.posted_at, pk__lt=message.pk)
    return not due.filter(before).exists()


def _not_now(message: Message, kind: Kind, at: datetime) -> dict | None:
    """What becomes of a message that may not leave at this instant; None when it may."""
    if message.not_after and at > message.not_after:
        return {"state": State.CANCELLED, "reason": "too late to be of use"}
    if message.cohort and message.cohort.mail_stopped_at:
        return {"state": State.HELD, "reason": messaging.MAIL_STOPPED}
    if not kind.outlives_pause and vars(message)["is_paused"]:
        return {"state": State.HELD, "reason": messaging.PAUSED}
    if not kind.outlives_pause and holds.holds_back(message):
        return {"state": State.HELD, "reason": messaging.ON_HOLD}
    if reason := kind.guard(message, at):
        return {"state": State.CANCELLED, "reason": reason[:200]}
    return choices.outcome(message, messaging.kinds(), at)


def _settle(message: Message, **changes) -> None:
    changes |= {"lease_token": None, "lease_until": None}
    Message.objects.filter(pk=message.pk).update(**changes)
