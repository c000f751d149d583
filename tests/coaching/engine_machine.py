"""A model of the engine's world: people do what they like, workers die anywhere, and the rules hold after every step.

The model keeps its own notes (the instant, pauses, shifts, holds, zones, more time, who has left) and asks the tables
with them. A broken rule is a `Broken`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.core.mail import get_connection
from django.db import connection, transaction
from django.db.models import Q
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from clients import delivering, mails
from clients.attempts import latest_attempt
from clients.models import Message, Submission, User
from coaching import firing, milestones, words
from coaching.models import Milestone
from curriculum import moments
from tests.cast import Cast
from tests.coaching.engine_deeds import DEEDS, Deeds
from tests.coaching.engine_notes import Notes
from tests.coaching.engine_world import MAILBOX, Broken, dying_at

STARTS = tuple(
    datetime(2026, 3, day, hour, tzinfo=UTC) for day, hour in ((1, 20), (5, 7), (7, 13), (9, 6), (12, 22))
)  # fmt: skip
HALF_A_DAY = timedelta(hours=12)
LONGEST_WAY = timedelta(days=10)  # no row lies further behind where it belongs
A_FEW = 2
WORK = ("look", "look", "fire", "deliver", "die_while_firing", "die_while_delivering", "die_at_the_door", "stall")
OFFSETS = (timedelta(microseconds=-1), timedelta(), timedelta(microseconds=1), timedelta(minutes=7))
FACTS = ("pk", "kind", "enrolment", "cohort", "person", "week", "occurrence", "due_at", "fired_at")
ABOUT_ONE = Q(about__has_key="milestone")
WAITING = """
SELECT min(instant) FROM (
    SELECT due_at AS instant FROM coaching_milestone WHERE state = 'pending'
    UNION ALL SELECT lease_until FROM coaching_milestone WHERE lease_until IS NOT NULL
    UNION ALL SELECT available_at FROM clients_message WHERE state = 'queued'
) AS waiting WHERE instant > %s
"""


@dataclass
class Mind:
    """What a machine knows: its notes, what has fired, and what the provider holds."""

    notes: Notes
    fired: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    told: dict[tuple[Any, ...], str] = field(default_factory=dict)
    handed: list[tuple[str, str, str, str]] = field(default_factory=list)
    sent: set[int] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    counted: int = 0
    deaths: int = 0


class Step(NamedTuple):
    """One thing somebody does, the moment after it, and what a worker does then."""

    deed: str = "nothing"
    who: int = 0
    which: int = 0
    work: str = "look"
    offset: timedelta = timedelta()
    write: int = 0


class Engine(Deeds):
    """What workers do, and the rules. Every machine begins with the same rows and leaves them as they were."""

    begins_with: Mind

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.mind = deepcopy(self.begins_with)
        self.notes = self.mind.notes
        self.wrong: list[str] = []
        MAILBOX.handed, MAILBOX.watch, MAILBOX.death = self.mind.handed, self.watch, None

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @rule(
        deed=st.sampled_from(DEEDS),
        who=st.integers(0, 2),
        which=st.integers(0, 4),
        work=st.sampled_from(WORK),
        offset=st.sampled_from(OFFSETS),
        write=st.integers(0, 9),
    )
    def time_goes_on(self, deed: str, who: int, which: int, work: str, offset: timedelta, write: int) -> None:
        """Somebody does something; the next moment comes, or the microsecond before it; and a worker is there."""
        getattr(self, deed)(self.clients[who], which)
        self.notes.at = max(self.at, self.next_moment() + offset)
        getattr(self, work)(write)

    # --- What workers do ----------------------------------------------------------------------------

    def look(self, write: int) -> None:
        """Until nothing is due; then nothing may be left behind."""
        self.look_until_quiet()
        self.nothing_is_left_behind()

    def fire(self, write: int) -> None:
        firing.fire_due(at=self.at, limit=A_FEW)

    def deliver(self, write: int) -> None:
        delivering.deliver(at=self.at)

    def die_while_firing(self, write: int) -> None:
        self.mind.deaths += 1
        with dying_at(write):
            firing.fire_due(at=self.at)

    def die_while_delivering(self, write: int) -> None:
        """What was handed over may come again, under the same id."""
        firing.fire_due(at=self.at)
        count = len(MAILBOX.handed)
        with dying_at(write):
            delivering.deliver(at=self.at)
        self.mind.unsure |= {handed[0] for handed in MAILBOX.handed[count:]}

    def die_at_the_door(self, write: int) -> None:
        """The provider's, before it has taken the message or after it."""
        MAILBOX.death = bool(write % 2)
        self.die_while_delivering(write=1_000_000)
        MAILBOX.death = None

    def stall(self, write: int) -> None:
        """With a batch in hand, until the lease has ended or not, while another works or not; and then go on."""
        firing.fire_due(at=self.at)
        claimed, token = delivering._claim(self.at, 50)
        self.notes.at += timedelta(seconds=write * 20)
        if write % 4:
            delivering.deliver(at=self.at)
        with get_connection() as post_office:
            for pk in claimed:
                delivering._hand_over(pk, token, self.at, post_office)

    # --- The rules ----------------------------------------------------------------------------------

    def watch(self, kind: str, to: str) -> None:
        """At the moment of handing over. The worker would take an error for the mail server's."""
        if to in self.notes.gone and kind != "feedback":
            self.wrong.append(f"{kind} to {to}, who has left")
        if self.notes.is_paused and to in (*self.in_spring(), self.cast.tomas.email):
            self.wrong.append(f"{kind} to {to} while the cohort is paused")
        if self.notes.stands_still(to):
            self.wrong.append(f"{kind} to {to}, who is on hold")
        reader = User.objects.get(email=to)
        if moments.is_quiet(self.at, reader.zone, reader.quiet_from, reader.quiet_until):
            self.wrong.append(f"{kind} to {to} at night")

    @invariant()
    def nothing_is_handed_over_that_should_not_be(self) -> None:
        if self.wrong:
            raise Broken("; ".join(self.wrong))

    @invariant()
    def nothing_is_handed_over_twice(self) -> None:
        mind = self.mind
        fresh, mind.counted = mind.handed[mind.counted :], len(mind.handed)
        before = {handed[0] for handed in mind.handed[: mind.counted - len(fresh)]}
        again = self.occurrences() if fresh else {}
        for message_id, kind, to, subject in fresh:
            if message_id in before and message_id not in mind.unsure:
                raise Broken(f"{kind} to {to} twice")
            before.add(message_id)
            to_client = kind not in (*words.STAFF, "feedback", "review.breach.client")
            said = (kind, to, subject, again.get(message_id, 1))
            if to_client and mind.told.setdefault(said, message_id) != message_id:
                raise Broken(f"{kind} to {to} twice, under two ids")

    @invariant()
    def what_has_fired_never_changes_and_was_not_early(self) -> None:
        fired = {row[0]: row[1:] for row in Milestone.objects.filter(state="fired").values_list(*FACTS)}
        for pk, facts in self.mind.fired.items():
            if fired.get(pk) != facts:
                raise Broken(f"milestone {facts} has fired and was changed")
        fresh = fired.keys() - self.mind.fired.keys()
        for row in Milestone.objects.filter(pk__in=fresh).select_related(*milestones.LOADED) if fresh else ():
            self.look_at_fresh(row)
        self.mind.fired = fired

    @invariant()
    def what_is_marked_as_sent_was_handed_over(self) -> None:
        known = {handed[0] for handed in self.mind.handed}
        for message in Message.objects.filter(state="sent").exclude(pk__in=self.mind.sent):
            if mails.message_id(message) not in known:
                raise Broken(f"{message} is marked as sent and nobody has it")
            self.mind.sent.add(message.pk)

    def look_at_fresh(self, row: Milestone) -> None:
        """A milestone that has fired since the last look."""
        if self.notes.is_paused and row.home == self.cast.spring:
            raise Broken(f"{row} fired while its cohort was paused")
        is_staffs = milestones.KINDS[row.kind].sort == milestones.STAFF
        if row.enrolment and self.notes.stands_still(row.enrolment.client.email) and not is_staffs:
            raise Broken(f"{row} fired while they stood still")
        if self.at < self.notes.due(row):
            raise Broken(f"{row} fired at {self.at} and was due at {self.notes.due(row)}")
        if not Message.objects.filter(key__startswith=f"milestone:{row.pk}:").exists():
            raise Broken(f"{row} fired and nobody is told")

    def nothing_is_left_behind(self) -> None:
        """After a full look no milestone and no message waits that could have gone."""
        pending = Milestone.objects.filter(state="pending").exclude(enrolment__client__email__in=self.notes.gone)
        if self.notes.is_paused:
            pending = pending.exclude(enrolment__cohort=self.cast.spring).exclude(cohort=self.cast.spring)
        pending = pending.exclude(lease_until__gt=self.at)  # in the hands of somebody who has died
        soon = pending.filter(due_at__lte=self.at + LONGEST_WAY)
        for row in soon.select_related(*milestones.LOADED):
            if self.notes.due(row) <= self.at:
                raise Broken(f"{row} was due at {self.notes.due(row)} and still waits at {self.at}")
        self.every_promise_is_watched()
        if self.mind.deaths < firing.TRIES_AT_MOST and Milestone.objects.filter(state="dead").exists():
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

    def next_moment(self) -> datetime:
        """The next instant, within twelve hours, at which a milestone or a message is due."""
        with connection.cursor() as cursor:
            cursor.execute(WAITING, [self.at])
            (instant,) = cursor.fetchone()
        return min(instant or self.at + HALF_A_DAY, self.at + HALF_A_DAY)

    def look_until_quiet(self) -> None:
        for _round in range(50):
            firing.tick(at=self.at)
            if not firing.due(at=self.at).exists() and not self.has_mail():
                return
        raise Broken("the engine never comes to rest")

    def has_mail(self) -> bool:
        queued = Message.objects.filter(state="queued", available_at__lte=self.at)
        return queued.exists() or Message.objects.filter(state="sending", lease_until__lt=self.at).exists()

    def in_spring(self) -> set[str]:
        return self.notes.people.keys() - {self.cast.omar.email}

    def occurrences(self) -> dict[str, int]:
        """Of the milestone each message tells of."""
        told = {mails.message_id(one): one.about["milestone"] for one in Message.objects.filter(ABOUT_ONE)}
        known = dict(Milestone.objects.filter(pk__in=set(told.values())).values_list("pk", "occurrence"))
        return {message_id: known[pk] for message_id, pk in told.items()}


