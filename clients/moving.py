"""Moving a cohort's dates: a week off, taken back or not, and everything still to come earlier or later.

What is past stays where it was. Whoever plans messages hears of it in the same transaction.
"""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curriculum import moments

from . import deadlines, recording
from .models import BreakWeek, Cohort, CohortShift, User
from .models.schedule import MOST_DAYS
from .signals import schedule_changed

COUNTED_ON = timedelta(days=3)  # before it begins a week off can no longer be taken back: people count on it


class CannotMove(ValidationError):
    """The dates of the cohort cannot be moved like this."""


def break_refusal(cohort: Cohort, *, first_day: date, at: datetime) -> CannotMove | None:
    if refusal := _closed(cohort):
        return refusal
    if first_day.weekday() != moments.MONDAY:
        return CannotMove(_("A week off begins on a Monday; this is another day."), code="break.not_monday")
    if first_day <= _today(cohort, at):
        return CannotMove(_("A week off is set before it begins. Choose a Monday still to come."), code="break.begun")
    if any(each.first_day == first_day for each in cohort.breaks.all()):
        return CannotMove(_("This week is off already."), code="break.there")
    if first_day > _last_day(cohort, at):
        return CannotMove(_("The programme is over by then."), code="break.after_the_end")
    return None


def drop_break_refusal(week_off: BreakWeek, *, at: datetime) -> CannotMove | None:
    if refusal := _closed(week_off.cohort):
        return refusal
    if week_off.first_day - COUNTED_ON < _today(week_off.cohort, at):
        return CannotMove(_("It begins in less than three days, and people count on it."), code="break.counted_on")
    return None


def shift_refusal(cohort: Cohort, *, days: int, at: datetime) -> CannotMove | None:
    if refusal := _closed(cohort):
        return refusal
    if not 0 < abs(days) <= MOST_DAYS:
        return CannotMove(_("Name how many days it moves by: at least one, at most 364."), code="shift.days")
    calendar = cohort.calendar()
    ahead = [opens for week in deadlines.WEEKS if (opens := moments.opens_at(calendar, week, at=at)) > at]
    if not ahead:
        return CannotMove(_("Every week has opened by now, so nothing is left to move."), code="shift.nothing_ahead")
    if min(ahead) + timedelta(days=days) < at + moments.NOTICE:
        return CannotMove(
            _("The next week would open in less than 48 hours. Move it by fewer days."), code="shift.too_near"
        )
    return None


@transaction.atomic
def set_break(cohort: Cohort, *, first_day: date, by: User, at: datetime, reason: str = "") -> BreakWeek:
    """Everything planned on this Monday or later comes a week later."""
    cohort = _locked(cohort)
    if refusal := break_refusal(cohort, first_day=first_day, at=at):
        raise refusal
    week_off = BreakWeek.objects.create(cohort=cohort, first_day=first_day, reason=reason, set_at=at)
    _changed(cohort, "set a week off", by, at, f"from {first_day}. {reason}")
    return week_off


@transaction.atomic
def drop_break(week_off: BreakWeek, *, by: User, at: datetime) -> Cohort:
    """The week takes place after all; what comes after it is a week nearer again."""
    cohort = _locked(week_off.cohort)
    found = cohort.breaks.filter(pk=week_off.pk).first()
    if found is None:
        raise CannotMove(_("This week is not off any more."), code="break.gone")
    if refusal := drop_break_refusal(found, at=at):
        raise refusal
    found.delete()
    return _changed(cohort, "took back a week off", by, at, f"from {week_off.first_day}")


@transaction.atomic
def shift(cohort: Cohort, *, days: int, by: User, at: datetime, reason: str = "") -> Cohort:
    """Everything still to come lies so many days later, or earlier, with at least 48 hours of notice."""
    cohort = _locked(cohort)
    if refusal := shift_refusal(cohort, days=days, at=at):
        raise refusal
    CohortShift.objects.create(cohort=cohort, at=at, days=days, reason=reason)
    by_days = ngettext("by %(n)s day", "by %(n)s days", abs(days)) % {"n": f"{days:+}"}
    return _changed(cohort, "moved", by, at, f"{by_days}. {reason}")


def _closed(cohort: Cohort) -> CannotMove | None:
    return CannotMove(_("This cohort is closed."), code="cohort.closed") if cohort.is_closed else None


def _today(cohort: Cohort, at: datetime) -> date:
    return moments.to_wall(at, cohort.zone).date()


def _last_day(cohort: Cohort, at: datetime) -> date:
    """The Sunday of the last week, as things stand."""
    opens = moments.opens_at(cohort.calendar(), deadlines.WEEKS[-1], at=at)
    return moments.to_wall(opens, cohort.zone).date() + timedelta(days=6)


def _locked(cohort: Cohort) -> Cohort:
    """Waits for whoever is sending to this cohort right now: they hold its row while they do."""
    return Cohort.objects.select_for_update().get(pk=cohort.pk)


def _changed(cohort: Cohort, action: str, by: User, at: datetime, note: str) -> Cohort:
    Cohort.objects.filter(pk=cohort.pk).update(plan_version=F("plan_version") + 1, plan_changed_at=at)
    cohort = Cohort.objects.get(pk=cohort.pk)
    recording.record(action, cohort, by=by, at=at, cohort=cohort, note=note.strip(". "))
    schedule_changed.send(sender=Cohort, cohort=cohort, at=at)
    return cohort
