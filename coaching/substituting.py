"""A coach goes away: the window in which a colleague reads, and its end before its time.

Access follows from the window with every request; nothing has to fire at either end. Private notes and drafts stay
with whoever wrote them. Lock order: the cohort.
"""

from datetime import date, datetime, time, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import messaging, recording
from clients.models import Cohort, Enrolment, Message, User
from curriculum import moments

from . import caseload, scheduling, substitutions
from .models import Substitution
from .standing_letters import OFF_CLIENT, OFF_SUBSTITUTE, TO_CLIENT, TO_SUBSTITUTE

DAY = timedelta(days=1)
SECOND_THOUGHTS = timedelta(minutes=10)


class NotYourWindow(PermissionDenied):
    """Whoever goes away says so, or an admin does."""

    code = "window.not_yours"


class CannotStandIn(ValidationError):
    """Not this colleague, not these days, or not here."""


# --- Refusals -------------------------------------------------------------------------------------


def set_refusal(
    cohort: Cohort, *, away: User, substitute: User, first_day: date, last_day: date, by: User, at: datetime
) -> Exception | None:
    """Why this colleague cannot stand in over these days."""
    if refusal := _by_refusal(away, by):
        return refusal
    if cohort.is_closed:
        return CannotStandIn(_("This cohort is closed."), code="cohort.closed")
    if not caseload.coaches(away, cohort):
        return CannotStandIn(_("%(name)s does not coach this cohort.") % {"name": away}, code="window.no_coach")
    if last_day < first_day:
        return CannotStandIn(_("The last day comes before the first."), code="window.order")
    if _window(away, first_day, last_day)[1] <= at:
        return CannotStandIn(_("Those days are over."), code="window.past")
    return _colleague_refusal(cohort, substitute, _window(away, first_day, last_day))


def _by_refusal(away: User, by: User) -> NotYourWindow | None:
    if by.pk == away.pk or caseload.is_admin(by):
        return None
    return NotYourWindow(_("Whoever goes away says so themselves, or an admin does."))


def _colleague_refusal(cohort: Cohort, substitute: User, window: tuple[datetime, datetime]) -> CannotStandIn | None:
    if not substitutions.offered(cohort).filter(pk=substitute.pk).exists():
        return CannotStandIn(
            _("This person cannot stand in here. Choose somebody who coaches another cohort and is not in this one."),
            code="window.not_offered",
        )
    others = Substitution.objects.filter(cohort=cohort, substitute=substitute, called_off_at=None)
    if others.filter(starts_at__lt=window[1], ends_at__gt=window[0]).exists():
        return CannotStandIn(
            _("%(name)s stands in here on some of these days already.") % {"name": substitute}, code="window.there"
        )
    return None


def call_off_refusal(window: Substitution, *, by: User, at: datetime) -> Exception | None:
    if refusal := _by_refusal(window.away, by):
        return refusal
    if window.called_off_at is not None or window.ends_at <= at:
        return CannotStandIn(_("This window is over already."), code="window.over")
    return None


def _window(away: User, first_day: date, last_day: date) -> tuple[datetime, datetime]:
    """Whole days by the clock of whoever goes away."""
    first, after = (datetime.combine(day, time()) for day in (first_day, last_day + DAY))
    return moments.to_utc(first, away.zone), moments.to_utc(after, away.zone)


# --- Doing it -------------------------------------------------------------------------------------


@transaction.atomic
def set_window(
    cohort: Cohort, *, away: User, substitute: User, first_day: date, last_day: date, by: User, at: datetime
) -> Substitution:
    """A colleague reads what is open over these days. Clients and the colleague are told by name."""
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    days = {"first_day": first_day, "last_day": last_day}
    if refusal := set_refusal(cohort, away=away, substitute=substitute, **days, by=by, at=at):
        raise refusal
    starts_at, ends_at = _window(away, first_day, last_day)
    window = Substitution.objects.create(
        cohort=cohort, away=away, substitute=substitute, starts_at=starts_at, ends_at=ends_at, set_at=at
    )
    note = f"{substitute} for {away}, {first_day} to {last_day}"
    recording.record("set a window", window, by=by, at=at, cohort=cohort, note=note)
    scheduling.plan_mornings(substitute, at=max(at, starts_at))
    _tell(window, at=at)
    return window


@transaction.atomic
def call_off(window: Substitution, *, by: User, at: datetime) -> Substitution:
    """The colleague stops reading with the next request. Who was told hears it; who was not is told nothing."""
    Cohort.objects.select_for_update().get(pk=window.cohort_id)
    window = Substitution.objects.select_related("cohort", "away", "substitute").get(pk=window.pk)
    if refusal := call_off_refusal(window, by=by, at=at):
        raise refusal
    window.called_off_at = at
    window.save(update_fields=["called_off_at"])
    recording.record("called a window off", window, by=by, at=at, cohort=window.cohort, note=str(window.substitute))
    messaging.cancel("the window was called off", about__window=window.pk)
    _tell_off(window, at=at)
    return window


# --- Telling --------------------------------------------------------------------------------------


def _tell(window: Substitution, *, at: datetime) -> None:
    """Every client of the cohort, and the colleague, some minutes later: a second thought takes its place."""
    _post(TO_SUBSTITUTE, window, window.substitute, at)
    for client in _clients(window):
        _post(TO_CLIENT, window, client, at)


def _tell_off(window: Substitution, *, at: datetime) -> None:
    """Whoever was told that somebody stands in hears that they do not."""
    was_told = set(
        Message.objects.filter(
            kind__in=[TO_CLIENT, TO_SUBSTITUTE], about__window=window.pk, state__in=["sent", "sending", "unknown"]
        ).values_list("person_id", flat=True)
    )
    for person in [window.substitute, *_clients(window)]:
        if person.pk in was_told:
            _post(OFF_SUBSTITUTE if person == window.substitute else OFF_CLIENT, window, person, at)


def _post(kind: str, window: Substitution, person: User, at: datetime) -> None:
    messaging.post(
        kind,
        key=f"{kind}:{window.pk}:{person.pk}",
        to=person,
        cohort=window.cohort,
        about={"window": window.pk},
        at=at,
        available_at=at + SECOND_THOUGHTS,
        shows_at=at + SECOND_THOUGHTS,
        not_after=window.ends_at,
    )


def _clients(window: Substitution) -> list[User]:
    walking = Enrolment.objects.active().filter(cohort=window.cohort).select_related("client")
    return [enrolment.client for enrolment in walking.order_by("pk")]