# --- How machines come about ------------------------------------------------------------------------


@contextmanager
def begun(cast: Cast, start: datetime) -> Iterator[type[Engine]]:
    """Machines that begin at this instant: everything before it has happened in good order, once for all of them."""
    first = type("Beginning", (Engine,), {"cast": cast, "begins_with": Mind(Notes.of(cast))})()
    try:
        first.notes.at = start - HALF_A_DAY
        first.look_until_quiet()
        first.notes.at = start
        obey(first)
        yield type("Begun", (Engine,), {"cast": cast, "begins_with": first.mind})
    finally:
        first.teardown()


def live(machine: Engine, programme: Sequence[Step | str]) -> None:
    """A machine's life as it is written down: steps, and kinds of milestone up to which nothing happens."""
    for one in programme:
        for step in up_to(machine, one) if isinstance(one, str) else [one]:
            machine.time_goes_on(*step)
            obey(machine)


def up_to(machine: Engine, kind: str) -> Iterator[Step]:
    """Until the next moment is that of such a milestone."""
    for _step in range(60):
        if Milestone.objects.filter(kind=kind, state="pending", due_at=machine.next_moment()).exists():
            return
        yield Step()
    raise AssertionError(f"there is no {kind} ahead")


def obey(machine: Engine) -> None:
    machine.nothing_is_handed_over_that_should_not_be()
    machine.nothing_is_handed_over_twice()
    machine.what_has_fired_never_changes_and_was_not_early()
    machine.what_is_marked_as_sent_was_handed_over()
