"""Who was at which live session: a roll for whoever leads it, what each client came to, and whom it was without."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value

from clients.models import Enrolment, Hold, User
from curriculum.prepared import Question

from .models import Attendance, Decline, LiveSession

Presence = Attendance.Presence
CAME = (Presence.HERE, Presence.LATE)


@dataclass(frozen=True)
class Line:
    """One client in the roll. `presence` is empty while nobody has marked them."""

    enrolment: int
    name: str
    presence: str
    declined: bool
    is_on_hold: bool


@dataclass(frozen=True)
class Roll:
    """Everybody who walks with the cohort of a session, by name."""

    lines: tuple[Line, ...]

    @property
    def marked(self) -> int:
        return sum(bool(line.presence) for line in self.lines)

    @property
    def came(self) -> int:
        return sum(line.presence in CAME for line in self.lines)

    @property
    def next(self) -> Line | None:
        """The first who is not marked: whom single keys are about."""
        return next((line for line in self.lines if not line.presence), None)


def markable(session: LiveSession, user: User) -> QuerySet[Enrolment]:
    """Whom somebody may mark: who walks with the cohort now and was in it by then, and not themselves."""
    ends = session.starts_at + timedelta(minutes=session.minutes)
    here = Enrolment.objects.active().filter(cohort=session.cohort_id).exclude(client=user)
    marked = Attendance.objects.filter(session=session, enrolment=OuterRef("pk"))
    return here.filter(Q(joined_at__lt=ends) | Exists(marked))


def roll(session: LiveSession, user: User) -> Roll:
    """The roll of a session for whoever leads it. One query."""
    marks = Attendance.objects.filter(session=session, enrolment=OuterRef("pk")).values("presence")[:1]
    told = Decline.objects.filter(session=session, enrolment=OuterRef("pk"))
    still = Hold.objects.filter(enrolment=OuterRef("pk"), ended_at=None)
    rows = markable(session, user).annotate(was=marks, told=Exists(told), still=Exists(still))
    found = rows.order_by("client__name", "pk").values_list("pk", "client__name", "was", "told", "still")
    return Roll(tuple(Line(pk, name, was or "", declined, held) for pk, name, was, declined, held in found))


# --- What they came to ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Came:
    """One session that took place, as one client was at it; `presence` is empty where nobody marked them."""

    session: int
    week: int
    title: str
    starts_at: datetime
    presence: str
    declined: bool

    @property
    def is_missed(self) -> bool:
        """Absent, or said that they cannot come and not marked as anything else. Who is excused missed nothing."""
        return self.presence == Presence.ABSENT or (self.declined and not self.presence)


class Attended(NamedTuple):
    """What a client came to, of what took place since they joined: `held` leaves out what they were excused from, and
    what nobody marked them at."""

    came: int = 0
    held: int = 0
    excused: int = 0
    unmarked: int = 0


def took_place(cohorts: Collection[int]) -> QuerySet[LiveSession]:
    """What was held: somebody said so, or somebody was marked. The earliest first."""
    marked = Attendance.objects.filter(session=OuterRef("pk"))
    here = LiveSession.objects.filter(cohort__in=cohorts).exclude(state=LiveSession.State.CANCELLED)
    return here.filter(Q(state=LiveSession.State.HELD) | Exists(marked)).order_by("starts_at", "pk")


class Past:
    """What took place in some cohorts, and who was marked or said before that they cannot come. Two queries.

    `whose` filters the marks by enrolment.
    """

    def __init__(self, cohorts: Collection[int], whose: dict[str, Any]):
        self._sessions: dict[int, list[tuple[int, int, str, datetime, int]]] = defaultdict(list)
        for cohort, *session in _past.all(cohorts=list(cohorts)):
            self._sessions[cohort].append(tuple(session))
        self._was: dict[tuple[int, int], str] = {}
        self._told: set[tuple[int, int]] = set()
        if self._sessions:
            self._read([session[0] for sessions in self._sessions.values() for session in sessions], whose)

    def of(self, enrolment: int, cohort: int) -> list[Came]:
        """What took place as one client was at it, the earliest first."""
        return [
            Came(
                number,
                week,
                title,
                starts_at,
                self._was.get((enrolment, number), ""),
                (enrolment, number) in self._told,
            )
            for number, week, title, starts_at, _minutes in self._sessions.get(cohort, ())
        ]

    def attended(self, enrolment: int, cohort: int, joined_at: datetime) -> Attended:
        """What it comes to. What was over before they joined does not count, unless somebody marked them."""
        counts = [0, 0, 0, 0]
        for number, _week, _title, starts_at, minutes in self._sessions.get(cohort, ()):
            key = enrolment, number
            presence = self._was.get(key, "")
            if presence or starts_at + timedelta(minutes=minutes) > joined_at:
                counts[_counts_as(presence, key in self._told)] += 1
        came, missed, excused, unmarked = counts
        return Attended(came, came + missed, excused, unmarked)

    def _read(self, sessions: list[int], whose: dict[str, Any]) -> None:
        marks = Attendance.objects.filter(session__in=sessions, **whose).order_by().values_list(*_MARK)
        told = Decline.objects.filter(session__in=sessions, **whose).order_by()
        declined = told.annotate(presence=Value("", output_field=CharField())).values_list(*_MARK)
        for enrolment, session, presence in marks.union(declined, all=True):
            if presence:
                self._was[enrolment, session] = presence
            else:
                self._told.add((enrolment, session))


@Question
def _past(*, cohorts: list[int]) -> QuerySet:
    return took_place(cohorts).values_list(*_SESSION)


_SESSION = ("cohort_id", "pk", "week", "title", "starts_at", "minutes")
_MARK = ("enrolment_id", "session_id", "presence")


def _counts_as(presence: str, declined: bool) -> int:
    """Came, missed, excused or not marked, as their places in a count. Whoever said that they cannot come has missed
    it, as long as nobody marked them otherwise."""
    if presence in CAME:
        return 0
    if presence == Presence.EXCUSED:
        return 2
    return 1 if presence or declined else 3


def of_client(enrolment: Enrolment) -> list[Came]:
    """What took place in a client’s cohort as they were at it, the earliest first. Two queries."""
    return Past([enrolment.cohort_id], {"enrolment": enrolment.pk}).of(enrolment.pk, enrolment.cohort_id)


def missed_last(came: list[Came]) -> tuple[Came, Came] | None:
    """The last two sessions they were not excused from, where both went by without them."""
    last = [one for one in came if one.presence != Presence.EXCUSED][-2:]
    if len(last) == 2 and all(one.is_missed for one in last):
        return last[0], last[1]
    return None
