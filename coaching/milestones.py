"""The kinds of milestone: when each still makes sense, whom it is for, how late it may be, what it waits for.

The list as people read it is docs/milestones.md. A guard is asked three times on live rows: when the milestone fires,
when its message leaves, and in a rehearsal. It gives the reason why not, in words an admin reads, or None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from clients import choices, deadlines
from clients.models import Cohort, Enrolment, User

from . import caseload, guards, instruments, sessions
from .guards import Guard, attempt_of
from .models import Claim, Milestone

__all__ = ["COUNTED", "KINDS", "LOADED", "Audience", "Kind", "attempt_of"]

LEFT_OUT = "the cohort does without messages of this kind"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TO_RATE = timedelta(hours=58, minutes=30)  # from Monday 07:30 to Wednesday 18:00

# Whom the rows of a kind name.
CLIENT, COHORT, COACH, PERSON = "a client", "a cohort", "a coach in a cohort", "a person"
# What sort of message it is: a nudge may be missed, a state is told once it is one, the rest is for staff.
NUDGE, STATE, STAFF = "nudge", "state", "staff"


@dataclass(frozen=True)
class Audience:
    """One message to one person, or to an address: `kind` names how it reads."""

    kind: str
    person: User | None = None
    address: str = ""

    @property
    def name(self) -> str:
        """What makes its key one of a kind."""
        return str(self.person.pk) if self.person else self.address


@dataclass(frozen=True)
class Kind:
    """How one kind of milestone behaves.

    `only_if` is its guard in words. `usable_for`: older than this it is skipped as stale, None is never. `keeps`: so
    long its message may wait to leave, None is for ever. A kind that `awaits` an instrument is neither planned nor
    sent before that is there. What `is_budgeted` counts against the reminders a person gets in a week.
    """

    name: str
    meaning: str
    guard: Guard
    audience: Callable[[Milestone], list[Audience]]
    usable_for: timedelta | None
    only_if: str
    keeps: timedelta | None = None
    sort: str = NUDGE
    about: str = CLIENT
    awaits: str = ""
    is_budgeted: bool = False
    to_graduates: bool = False  # also told to whoever was confirmed to have finished meanwhile

    @property
    def is_switched_on(self) -> bool:
        return instruments.is_there(self.awaits)


# --- Audiences ------------------------------------------------------------------------------------


def _client(milestone: Milestone) -> list[Audience]:
    return [Audience(milestone.kind, milestone.enrolment.client)]


def _client_and_coaches(milestone: Milestone) -> list[Audience]:
    team = caseload.team_of(milestone.enrolment.cohort)
    return _client(milestone) + [Audience(f"{milestone.kind}.coach", coach) for coach in team]


def _both_of_a_call(milestone: Milestone) -> list[Audience]:
    """The client, and whoever the call is with."""
    found = instruments.occasion(instruments.CALLS, milestone.object_id)
    if found is None or found.coach is None:
        return _client_and_coaches(milestone)
    return [*_client(milestone), Audience(f"{milestone.kind}.coach", found.coach)]


def _late_to_the_client(milestone: Milestone) -> list[Audience]:
    return [Audience("review.breach.client", milestone.enrolment.client)]


def _reviewers(milestone: Milestone) -> list[Audience]:
    """Whoever has claimed it and still answers it, else every coach of the cohort and who stands in for one."""
    claim = Claim.objects.filter(attempt=milestone.object_id).select_related("coach").first()
    readers = list(caseload.readers_of(milestone.enrolment.cohort, at=milestone.due_at))
    holds = claim and (claim.coach in readers or _keeps(claim, milestone.due_at))
    people = [claim.coach] if claim and holds else readers
    return [Audience(milestone.kind, person) for person in people]


def _keeps(claim: Claim, at: datetime) -> bool:
    return bool(claim.taken_in_id) and caseload.kept_by(claim.coach, at=at).filter(attempt=claim.attempt_id).exists()


def _reviewers_and_admins(milestone: Milestone) -> list[Audience]:
    reviewers = _reviewers(milestone)
    known = {audience.person.pk for audience in reviewers if audience.person}
    return reviewers + [Audience("review.breach.admin", admin) for admin in caseload.admins() if admin.pk not in known]


def _themselves(milestone: Milestone) -> list[Audience]:
    return [Audience(milestone.kind, milestone.person)]


def _graduate(milestone: Milestone) -> list[Audience]:
    return [Audience(milestone.kind, milestone.person)]


def _admins(milestone: Milestone) -> list[Audience]:
    return [Audience(milestone.kind, admin) for admin in caseload.admins()]


def _coaches_and_admins(milestone: Milestone) -> list[Audience]:
    """Once each: who is both reads what a coach reads."""
    coaches = caseload.team_of(milestone.cohort)
    known = {coach.pk for coach in coaches}
    told = [Audience(f"{milestone.kind}.coach", coach) for coach in coaches]
    return told + [Audience(f"{milestone.kind}.admin", one) for one in caseload.admins() if one.pk not in known]


def _everybody_in_it(milestone: Milestone) -> list[Audience]:
    """The clients of a session's cohort, except those who said they will not come, and its coaches."""
    found = instruments.occasion(instruments.SESSIONS, milestone.object_id)
    declined = found.declined if found else frozenset()
    clients = _clients_of(milestone.cohort)
    told = [Audience(milestone.kind, person) for person in clients if person.pk not in declined]
    return told + [Audience(f"{milestone.kind}.coach", coach) for coach in caseload.team_of(milestone.cohort)]


