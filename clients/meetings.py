"""Reading the meeting log: its entries, what they come to week by week, and that in words.

Everything here is a client's own report of meetings they chose, compared with their own beginning (week 0) and with
nobody else. Entries without a stake stay in the log and out of every number.

The equal share of a meeting with n people is 1/n of its talk; the programme compares speaking with that. The log
knows the client's own contributions and not the room's, so how large a share of all they were cannot be known from it.
What can be known is how much an equal share would be: of 45 minutes among 9 people 1 in 9, five minutes. So the share
is told as 1 in n and in minutes, and stands beside the contributions as that many contributions of a minute each.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from statistics import median, median_low
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curriculum import moments

from . import deadlines
from .meeting_fields import Days, word
from .models import Enrolment, Meeting

AROUND = timedelta(days=14)  # how far outside of the programme a meeting may lie
ENOUGH = 3  # meetings below which there is no trend, and a week says little
BASELINE = 0  # the week everything later is compared with


@dataclass(frozen=True)
class Share:
    """`part` of `whole`; the whole may be nothing."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class WeekOfMeetings:
    """What the entries with a stake of one week come to; `spoke`, `people` and `minutes` in the middle meeting."""

    week: int
    meetings: int
    spoke: float
    people: int
    minutes: int
    led: Share
    corrected: Share
    early: Share

    @property
    def equal_minutes(self) -> float:
        """An equal share of the talk, in minutes."""
        return round(self.minutes / self.people, 1)


@dataclass(frozen=True)
class Trend:
    """The weeks that have entries with a stake, oldest first. `left_out` counts the entries without one."""

    weeks: tuple[WeekOfMeetings, ...]
    left_out: int

    @property
    def counted(self) -> int:
        return sum(week.meetings for week in self.weeks)

    @property
    def is_enough(self) -> bool:
        return self.counted >= ENOUGH

    @property
    def baseline(self) -> WeekOfMeetings | None:
        return next((week for week in self.weeks if week.week == BASELINE), None)

    @property
    def latest(self) -> WeekOfMeetings | None:
        return self.weeks[-1] if self.weeks else None


# --- Entries --------------------------------------------------------------------------------------


def of(enrolment: Enrolment) -> QuerySet[Meeting]:
    """The log, the newest day first."""
    return Meeting.objects.filter(enrolment=enrolment).order_by("-date", "-pk")


def own(person_id: int) -> QuerySet[Meeting]:
    """Everything one person has logged, with what changing it reads."""
    mine = Meeting.objects.filter(enrolment__client=person_id)
    return mine.select_related("enrolment__client", "enrolment__cohort__edition")


def days_of(enrolment: Enrolment, *, at: datetime) -> Days:
    """The days an entry may lie on, as the client's own calendar has them: after the programme, its year as well."""
    starts, zone = deadlines.mondays(enrolment, at=at), enrolment.client.zone
    last = starts[-1] + timedelta(days=6) + AROUND
    if enrolment.state == Enrolment.State.COMPLETED:
        last = max(last, moments.to_wall(deadlines.record_closes_at(enrolment), zone).date())
    return Days(starts[0] - AROUND, last, moments.to_wall(at, zone).date())


def by_week(enrolment: Enrolment, rows: Iterable[Meeting], *, at: datetime) -> list[tuple[int, list[Meeting]]]:
    """(week, its meetings), in the order of the rows."""
    starts = deadlines.mondays(enrolment, at=at)
    return [(week, list(found)) for week, found in groupby(rows, key=lambda row: deadlines.week_of(row.date, starts))]


# --- The trend ------------------------------------------------------------------------------------


def trend(enrolment: Enrolment, rows: Iterable[Meeting], *, at: datetime) -> Trend:
    """What the entries come to, week by week."""
    rows = sorted(rows, key=lambda row: row.date)
    counted = [row for row in rows if row.stake]
    weeks = tuple(_week(week, found) for week, found in by_week(enrolment, counted, at=at))
    return Trend(weeks, len(rows) - len(counted))


def _week(week: int, rows: list[Meeting]) -> WeekOfMeetings:
    return WeekOfMeetings(
        week=week,
        meetings=len(rows),
        spoke=median(row.times_spoke for row in rows),
        people=median_low(row.attendees for row in rows),
        minutes=median_low(row.minutes for row in rows),
        led=_share(rows, lambda row: row.led),
        corrected=_share([row for row in rows if row.error_heard], lambda row: row.corrected),
        early=_share([row for row in rows if row.first_minute is not None], lambda row: row.early),
    )


def _share(rows: list[Meeting], holds: Callable[[Meeting], Any]) -> Share:
    return Share(sum(bool(holds(row)) for row in rows), len(rows))


# --- In words -------------------------------------------------------------------------------------


