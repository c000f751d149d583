"""Who was at which live session: a roll for whoever leads it, what each client came to, and whom it was without."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from clients.models import Enrolment, Hold, User

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


def took_place(cohort: int) -> QuerySet[LiveSession]:
    """What was held: somebody said so, or somebody was marked. The earliest first."""
    marked = Attendance.objects.filter(session=OuterRef("pk"))
    here = LiveSession.objects.filter(cohort=cohort).exclude(state=LiveSession.State.CANCELLED)
    return here.filter(Q(state=LiveSession.State.HELD) | Exists(marked)).order_by("starts_at", "pk")


def of_clients(cohort: int, enrolments: Iterable[int]) -> dict[int, list[Came]]:
    """What took place in a cohort as each of these was at it, the earliest first. Three queries."""
    sessions = list(took_place(cohort).values_list("pk", "week", "title", "starts_at"))
    people, numbers = list(enrolments), [pk for pk, *_rest in sessions]
    marks = Attendance.objects.filter(session__in=numbers, enrolment__in=people)
    was = {(who, which): presence for who, which, presence in marks.values_list(*_MARK)}
    told = set(Decline.objects.filter(session__in=numbers, enrolment__in=people).values_list(*_MARK[:2]))
    found: dict[int, list[Came]] = defaultdict(list)
    for who in people:
        for session in sessions:
            key = who, session[0]
            found[who].append(Came(*session, was.get(key, ""), key in told))
    return found


_MARK = ("enrolment_id", "session_id", "presence")


def missed_last(came: list[Came]) -> tuple[Came, Came] | None:
    """The last two sessions they were not excused from, where both went by without them."""
    last = [one for one in came if one.presence != Presence.EXCUSED][-2:]
    if len(last) == 2 and all(one.is_missed for one in last):
        return last[0], last[1]
    return None


def counted(cohort: int) -> dict[int, tuple[int, int]]:
    """Enrolment → (sessions come to, sessions marked and not excused). One query."""
    rows = Attendance.objects.filter(enrolment__cohort=cohort).exclude(presence=Presence.EXCUSED)
    came: Counter[int] = Counter()
    marked: Counter[int] = Counter()
    for enrolment, presence in rows.order_by().values_list("enrolment_id", "presence"):
        marked[enrolment] += 1
        came[enrolment] += presence in CAME
    return {enrolment: (came[enrolment], marked[enrolment]) for enrolment in marked}
