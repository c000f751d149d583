"""Live sessions as they are read: when each is on two clocks, who cannot come, and which plan comes to which instant.

A session still to come stays ahead of now while its cohort stands still, so its start is asked for, not copied.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Cohort, Enrolment, Hold, User
from curriculum import moments
from curriculum.models import Week
from curriculum.prepared import Asked, Question

from . import calls, caseload, unchanged
from .instruments import Occasion
from .models import Call, Decline, LiveSession, SessionRule

State = LiveSession.State
FURTHEST = 366  # days: no plan is looked for further off


@dataclass(frozen=True)
class Session:
    """One live session for one reader: `wall` is what their clock shows, `cohort_wall` what the cohort's does.

    `declined` is the reader's own; `absent` names who cannot come, and `clashes` the booked calls of its coaches
    at that time, for those who hold it. `is_over` says that its time has passed, whether or not somebody marked it as
    held.
    """

    row: LiveSession
    starts_at: datetime
    ends_at: datetime
    wall: datetime
    ends_wall: datetime
    cohort_wall: datetime
    has_begun: bool
    is_over: bool
    declined: bool = False
    absent: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return name_of(self.row)

    @property
    def differs(self) -> bool:
        """Whether the cohort's clock shows another time."""
        return self.wall != self.cohort_wall

    @property
    def is_coming(self) -> bool:
        """Planned, and not begun: the one that can be declined."""
        return self.row.state == State.PLANNED and not self.has_begun

    @property
    def waits_for_a_mark(self) -> bool:
        """It has begun, and nobody has said whether it was held."""
        return self.row.state == State.PLANNED and self.has_begun


@dataclass(frozen=True)
class Clock:
    """What one client's clock shows at an instant, and where that is."""

    name: str
    wall: datetime
    label: str


def name_of(row: LiveSession) -> str:
    """What it is called: the kick-off by its title alone."""
    if row.is_kick_off:
        return row.title
    return _("Live session %(n)s: %(title)s") % {"n": row.week, "title": row.title}


# --- Which -----------------------------------------------------------------------------------------


def led_by(user: User) -> QuerySet[LiveSession]:
    """What somebody may move, hold and cancel: sessions of the cohorts they coach; an admin those of every cohort."""
    return LiveSession.objects.filter(cohort__in=caseload.boards_visible_to(user).values("pk")).select_related("cohort")


def offered_to(client: User) -> QuerySet[LiveSession]:
    """What somebody is asked to come to: sessions of the cohorts they walk with."""
    walking = Enrolment.objects.active().filter(client=client)
    return LiveSession.objects.filter(cohort__in=walking.values("cohort")).select_related("cohort")


def seen_by(user: User) -> QuerySet[LiveSession]:
    """What somebody may look at: sessions of the cohorts they may see."""
    return LiveSession.objects.filter(cohort__in=caseload.cohorts_visible_to(user).values("pk"))


def expected(cohort: Cohort) -> QuerySet[Enrolment]:
    """Who is told of its sessions: those who walk with it now. Whoever is on hold is left alone."""
    still = Hold.objects.filter(enrolment=OuterRef("pk"), ended_at=None)
    return Enrolment.objects.active().filter(cohort=cohort).exclude(Exists(still))


def rule_of(cohort: Cohort) -> SessionRule | None:
    return SessionRule.objects.filter(cohort=cohort).first()


# --- As somebody reads them ------------------------------------------------------------------------


def of_enrolment(enrolment: Enrolment, *, at: datetime) -> list[Session]:
    """The sessions of a client's cohort, the earliest first, and which of them they declined. One query.

    Whoever has left is told no way into the room.
    """
    rows: list[LiveSession] = asks_enrolment(enrolment).all()
    if not enrolment.is_active:
        for row in rows:
            row.link = ""
    return _read(rows, enrolment.cohort, enrolment.client.zone, at)


def asks_enrolment(enrolment: Enrolment) -> Asked:
    """What that query is, for a page that asks more at once."""
    return _of_cohort.of(cohort=enrolment.cohort_id, whose=enrolment.pk)


@Question
def _of_cohort(*, cohort: int, whose: int) -> QuerySet:
    own = Decline.objects.filter(session=OuterRef("pk"), enrolment=whose)
    return LiveSession.objects.filter(cohort=cohort).annotate(declined=Exists(own))


def of_week(enrolment: Enrolment, week: int, *, at: datetime) -> Session | None:
    """The one of a week, where there is one. No query where the cohort's were read ahead; then it says of nobody
    whether they declined."""
    known: dict[int, LiveSession] | None = vars(enrolment.cohort).get("sessions_read")
    if known is None:
        return next((session for session in of_enrolment(enrolment, at=at) if session.row.week == week), None)
    return read(known[week], zone=enrolment.client.zone, at=at) if week in known else None


def read_ahead(cohorts: Collection[Cohort]) -> None:
    """Read the sessions of these cohorts, for who asks about a week of each next; known while the rows are held."""
    found: dict[int, dict[int, LiveSession]] = {cohort.pk: {} for cohort in cohorts}
    by_pk = {cohort.pk: cohort for cohort in cohorts}
    for row in LiveSession.objects.filter(cohort__in=by_pk) if by_pk else ():
        row.cohort = by_pk[row.cohort_id]
        found[row.cohort_id][row.week] = row
    for number, rows in found.items():
        vars(by_pk[number])["sessions_read"] = rows