def _clients_of(cohort: Cohort) -> list[User]:
    return list(User.objects.filter(enrolments__in=sessions.expected(cohort)).order_by("pk"))


def _raters(milestone: Milestone) -> list[Audience]:
    raters = instruments.get(instruments.PULSE).raters(milestone.enrolment, milestone.week)
    return [Audience(milestone.kind, address=rater.address) for rater in raters]


# --- The kinds ------------------------------------------------------------------------------------

# Lateness: nudges older than twelve hours are skipped; a due reminder is worth a day and only before the due time; the
# overdue ladder (the highest rung only), reviews and the end of the programme are told whenever.
_ALL = (
    Kind(
        "welcome", "a week before week 1", guards.before_week_1, _client, 6 * DAY,
        "the invitation is accepted and week 1 has not begun", sort=STATE,
    ),
    Kind(
        "baseline.due", "before week 1", guards.due_soon, _client, 12 * HOUR,
        "something of week 0 is missing", keeps=12 * HOUR, is_budgeted=True,
    ),
    Kind(
        "kickoff", "the kick-off", guards.to_come(instruments.SESSIONS), _everybody_in_it, DAY,
        "it takes place and has not begun", sort=STATE, about=COHORT, awaits=instruments.SESSIONS,
    ),
    Kind(
        "week.unlock", "a week opens", guards.week_is_open, _client, 3 * DAY,
        "the week is open, and not all it requires is excused", sort=STATE,
    ),
    Kind(
        "session.remind", "a live session", guards.to_come(instruments.SESSIONS), _everybody_in_it, DAY,
        "it takes place, has not begun, and the client has not declined", sort=STATE, about=COHORT,
        awaits=instruments.SESSIONS,
    ),
    Kind(
        "nudge.midweek", "Thursday, nothing started", guards.nothing_started, _client, 12 * HOUR,
        "the main exercise is not started", keeps=12 * HOUR, is_budgeted=True,
    ),
    Kind(
        "ledger.friday", "Friday, no line this week", guards.no_line_this_week, _client, 12 * HOUR,
        "the ledger has no line of this week", keeps=12 * HOUR, is_budgeted=True,
    ),
    Kind(
        "due.reminder", "due tomorrow", guards.due_soon, _client, DAY,
        "something required is missing and not yet due", keeps=36 * HOUR, is_budgeted=True,
    ),
    Kind(
        "due.last", "due today, a draft waits", guards.draft_lies_there, _client, 7 * HOUR,
        "asked for, and a draft is begun that was never handed in", keeps=7 * HOUR, is_budgeted=True,
    ),
    Kind(
        "overdue.1", "two days overdue", guards.first_overdue, _client, None,
        "something required is still missing, and the second reminder is not due", is_budgeted=True,
    ),
    Kind(
        "overdue.2", "five days overdue", guards.second_overdue, _client_and_coaches, None,
        "something required is still missing", is_budgeted=True,
    ),
    Kind(
        "coach.digest", "a coach’s morning list", guards.queue_waits, _themselves, 12 * HOUR,
        "the queue is not empty: a piece, a question for more time or a client’s words wait",
        keeps=12 * HOUR, sort=STAFF, about=PERSON,
    ),
    Kind(
        "review.warn", "24 hours left for a review", guards.still_waits, _reviewers, DAY,
        "no feedback was sent", sort=STAFF,
    ),
    Kind(
        "review.breach", "a review is over its promise", guards.still_waits, _reviewers_and_admins, None,
        "no feedback was sent", sort=STAFF,
    ),
    Kind(
        "review.breach.client", "a review is over its promise, to the client", guards.still_waits,
        _late_to_the_client, None, "no feedback was sent", sort=STATE,
    ),
    Kind(
        "revise.remind", "a next attempt is open", guards.not_tried_again, _client, 12 * HOUR,
        "another attempt was asked for, is not in, and its time is not over", keeps=12 * HOUR,
    ),
    Kind(
        "midpoint.open", "the midpoint opens", guards.midpoint_open, _client, 3 * DAY,
        "the midpoint is not finished", sort=STATE,
    ),
    Kind(
        "midpoint.remind", "the midpoint is not done", guards.midpoint_open, _client, 12 * HOUR,
        "the midpoint is not finished", keeps=12 * HOUR,
    ),
    Kind(
        "midpoint.rate", "ratings at the midpoint", guards.unrated(4), _themselves, TO_RATE,
        "a client is not rated", keeps=TO_RATE, sort=STAFF, about=COACH, awaits=instruments.RATINGS,
    ),
    Kind(
        "midpoint.call", "a midpoint call", guards.to_come(instruments.CALLS), _both_of_a_call, DAY,
        "it takes place and has not begun", sort=STATE, awaits=instruments.CALLS,
    ),
    Kind(
        "pulse.invite", "three questions to colleagues", guards.raters_left, _raters, 3 * DAY,
        "the client invited them and they have not answered", sort=STATE, awaits=instruments.PULSE,
    ),
    Kind(
        "final.open", "the final questions open", guards.final_open, _client, 3 * DAY,
        "the final questions are not finished and not closed", sort=STATE,
    ),
    Kind(
        "final.remind", "the final questions are not done", guards.final_open, _client, 12 * HOUR,
        "the final questions are not finished and not closed", keeps=12 * HOUR,
    ),
    Kind(
        "final.rate", "ratings at the end", guards.unrated(8), _themselves, TO_RATE,
        "a client is not rated", keeps=TO_RATE, sort=STAFF, about=COACH, awaits=instruments.RATINGS,
    ),
    Kind(
        "graduation", "the programme is finished", guards.complete, _client, None,
        "complete by the edition’s rule", sort=STATE, to_graduates=True,
    ),
    Kind(
        "graduation.gap", "something is open at the end", guards.incomplete, _client, None,
        "not complete by the edition’s rule", sort=STATE,
    ),
    Kind(
        "graduation.note", "who has finished", guards.somebody_came_through, _coaches_and_admins, None,
        "the cohort has clients", sort=STAFF, about=COHORT,
    ),
    *(
        Kind(
            f"alumni.{months}", f"{months} months after", guards.asked_after(months), _graduate, 21 * DAY,
            "consented and not answered", sort=NUDGE, about=PERSON, awaits=instruments.CHECK_INS,
        )
        for months in (3, 6, 12)
    ),
    Kind(
        "admin.weekly", "an admin’s week", guards.cohort_runs, _admins, 3 * DAY,
        "the cohort runs and has clients", keeps=3 * DAY, sort=STAFF, about=COHORT,
    ),
    Kind(
        "retention.audio", "recordings will be deleted", guards.recordings_at_stake, _graduate, 6 * DAY,
        "recordings are not kept", sort=STATE, about=PERSON, awaits=instruments.KEEPING,
    ),
)  # fmt: skip
KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}

