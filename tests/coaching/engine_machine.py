"""A model of the engine's world: people do what they like, workers die anywhere, and the rules hold after every step.

The model keeps its own notes (the instant, pauses, zones, who has left) and asks the tables with them.
A broken rule is a `Broken`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from clients import choosing, delivering, joining, pausing, submitting
from clients.attempts import latest_attempt
from clients.models import Cohort, Enrolment, Message, Submission, User
from coaching import firing, milestones, reviewing, scheduling, words
from coaching.models import Milestone
from curriculum import editions, moments
from tests import roads
from tests.cast import Cast
from tests.reliability.answers import answer

STARTS = tuple(
    datetime(2026, 3, day, hour, tzinfo=UTC) for day, hour in ((1, 20), (5, 7), (7, 13), (9, 6), (12, 22))
)  # fmt: skip
ZONES = ("America/Los_Angeles", "America/Chicago", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland")
HALF_A_DAY = timedelta(hours=12)
FOLLOW_THE_DUE_TIME = {"due.reminder", "due.last", "overdue.1", "overdue.2"}
A_FEW = 2
DEEDS = (
    "nothing", "pause_or_resume", "hand_in", "take_back", "be_answered", "leave", "move", "be_joined_by_lena",
    "be_planned_again",
)  # fmt: skip
WORK = ("look", "look", "fire", "deliver", "die_while_firing", "die_while_delivering", "die_at_the_door", "stall")
PIECES = ("w1-x1", "w1-x2", "w1-t1")
HOURS_AFTER = {"review.warn": 48, "review.breach": 72, "review.breach.client": 80}
OFFSETS = (timedelta(microseconds=-1), timedelta(), timedelta(microseconds=1), timedelta(minutes=7))


class Broken(AssertionError):
    """A rule of the engine does not hold."""


class Killed(BaseException):
    """kill -9: nobody gets to say anything more."""


@dataclass
class Mailbox:
    """What the provider was handed: the id it was handed under, of which kind, to whom, and the words on top."""

    handed: list[tuple[str, str, str, str]] = field(default_factory=list)
    watch: Callable[[str, str], None] = lambda _kind, _to: None
    death: bool | None = None  # whoever comes dies: False before his message is taken, True after it


MAILBOX = Mailbox()


class Provider(BaseEmailBackend):
    """Takes everything, and lets the model look at the moment it is handed over."""

    def send_messages(self, email_messages: list[Any]) -> int:
        for mail in email_messages:
            if MAILBOX.death is False:
                raise Killed
            kind = mail.extra_headers["X-Across-Kind"]
            MAILBOX.watch(kind, mail.to[0])
            MAILBOX.handed.append((mail.extra_headers["Message-ID"], kind, mail.to[0], mail.subject))
            if MAILBOX.death:
                raise Killed
        return len(email_messages)


@dataclass
class Death:
    """A worker that dies at its n-th statement, once."""

    left: int
    happened: bool = False

    def __call__(self, execute: Callable[..., Any], *call: Any) -> Any:
        self.left -= 1
        if self.left < 0 and not self.happened:
            self.happened = True
            raise Killed
        return execute(*call)


@contextmanager
def dying_at(statement: int) -> Iterator[None]:
    """A worker dies in here. Its connection dies with it, and so does what that remembers of a transaction."""
    try:
        with connection.execute_wrapper(Death(statement)):
            yield
    except Killed:
        transaction.set_rollback(False)


class Engine(RuleBasedStateMachine):
    """Two cohorts of three clients. Every machine begins from the same rows and leaves them as they were."""

    cast: Cast
    before: Callable[[], None] = staticmethod(lambda: None)  # a planted fault in the tables

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.at = roads.BEFORE
        self.pauses: list[list[datetime | None]] = []
        self.gone: set[str] = set()
        self.zones = {who.email: [moments.ZoneFrom(None, who.zone)] for who in self.clients}
        self.fired: dict[int, tuple[Any, ...]] = {}
        self.told: dict[tuple[str, str, str], str] = {}
        self.unsure: set[str] = set()
        self.wrong: list[str] = []
        self.counted = 0
        MAILBOX.handed, MAILBOX.watch, MAILBOX.death = [], self.watch, None
        self.before()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @property
    def clients(self) -> tuple[User, ...]:
        return (self.cast.mina, self.cast.noor, self.cast.omar)

    @property
    def spring(self) -> Cohort:
        return Cohort.objects.get(pk=self.cast.spring.pk)

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1][1] is None

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start: datetime) -> None:
        """Everything before the start has happened in good order."""
        self.at = start - HALF_A_DAY
        self.look_until_quiet()
        self.at = start

    @rule(
        deed=st.sampled_from(DEEDS),
        who=st.integers(0, 2),
        which=st.integers(0, 4),
        work=st.sampled_from(WORK),
        offset=st.sampled_from(OFFSETS),
        statement=st.integers(0, 30),
    )
    def time_goes_on(self, deed: str, who: int, which: int, work: str, offset: timedelta, statement: int) -> None:
        """Somebody does something; the next moment comes, or the microsecond before it; and a worker is there."""
        getattr(self, deed)(self.clients[who], which)
        self.go_to_next_moment(offset)
        getattr(self, work)(statement)

    # --- What people do -----------------------------------------------------------------------------

    def nothing(self, who: User, which: int) -> None:
        """Most of the time."""

    def pause_or_resume(self, who: User, which: int) -> None:
        if self.is_paused:
            pausing.resume(self.spring, by=self.cast.ada, at=self.at)
            self.pauses[-1][1] = self.at
        else:
            pausing.pause(self.spring, by=self.cast.ada, at=self.at)
            self.pauses.append([self.at, None])

    def hand_in(self, who: User, which: int) -> None:
        piece = roads.piece(who, PIECES[which % 3])
        if submitting.hand_in_refusal(piece, by=who, at=self.at) is None:
            submitting.hand_in(piece, answer=answer(piece.exercise.key, "once"), by=who, at=self.at)

    def take_back(self, who: User, which: int) -> None:
        piece = roads.piece(who, PIECES[which % 3])
        if submitting.take_back_refusal(piece, by=who, at=self.at) is None:
            submitting.take_back(piece, by=who, at=self.at)

    def be_answered(self, who: User, which: int) -> None:
        piece = roads.piece(who, PIECES[which % 3])
        if reviewing.claim_refusal(piece, by=self.cast.tomas, at=self.at) is None:
            reviewing.claim(piece, by=self.cast.tomas, at=self.at)
            reviewing.send_feedback(piece, content=roads.content(piece), by=self.cast.tomas, at=self.at)

    def leave(self, who: User, which: int) -> None:
        if not self.gone:
            joining.withdraw(self.cast.enrolment(who), by=who, at=self.at)
            self.gone.add(who.email)

    def move(self, who: User, which: int) -> None:
        if User.objects.get(pk=who.pk).zone != ZONES[which]:
            choosing.choose(who, zone=ZONES[which], at=self.at)
            self.zones[who.email].append(moments.ZoneFrom(self.at, ZONES[which]))

    def be_joined_by_lena(self, who: User, which: int) -> None:
        lena = self.cast.lena
        if lena.email not in self.zones:
            joining.enrol(self.spring, client=lena, by=self.cast.ada, at=self.at)
            self.zones[lena.email] = [moments.ZoneFrom(None, lena.zone)]

    def be_planned_again(self, who: User, which: int) -> None:
        if who.email not in self.gone:
            scheduling.plan(self.cast.enrolment(who), at=self.at)

    # --- What workers do ----------------------------------------------------------------------------

    def look(self, statement: int) -> None:
        """Until nothing is due; then nothing may be left behind."""
        self.look_until_quiet()
        self.nothing_is_left_behind()

    def fire(self, statement: int) -> None:
        firing.fire_due(at=self.at, limit=A_FEW)

    def deliver(self, statement: int) -> None:
        delivering.deliver(at=self.at)

    def die_while_firing(self, statement: int) -> None:
        with dying_at(statement):
            firing.fire_due(at=self.at)

    def die_while_delivering(self, statement: int) -> None:
        """What was handed over may come again, under the same id."""
        firing.fire_due(at=self.at)
        count = len(MAILBOX.handed)
        with dying_at(statement):
            delivering.deliver(at=self.at)
        self.unsure |= {handed[0] for handed in MAILBOX.handed[count:]}

    def die_at_the_door(self, statement: int) -> None:
        """The provider's, before it has taken the message or after it."""
        MAILBOX.death = bool(statement % 2)
        self.die_while_delivering(statement=1_000_000)
        MAILBOX.death = None

    def stall(self, statement: int) -> None:
        """With a batch in hand, until the lease has ended or not, while another works or not; and then go on."""
        firing.fire_due(at=self.at)
        claimed, token = delivering._claim(self.at, 50)
        self.at += timedelta(seconds=statement * 6)
        if statement % 4:
            delivering.deliver(at=self.at)
        with get_connection() as post_office:
            for pk in claimed:
                delivering._hand_over(pk, token, self.at, post_office)

    # --- The rules ----------------------------------------------------------------------------------

    def watch(self, kind: str, to: str) -> None:
        """At the moment of handing over. The worker would take an error for the mail server's."""
        if to in self.gone and kind != "feedback":
            self.wrong.append(f"{kind} to {to}, who has left")
        in_spring = Enrolment.objects.filter(cohort=self.cast.spring, client__email=to).exists()
        if self.is_paused and (in_spring or to == self.cast.tomas.email):
            self.wrong.append(f"{kind} to {to} while the cohort is paused")
        reader = User.objects.get(email=to)
        if moments.is_quiet(self.at, reader.zone, reader.quiet_from, reader.quiet_until):
            self.wrong.append(f"{kind} to {to} at night")

    @invariant()
    def nothing_is_handed_over_that_should_not_be(self) -> None:
        if self.wrong:
            raise Broken("; ".join(self.wrong))

    @invariant()
    def nothing_is_handed_over_twice(self) -> None:
        fresh, self.counted = MAILBOX.handed[self.counted :], len(MAILBOX.handed)
        before = {handed[0] for handed in MAILBOX.handed[: self.counted - len(fresh)]}
        for message_id, kind, to, subject in fresh:
            if message_id in before and message_id not in self.unsure:
                raise Broken(f"{kind} to {to} twice")
            before.add(message_id)
            to_client = kind not in (*words.STAFF, "feedback", "review.breach.client")
            if to_client and self.told.setdefault((kind, to, subject), message_id) != message_id:
                raise Broken(f"{kind} to {to} twice, under two ids")

    @invariant()
    def what_has_fired_never_changes_and_was_not_early(self) -> None:
        rows = Milestone.objects.filter(state="fired").select_related(*milestones.LOADED)
        fired = {row.pk: (row, self.facts(row)) for row in rows}
        for pk, facts in self.fired.items():
            if pk not in fired or fired[pk][1] != facts:
                raise Broken(f"milestone {facts} has fired and was changed")
        for pk in fired.keys() - self.fired.keys():
            self.look_at_fresh(fired[pk][0])
        self.fired = {pk: facts for pk, (_row, facts) in fired.items()}

    @invariant()
    def what_is_marked_as_sent_was_handed_over(self) -> None:
        known = {handed[0] for handed in MAILBOX.handed}
        for message in Message.objects.filter(state="sent"):
            if delivering.message_id(message) not in known:
                raise Broken(f"{message} is marked as sent and nobody has it")

    def look_at_fresh(self, row: Milestone) -> None:
        """A milestone that has fired since the last look."""
        if self.is_paused and row.home == self.cast.spring:
            raise Broken(f"{row} fired while its cohort was paused")
        if self.at < self.due(row):
            raise Broken(f"{row} fired at {self.at} and was due at {self.due(row)}")
        if not Message.objects.filter(key__startswith=f"milestone:{row.pk}:").exists():
            raise Broken(f"{row} fired and nobody is told")

    def nothing_is_left_behind(self) -> None:
        """After a full look no milestone and no message waits that could have gone."""
        pending = Milestone.objects.filter(state="pending").exclude(enrolment__client__email__in=self.gone)
        if self.is_paused:
            pending = pending.exclude(enrolment__cohort=self.cast.spring).exclude(cohort=self.cast.spring)
        pending = pending.exclude(lease_until__gt=self.at)  # in the hands of somebody who has died
        for row in pending.select_related(*milestones.LOADED):
            if self.due(row) <= self.at:
                raise Broken(f"{row} was due at {self.due(row)} and still waits at {self.at}")
        self.every_promise_is_watched()
        if Milestone.objects.filter(state="dead").exists():
            raise Broken("a milestone was given up")
        if Message.objects.filter(state="queued", available_at__lte=self.at).exists():
            raise Broken("a message could have left")
        if Message.objects.filter(state="sending", lease_until__lt=self.at).exists():
            raise Broken("what a dead worker had in hand is not taken up")

    def every_promise_is_watched(self) -> None:
        """Somebody is told daily until what waits was read."""
        watched = set(
            Milestone.objects.filter(kind="review.breach", state="pending").values_list("object_id", flat=True)
        )
        waiting = Submission.objects.filter(state__in=["handed_in", "in_review"], enrolment__state="active")
        for piece in waiting:
            if latest_attempt(piece).pk not in watched:
                raise Broken(f"nobody watches over {piece}")

    # --- Small things -------------------------------------------------------------------------------

    def go_to_next_moment(self, offset: timedelta) -> None:
        """On to the next instant, within twelve hours, at which a milestone or a message is due."""
        instants = [*Milestone.objects.filter(state="pending").values_list("due_at", flat=True)]
        instants += Milestone.objects.filter(lease_until__isnull=False).values_list("lease_until", flat=True)
        instants += Message.objects.filter(state="queued").values_list("available_at", flat=True)
        soon = [one for one in instants if self.at < one <= self.at + HALF_A_DAY]
        self.at = max(self.at, min(soon, default=self.at + HALF_A_DAY) + offset)

    def look_until_quiet(self) -> None:
        for _round in range(50):
            if not firing.tick(at=self.at).anything:
                return
        raise Broken("the engine never comes to rest")

    def due(self, row: Milestone) -> datetime:
        """When it is due, from the model's own notes."""
        if row.kind == "coach.digest":
            return moments.to_utc(row.wall.replace(tzinfo=None), row.person.zone)
        if row.kind in FOLLOW_THE_DUE_TIME and str(row.reader) == "Lena":
            return row.due_at  # who joins late has more time; that is asked elsewhere
        plan = editions.plans_of(row.home.edition)[row.kind, row.rung]
        if row.kind in HOURS_AFTER:
            repeats = (row.occurrence - 1) * 24
            return milestones.attempt_of(row).handed_in_at + timedelta(hours=HOURS_AFTER[row.kind] + repeats)
        own, cohort = plan.zone == "client", row.home
        pauses = self.pauses if cohort.pk == self.cast.spring.pk else []
        calendar = moments.Calendar(cohort.starts_on, cohort.zone, tuple(moments.Pause(*pause) for pause in pauses))
        zone = tuple(self.zones[row.enrolment.client.email]) if own else cohort.zone
        return moments.moment(
            calendar, week=row.week, day=plan.day, time=plan.time, zone=zone, weeks_later=plan.weeks_later, at=self.at
        )

    @staticmethod
    def facts(row: Milestone) -> tuple[Any, ...]:
        return row.kind, str(row.reader), row.week, row.occurrence, row.due_at, row.fired_at