def of_cohort(cohort: Cohort, *, zone: str, at: datetime) -> list[Session]:
    """The sessions of a cohort, the earliest first, with who cannot come: for whoever leads them. Two queries."""
    here = Decline.objects.filter(enrolment__state=Enrolment.State.ACTIVE).select_related("enrolment__client")
    told = Prefetch("declines", here.order_by("enrolment__client__name"), to_attr="told")
    return _read(LiveSession.objects.filter(cohort=cohort).prefetch_related(told), cohort, zone, at)


def beside_calls(found: list[Session], reader: User) -> list[Session]:
    """The same, those to come with the booked calls they overlap: nothing forbids that, but somebody has to know.

    One query, where any is to come.
    """
    coming = [one for one in found if one.is_coming]
    if not coming:
        return found
    first, last = min(one.starts_at for one in coming), max(one.ends_at for one in coming)
    booked = calls.between(coming[0].row.cohort, first, last)
    return [replace(one, clashes=_clashes(one, booked, reader)) if one.is_coming else one for one in found]


def _clashes(session: Session, booked: list[Call], reader: User) -> tuple[str, ...]:
    over = (one for one in booked if one.slot.starts_at < session.ends_at and one.slot.ends_at > session.starts_at)
    return tuple(calls.in_words(one, reader) for one in over)


def clocks(cohort: Cohort, instant: datetime) -> list[Clock]:
    """What it is then for every client of a cohort, by name. One query."""
    people = User.objects.filter(enrolments__cohort=cohort, enrolments__state=Enrolment.State.ACTIVE)
    return [
        Clock(str(person), moments.to_wall(instant, person.zone), moments.zone_label(instant, person.zone))
        for person in people.order_by("name", "pk")
    ]


def _read(rows: Iterable[LiveSession], cohort: Cohort, zone: str, at: datetime) -> list[Session]:
    found = []
    for row in rows:
        row.cohort = cohort
        found.append(read(row, zone=zone, at=at))
    return sorted(found, key=lambda session: (session.starts_at, session.row.week))


def read(row: LiveSession, *, zone: str, at: datetime) -> Session:
    """One session for a reader in this zone."""
    starts = starts_at(row, at=at)
    ends = starts + timedelta(minutes=row.minutes)
    return Session(
        row=row,
        starts_at=starts,
        ends_at=ends,
        wall=moments.to_wall(starts, zone),
        ends_wall=moments.to_wall(ends, zone),
        cohort_wall=moments.to_wall(starts, row.cohort.zone),
        has_begun=starts <= at,
        is_over=ends <= at,
        declined=getattr(row, "declined", False),
        absent=tuple(str(decline.enrolment.client) for decline in getattr(row, "told", ())),
    )


@unchanged.looked_up_once
def occasion(number: int) -> Occasion | None:
    """A session as its reminders tell it, by its number; None once it does not take place."""
    row = LiveSession.objects.filter(pk=number, state=State.PLANNED).select_related("cohort__edition").first()
    if row is None:
        return None
    week = row.cohort.edition.weeks.filter(number=row.week).first()
    declined = Decline.objects.filter(session=row).values_list("enrolment__client", flat=True)
    return Occasion(
        title=name_of(row),
        starts_at=row.starts_at,
        minutes=row.minutes,
        bring=(week.session if week else {}).get("bring", ""),
        declined=frozenset(declined),
    )


def path_of(row: LiveSession) -> str:
    """Where a client finds it."""
    return f"{reverse('week', args=[row.week])}?cohort={row.cohort.slug}"


# --- From the plan to the instant ------------------------------------------------------------------


def starts_at(row: LiveSession, *, at: datetime) -> datetime:
    """When it begins. While its cohort stands still, what is to come moves on with every day."""
    if row.state != State.PLANNED or not row.cohort.is_paused:
        return row.starts_at
    return comes_to(row.cohort, row.week, row.day, row.time, at=at)


def comes_to(cohort: Cohort, week: int, day: int, time_: time, *, at: datetime) -> datetime:
    """The instant of a plan, by the cohort's clock."""
    return moments.moment(cohort.calendar(), week=week, day=day, time=time_, zone=cohort.zone, at=at)


def day_for(cohort: Cohort, week: int, wall: datetime, *, at: datetime) -> int | None:
    """The day of a week's plan that comes to this wall-clock time, pauses counted; None where no day does."""
    wanted = moments.to_utc(wall, cohort.zone)
    plain = (wall.date() - moments.monday_of(cohort.calendar(), week)).days
    nearest = sorted(range(plain - FURTHEST, plain + FURTHEST), key=lambda day: (abs(day - plain), day))
    return next((day for day in nearest if comes_to(cohort, week, day, wall.time(), at=at) == wanted), None)


def planned_weeks(cohort: Cohort) -> list[Week]:
    """The weeks in which the edition has a live session."""
    return [week for week in cohort.edition.weeks.order_by("number") if week.session]