# What about a client is told to staff and not to them, and what to their coaches besides or instead.
TOLD_TO_STAFF = [kind.name for kind in _ALL if kind.audience in (_reviewers, _reviewers_and_admins)]
TOLD_TO_COACHES = TOLD_TO_STAFF + [
    kind.name for kind in _ALL if kind.audience in (_client_and_coaches, _both_of_a_call)
]


def reason_against(milestone: Milestone, *, at: datetime) -> str | None:
    """Why this milestone has no effect at this instant, or None."""
    kind = KINDS[milestone.kind]
    if kind.usable_for is not None and at - milestone.due_at > kind.usable_for:
        return "stale: too late to be of use"
    return guard_reason(milestone, at=at)


def told(milestone: Milestone) -> list[Audience]:
    """Whom it tells: of what its cohort does without, nobody."""
    audience = KINDS[milestone.kind].audience(milestone)
    return [one for one in audience if not choices.is_left_out(milestone.home, one.kind)]


def _tells_nobody(milestone: Milestone) -> bool:
    """Whether its cohort does without all it would say."""
    names = [milestone.kind, f"{milestone.kind}.coach"] if milestone.kind in TOLD_TO_COACHES else [milestone.kind]
    return all(choices.is_left_out(milestone.home, name) for name in names)


def guard_reason(milestone: Milestone, *, at: datetime) -> str | None:
    """The guard alone, whatever the hour: also asked when a message leaves."""
    kind = KINDS[milestone.kind]
    if not kind.is_switched_on:
        return f"waits for {kind.awaits}"
    if _tells_nobody(milestone):
        return LEFT_OUT
    if milestone.enrolment and (reason := _is_over(kind, milestone.enrolment)):
        return reason
    if kind.sort != STAFF and milestone.enrolment and milestone.enrolment.is_on_hold:
        return "the client is on hold"
    return kind.guard(milestone, at)


def _is_over(kind: Kind, enrolment: Enrolment) -> str | None:
    """Why nothing of this kind reaches this client any more."""
    has_finished = enrolment.state == Enrolment.State.COMPLETED
    return None if kind.to_graduates and has_finished else guards.walks(enrolment)


# What a milestone's guard and letter read, in a fixed number of queries.
LOADED = ("enrolment__client", "enrolment__cohort__edition", "cohort__edition", "person")
COUNTED = (
    *deadlines.named_from("enrolment"),
    *(f"cohort__{name}" for name in deadlines.OF_A_COHORT),
    "person__zone_changes",
)
