"""Midpoint calls as they are read: which times are offered to whom, who has booked which, on everybody's own clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from clients.models import Cohort, Enrolment, User
from curriculum import moments

from . import caseload
from .instruments import Occasion
from .models import Call, CallSlot, LiveSession

A_DAY = timedelta(days=1)  # longer than any session
FIRST_WEEK, AFTER_WEEK = 4, 7  # calls are from the opening of the one to the opening of the other


@dataclass(frozen=True)
class Offered:
    """A time for one reader; `coach_wall` is what the coach's clock shows then."""

    slot: int
    coach: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    wall: datetime
    coach_wall: datetime
    link: str = ""

    @property
    def differs(self) -> bool:
        return self.wall != self.coach_wall


@dataclass(frozen=True)
class Booked:
    """A call for one reader. `has_begun` says that it can be neither moved nor cancelled."""

    row: Call
    client: str
    time: Offered
    has_begun: bool

    @property
    def is_on(self) -> bool:
        return self.row.is_booked


def span(cohort: Cohort, *, at: datetime) -> tuple[datetime, datetime]:
    """Between which instants the calls of a cohort lie."""
    calendar = cohort.calendar()
    return moments.opens_at(calendar, FIRST_WEEK, at=at), moments.opens_at(calendar, AFTER_WEEK, at=at)


# --- Which ----------------------------------------------------------------------------------------


def free(cohort: Cohort, *, at: datetime) -> QuerySet[CallSlot]:
    """What can be booked in a cohort: offered, to come, nobody's, with somebody who coaches it."""
    taken = Call.objects.filter(slot=OuterRef("pk"), state=Call.State.BOOKED)
    coaches = caseload.coaches_of(cohort).order_by().values("pk")
    rows = CallSlot.objects.filter(cohort=cohort, withdrawn_at=None, starts_at__gt=at, coach__in=coaches)
    return rows.exclude(Exists(taken)).select_related("coach")


def offered_by(coach: User) -> QuerySet[CallSlot]:
    """A coach's own times, in the cohorts they coach."""
    mine = caseload.coached_by(coach).values("pk")
    return CallSlot.objects.filter(coach=coach, cohort__in=mine).select_related("coach", "cohort")


def visible_to(user: User) -> QuerySet[Call]:
    """One's own call, and those one has as a coach of the cohort."""
    mine = Call.objects.filter(enrolment__client=user)
    theirs = Call.objects.filter(slot__coach=user, enrolment__cohort__in=caseload.coached_by(user).values("pk"))
    return (mine | theirs).select_related(
        "enrolment__client", "enrolment__cohort__edition", "slot__coach", "slot__cohort"
    )


def without(cohort: Cohort) -> QuerySet[Enrolment]:
    """Who walks with a cohort and has no call."""
    booked = Call.objects.filter(enrolment=OuterRef("pk"), state=Call.State.BOOKED)
    return Enrolment.objects.active().filter(cohort=cohort).exclude(Exists(booked)).select_related("client")


# --- As somebody reads them -----------------------------------------------------------------------


def read(slot: CallSlot, *, zone: str, link: str = "") -> Offered:
    """A time for a reader in this zone; where the two meet is told to those who do."""
    return Offered(
        slot=slot.pk,
        coach=str(slot.coach),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        minutes=slot.minutes,
        wall=moments.to_wall(slot.starts_at, zone),
        coach_wall=moments.to_wall(slot.starts_at, slot.coach.zone),
        link=link,
    )


def booked(call: Call, *, zone: str, at: datetime) -> Booked:
    time = read(call.slot, zone=zone, link=call.slot.link if call.is_booked else "")
    return Booked(call, str(call.enrolment.client), time, call.slot.starts_at <= at)


def offers(cohort: Cohort, *, zone: str, at: datetime) -> list[Offered]:
    """What a client of a cohort chooses from, the earliest first. One query."""
    return [read(slot, zone=zone) for slot in free(cohort, at=at)]


def of_enrolment(enrolment: Enrolment) -> Call | None:
    """The call of a client, cancelled or not. One query."""
    rows = Call.objects.select_related("enrolment__client", "enrolment__cohort__edition", "slot__coach", "slot__cohort")
    return rows.filter(enrolment=enrolment).first()


def of_coach(coach: User, cohort: Cohort) -> list[Call]:
    """The calls of a coach in a cohort, cancelled ones as well, the earliest first. One query."""
    return list(visible_to(coach).filter(slot__coach=coach, enrolment__cohort=cohort).order_by("slot__starts_at", "pk"))


def occasion(number: int) -> Occasion | None:
    """A call as its reminder tells it, by its number; None once it does not take place."""
    rows = Call.objects.filter(pk=number, state=Call.State.BOOKED).select_related("slot__coach", "enrolment")
    row = rows.first()
    if row is None:
        return None
    return Occasion(title_for_client(row), row.slot.starts_at, row.slot.minutes, coach=row.slot.coach)


def title_for_client(call: Call) -> str:
    return _("Midpoint call with %(name)s") % {"name": call.slot.coach}


def title_for_coach(call: Call) -> str:
    return _("Midpoint call with %(name)s") % {"name": call.enrolment.client}


def overlaps(coach: User, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a coach offers another time then, or has booked one."""
    rows = CallSlot.objects.filter(coach=coach, withdrawn_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at)
    return rows.exists()


def session_beside(coach: User, starts_at: datetime, ends_at: datetime) -> LiveSession | None:
    """A live session to come, of a cohort this coach looks after, that lies then."""
    theirs = LiveSession.objects.filter(cohort__in=caseload.coached_by(coach).values("pk"), cohort__closed_at=None)
    coming = theirs.filter(state=LiveSession.State.PLANNED, starts_at__lt=ends_at, starts_at__gt=starts_at - A_DAY)
    rows = coming.select_related("cohort").order_by("starts_at", "pk")
    return next((row for row in rows if row.starts_at + timedelta(minutes=row.minutes) > starts_at), None)


def between(cohort: Cohort, first: datetime, last: datetime) -> list[Call]:
    """What is booked with the coaches of a cohort between two instants, in any of theirs. One query."""
    coaches = caseload.coaches_of(cohort).order_by().values("pk")
    rows = Call.objects.filter(state=Call.State.BOOKED, slot__coach__in=coaches)
    rows = rows.filter(slot__starts_at__lt=last, slot__ends_at__gt=first).order_by("slot__starts_at", "pk")
    return list(rows.select_related("slot__coach", "enrolment__client"))


def in_words(call: Call, reader: User) -> str:
    """A call as it stands in the way of something else: whose it is reads its own coach, others with whom."""
    wall = moments.to_wall(call.slot.starts_at, reader.zone)
    named = {"time": f"{wall:%A %-d %B, %H:%M}", "client": call.enrolment.client, "coach": call.slot.coach}
    if call.slot.coach_id == reader.pk:
        return _("your call with %(client)s, %(time)s") % named
    return _("a call of %(coach)s, %(time)s") % named


def last_link(coach: User) -> str:
    """Where a coach met the clients they offered times to last."""
    slot = CallSlot.objects.filter(coach=coach).order_by("-offered_at", "-pk").first()
    return slot.link if slot else ""


def week_of(cohort: Cohort, instant: datetime, *, at: datetime) -> int:
    """In which week of a cohort an instant lies, of those in which there are calls."""
    calendar = cohort.calendar()
    begun = [week for week in range(FIRST_WEEK, AFTER_WEEK) if moments.opens_at(calendar, week, at=at) <= instant]
    return max(begun, default=FIRST_WEEK)