def in_words(found: Trend) -> list[str]:
    """The trend as sentences, the conclusion first; with too few entries one sentence that says so."""
    latest = found.latest
    if latest is None:
        return [_("Nothing yet. Your first three meetings will be here.")]
    if not found.is_enough:
        so_far = {1: _("One meeting so far; a trend needs three."), 2: _("Two meetings so far; a trend needs three.")}
        return [so_far[found.counted]]
    told = [_spoken(latest, found.baseline), _equal(latest), _of_errors(latest), _of_early(latest), _of_few(latest)]
    return [sentence for sentence in told if sentence]


def _spoken(latest: WeekOfMeetings, baseline: WeekOfMeetings | None) -> str:
    said = {"week": latest.week, "times": _times(latest.spoke), "part": latest.led.part, "whole": latest.led.whole}
    if baseline is None or baseline is latest:
        sentence = _(
            "In week %(week)s you spoke %(times)s in the middle meeting and led with the conclusion in %(part)s of "
            "%(whole)s."
        )
        begins = _("This is where you begin.") if baseline else _("There is no meeting of week 0 to compare with.")
        return f"{sentence % said} {begins}"
    said |= {"than": _than(latest, baseline), "first": baseline.led.part, "of": baseline.led.whole}
    sentence = _(
        "In week %(week)s you spoke %(times)s in the middle meeting, %(than)s in week 0, and led with the conclusion "
        "in %(part)s of %(whole)s, after %(first)s of %(of)s."
    )
    return sentence % said


def _than(latest: WeekOfMeetings, baseline: WeekOfMeetings) -> str:
    if latest.spoke == baseline.spoke:
        return _("as")
    direction = _("up from %(times)s") if latest.spoke > baseline.spoke else _("down from %(times)s")
    return direction % {"times": number(baseline.spoke)}


def _equal(week: WeekOfMeetings) -> str:
    return _("An equal share there would be 1 in %(people)s of the talk: %(share)s of %(minutes)s minutes.") % {
        "people": week.people,
        "share": number(week.equal_minutes),
        "minutes": week.minutes,
    }


def _of_errors(week: WeekOfMeetings) -> str:
    if not week.corrected.whole:
        return ""
    return ngettext(
        "Something incorrect was said in %(whole)s meeting, and you put it right in %(part)s.",
        "Something incorrect was said in %(whole)s meetings, and you put it right in %(part)s.",
        week.corrected.whole,
    ) % {"whole": week.corrected.whole, "part": week.corrected.part}


def _of_early(week: WeekOfMeetings) -> str:
    if not week.early.whole:
        return ""
    return _(
        "Your first contribution came in the first ten minutes in %(part)s of the %(whole)s where you noted it."
    ) % {
        "part": week.early.part,
        "whole": week.early.whole,
    }


def _of_few(week: WeekOfMeetings) -> str:
    """A guard: a week of one or two meetings is not read as a direction."""
    if week.meetings >= ENOUGH:
        return ""
    return ngettext(
        "Week %(week)s has %(n)s meeting so far, too few to read a direction from it.",
        "Week %(week)s has %(n)s meetings so far, too few to read a direction from it.",
        week.meetings,
    ) % {"week": week.week, "n": week.meetings}


def _times(count: float) -> str:
    return ngettext("%(n)s time", "%(n)s times", 1 if count == 1 else 2) % {"n": number(count)}


def number(value: float) -> str:
    """Whole numbers without a decimal place, others with one."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"


# --- As an attempt keeps them -----------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One meeting of an attempt, in words: what stands in a copy, whatever the log says today."""

    title: str
    day: date | None
    kind: str
    attendees: int | None
    minutes: int | None
    stake: bool
    prepared: str
    said_it: str
    times_spoke: int | None
    first_minute: int | None
    conclusion_first: str
    error_response: str
    outcome: str


def told(copies: Iterable[dict[str, Any]]) -> list[Told]:
    """The copies an answer holds, for whoever reads it."""
    return [_told(copy) for copy in copies if copy.get("title")]


def _told(copy: dict[str, Any]) -> Told:
    return Told(
        title=copy["title"],
        day=date.fromisoformat(copy["date"]) if copy.get("date") else None,
        kind=word("kind", copy.get("kind")),
        attendees=copy.get("attendees"),
        minutes=copy.get("minutes"),
        stake=bool(copy.get("stake")),
        prepared=copy.get("prepared") or "",
        said_it=word("said_it", copy.get("said_it")) if copy.get("prepared") else "",
        times_spoke=copy.get("times_spoke"),
        first_minute=copy.get("first_minute"),
        conclusion_first=word("conclusion_first", copy.get("conclusion_first")),
        error_response=word("error_response", copy.get("error_response")),
        outcome=copy.get("outcome") or "",
    )
