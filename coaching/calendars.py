"""The dates of one enrolment in order: weeks open and come due, live sessions, the midpoint call, assessments, further
attempts, pauses.

Every instant comes from `clients.deadlines`, `clients.assessments` and `sessions`, so the calendar says what the pages
do. What is excused is not said to be due.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from clients import assessments, counted, deadlines, dues, progress
from clients.assessments import Moment
from clients.counted import ASSESSMENT
from clients.models import Enrolment, Submission
from curriculum import moments

from . import calls, sessions
from .models import Call
from .sessions import Session
from .weekboard import weeks_of

OPENS, DUE, ATTEMPT, PAUSED, SESSION, CALL = "opens", "due", "attempt", "paused", "session", "call"
WINDOWS = (Moment.MIDPOINT, Moment.FINAL)  # the baseline opens and is due with week 0


@dataclass(frozen=True)
class Date:
    """One thing on one instant: `wall` and `cohort_wall` are what the two clocks show. `until` ends a pause or a
    `session` or a `call`, and those say the rest about themselves. `attempt` is the number of the one that is due.
    """

    kind: str
    at: datetime
    week: int | None
    title: str
    wall: datetime
    cohort_wall: datetime
    key: str = ""
    until: datetime | None = None
    session: Session | None = None
    call: Call | None = None
    attempt: int = 0

    @property
    def state(self) -> str | None:
        """Of a session or a call."""
        if self.session is not None:
            return self.session.row.state
        return self.call.state if self.call is not None else None

    @property
    def differs(self) -> bool:
        """Whether the cohort's clock shows another time."""
        return self.wall != self.cohort_wall


def of(enrolment: Enrolment, *, at: datetime) -> list[Date]:
    """Everything with a date, the earliest first. Three queries besides what the dates hang on."""
    prefetch_related_objects([enrolment], *deadlines.OF_AN_ENROLMENT)
    parts = (_weeks, _sessions, _calls, _windows, _attempts, _extended, _pauses)
    found = [date for part in parts for date in part(enrolment, at)]
    return sorted(found, key=lambda date: (date.at, date.week or 0, date.kind != OPENS))


def _date(enrolment: Enrolment, kind: str, at: datetime, week: int | None, title: str, **more) -> Date:
    own, cohort = enrolment.client.zone, enrolment.cohort.zone
    return Date(kind, at, week, title, moments.to_wall(at, own), moments.to_wall(at, cohort), **more)


def _weeks(enrolment: Enrolment, at: datetime) -> Iterator[Date]:
    for week in weeks_of(enrolment.cohort.edition_id):
        number, named = week.number, {"n": week.number, "title": week.title}
        opens = deadlines.opens_at(enrolment, number, at=at)
        yield _date(enrolment, OPENS, opens, number, _("Week %(n)s opens: %(title)s") % named)
        if not dues.is_excused(enrolment, number):
            due = deadlines.week_due_at(enrolment, number, at=at)
            yield _date(enrolment, DUE, due, number, _("Week %(n)s is due") % named)


def _sessions(enrolment: Enrolment, at: datetime) -> Iterator[Date]:
    for session in sessions.of_enrolment(enrolment, at=at):
        told = {"until": session.ends_at, "session": session}
        yield _date(enrolment, SESSION, session.starts_at, session.row.week, session.name, **told)


def _calls(enrolment: Enrolment, at: datetime) -> Iterator[Date]:
    """The midpoint call, whether it takes place or was cancelled."""
    if call := calls.of_enrolment(enrolment):
        week = calls.week_of(enrolment.cohort, call.slot.starts_at, at=at)
        told = {"until": call.slot.ends_at, "call": call}
        yield _date(enrolment, CALL, call.slot.starts_at, week, calls.title_for_client(call), **told)


def _windows(enrolment: Enrolment, at: datetime) -> Iterator[Date]:
    """When the midpoint and the final assessment open, and until when they are asked for."""
    asked = (one for one in counted.exercises_of(enrolment.cohort.edition_id) if one.counts["of"] == ASSESSMENT)
    for exercise in asked:
        moment, named = exercise.counts["moment"], {"title": exercise.title}
        if moment not in WINDOWS:
            continue
        opens, ends = assessments.opens_at(enrolment, moment, at=at), assessments.due_at(enrolment, moment, at=at)
        week = assessments.WEEKS[Moment(moment)]
        yield _date(enrolment, OPENS, opens, week, _("%(title)s opens") % named, key=moment)
        if deadlines.is_excused(enrolment, exercise):
            continue
        closes = _("%(title)s closes") if moment == Moment.FINAL else _("%(title)s is due")
        yield _date(enrolment, DUE, ends, exercise.week.number, closes % named, key=moment)


def _attempts(enrolment: Enrolment, at: datetime) -> Iterator[Date]:
    """Another attempt has a due time of its own while it is with its client."""
    for piece in progress.standings(enrolment, at=at):
        if piece.is_with_client and piece.submission.attempts_made and piece.state != Submission.State.ACCEPTED:
            title = _("Another attempt is due: %(title)s") % {"title": piece.exercise.title}
            about = {"key": piece.exercise.key, "attempt": piece.submission.attempts_made + 1}
            yield _date(enrolment, ATTEMPT, piece.due_at, piece.exercise.week.number, title, **about)


def _extended(enrolment: Enrolment, at: datetime) -> Iterator[Date]:
    """A piece that has more time than its week."""
    for piece in progress.standings(enrolment, at=at) if enrolment.extensions.all() else ():
        number = piece.exercise.week.number
        is_open = piece.is_with_client and not piece.submission.attempts_made
        if is_open and piece.due_at > deadlines.week_due_at(enrolment, number, at=at):
            title = _("Due with more time: %(title)s") % {"title": piece.exercise.title}
            yield _date(enrolment, ATTEMPT, piece.due_at, number, title, key=piece.exercise.key)


def _pauses(enrolment: Enrolment, at: datetime) -> Iterator[Date]:
    for pause in enrolment.cohort.pauses.all():
        yield _date(enrolment, PAUSED, pause.began_at, None, _("The cohort stands still"), until=pause.ended_at)
    for hold in enrolment.holds.all():
        yield _date(enrolment, PAUSED, hold.began_at, None, _("You are on hold"), until=hold.ended_at)
