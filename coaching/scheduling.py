"""Planning milestones: what lies ahead of a client, a cohort or a coach, and what something that happens sets going.

Rows are a cache of the rules: every change of a schedule rewrites what is pending in its own transaction, and
what has fired is never touched. Every plan is safe to make again: rows are unique. `firing` makes them happen.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from clients import deadlines, dues, messaging
from clients.models import Attempt, Cohort, Enrolment, User
from curriculum import editions, moments
from curriculum.models import Edition, MilestonePlan

from . import caseload, instruments, plans, promises, together
from .milestones import CLIENT, COACH, COHORT, KINDS
from .models import Feedback, Milestone, Substitution
from .places import Happening, Places, stands

State, Event = Milestone.State, MilestonePlan.Event
REVISE, CALL, KICK_OFF, SESSION = "revise.remind", "midpoint.call", "kickoff", "session.remind"
LONGEST_AFTER = timedelta(days=400)  # nothing comes later than a year and some weeks after somebody has finished
LEFT = "the client has left the cohort"
OF_THE_LAST = ("occurrence", "due_at", "wall", "state")


# --- What lies ahead ------------------------------------------------------------------------------


@transaction.atomic
def plan(enrolment: Enrolment, *, at: datetime) -> None:
    """Write down every weekly milestone of a client that still lies ahead."""
    enrolment = _with_dates(enrolment)
    _put(_weekly(enrolment.cohort.edition, CLIENT, at, enrolment=enrolment), at)


@transaction.atomic
def plan_clients(cohort: Cohort, *, at: datetime) -> None:
    """The same for every client of a cohort at once, where it is not there yet."""
    clients = list(Enrolment.objects.active().filter(cohort=cohort).values_list("pk", flat=True))
    planned = Milestone.objects.filter(enrolment__in=clients, object_id=None)
    there = set(planned.values_list("enrolment", "kind", "rung", "week"))
    missing = [
        Milestone(kind=rule.kind, rung=rule.rung, week=week, enrolment_id=client)
        for rule, week in _moments(cohort.edition, CLIENT)
        for client in clients
        if (client, rule.kind, rule.rung, week) not in there
    ]
    anew = Places(together.with_whom(missing), at)
    for row in missing:
        anew.place(row)
    _put(missing, at)


@transaction.atomic
def plan_cohort(cohort: Cohort, *, at: datetime) -> None:
    """What is for a whole cohort."""
    _put(_weekly(cohort.edition, COHORT, at, cohort=cohort), at)


@transaction.atomic
def plan_coach(cohort: Cohort, coach: User, *, at: datetime) -> None:
    """What is for one coach in a cohort, and their mornings, which are theirs however many cohorts they have."""
    _put(_weekly(cohort.edition, COACH, at, cohort=cohort, person=coach), at)
    plan_mornings(coach, at=at)


def plan_mornings(coach: User, *, at: datetime) -> None:
    """From the next weekday on, unless they have them already."""
    if not Milestone.objects.filter(kind=plans.DIGEST, person=coach, state=State.PENDING).exists():
        _put([_morning(coach, at)], at)


def _with_dates(enrolment: Enrolment) -> Enrolment:
    fresh = deadlines.with_calendar(Enrolment.objects.all()).get(pk=enrolment.pk)
    fresh.cohort.keep_calendar()
    deadlines.keep_dates([fresh])
    return fresh


def _weekly(edition: Edition, about: str, at: datetime, **whose: Any) -> Iterator[Milestone]:
    """A row for every moment of the calendar's weeks, past ones too, of the kinds that name such a one."""
    for rule, week in _moments(edition, about):
        yield plans.place(Milestone(kind=rule.kind, rung=rule.rung, week=week, **whose), rule, at=at)


def _moments(edition: Edition, about: str) -> Iterator[tuple[MilestonePlan, int]]:
    weeks = set(edition.weeks.values_list("number", flat=True))
    for rule in _switched_on(edition):
        if KINDS[rule.kind].about == about and not rule.starts_from:
            for week in sorted(weeks.intersection(rule.weeks)):
                yield rule, week


def _switched_on(edition: Edition) -> list[MilestonePlan]:
    """The rules whose kind waits for nothing. An edition may have rules of kinds nobody knows any more."""
    rules = editions.plans_of(edition).values()
    return [rule for rule in rules if rule.kind in KINDS and KINDS[rule.kind].is_switched_on]


def _morning(coach: User, after: datetime) -> Milestone:
    """The next weekday's list of a coach, by their own clock. Its day makes it one of a kind."""
    wall = plans.next_morning(coach.zone, after=after)
    row = Milestone(kind=plans.DIGEST, person=coach, object_id=wall.toordinal(), zone=coach.zone)
    row.wall, row.due_at = wall.replace(tzinfo=UTC), moments.to_utc(wall, coach.zone)
    return row


def _put(rows: Iterable[Milestone], at: datetime) -> None:
    """Those that lie ahead and are not there yet."""
    Milestone.objects.bulk_create([row for row in rows if row.due_at > at], ignore_conflicts=True)


# --- What something sets going --------------------------------------------------------------------


@transaction.atomic
def plan_review(attempt: Attempt, *, at: datetime) -> None:
    """From a hand-in on, the promise of a review is watched."""
    piece = attempt.submission
    about = {"enrolment": piece.enrolment, "week": piece.exercise.week.number, "object_id": attempt.pk}
    _watch(piece.enrolment.cohort.edition, Event.HAND_IN, attempt.handed_in_at, at, **about)


@transaction.atomic(savepoint=False)
def plan_next_attempt(feedback: Feedback, *, at: datetime) -> None:
    """Another attempt was asked for: its client is reminded of it once."""
    if feedback.verdict == Feedback.Verdict.ANOTHER:
        piece = feedback.attempt.submission
        about = {"enrolment": piece.enrolment, "week": piece.exercise.week.number, "object_id": feedback.pk}
        _watch(piece.enrolment.cohort.edition, Event.ASKED_AGAIN, feedback.shown_from, at, **about)


def _watch(edition: Edition, event: str, began: datetime, at: datetime, **about: Any) -> None:
    """One row for every moment that is counted from this event, whether it lies ahead or not."""
    rules = [rule for rule in _switched_on(edition) if rule.starts_from == event]
    blank = [(Milestone(kind=rule.kind, rung=rule.rung, **about), rule) for rule in rules]
    rows = [plans.place(row, rule, at=at, began=began) for row, rule in blank]
    Milestone.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def plan_session(cohort: Cohort, *, number: int, week: int, at: datetime) -> None:
    """A live session was planned, moved or cancelled: its reminders follow. What has gone out comes again if it moved.

    `number` is what the instrument finds the session by; week 0 has the kick-off.
    """
    kind = SESSION if week else KICK_OFF
    if instruments.occasion(instruments.SESSIONS, number) is None:
        _cancel(Milestone.objects.filter(kind=kind, object_id=number), reason="it was cancelled")
        return
    for rule in _switched_on(cohort.edition):
        if rule.kind == kind:
            _move(Milestone(kind=kind, rung=rule.rung, cohort=cohort, week=week, object_id=number), rule, at)


@transaction.atomic
def plan_call(enrolment: Enrolment, *, number: int, week: int, at: datetime) -> None:
    """A midpoint call was booked, moved or cancelled: both are reminded of it where it is now."""
    kind = CALL
    if instruments.occasion(instruments.CALLS, number) is None:
        _cancel(Milestone.objects.filter(kind=kind, object_id=number), reason="it was cancelled")
        return
    for rule in _switched_on(enrolment.cohort.edition):
        if rule.kind == kind:
            _move(Milestone(kind=kind, rung=rule.rung, enrolment=enrolment, week=week, object_id=number), rule, at)


@transaction.atomic
def plan_alumnus(enrolment: Enrolment, *, at: datetime) -> None:
    """Somebody has finished: what comes months later is theirs, whatever becomes of the cohort."""
    _put(_months_later(enrolment, _switched_on(enrolment.cohort.edition), at), at)


@transaction.atomic
def plan_alumni(*, at: datetime) -> int:
    """The same for whoever has finished, where it is not there yet, since what it waited for may have come. How many.

    The queries do not grow with the people.
    """
    rows = Enrolment.objects.filter(state=Enrolment.State.COMPLETED, left_at__gt=at - LONGEST_AFTER)
    alumni = list(rows.select_related("client", "cohort__edition"))
    rules = {edition: _switched_on(edition) for edition in {alumnus.cohort.edition for alumnus in alumni}}
    after = Milestone.objects.filter(cohort=None, enrolment=None, object_id__in=[alumnus.pk for alumnus in alumni])
    there = set(after.values_list("person", "object_id", "kind", "rung"))
    found = (row for one in alumni for row in _months_later(one, rules[one.cohort.edition], at) if row.due_at > at)
    missing = [row for row in found if (row.person_id, row.object_id, row.kind, row.rung) not in there]
    _put(missing, at)
    return len(missing)


def _months_later(enrolment: Enrolment, rules: list[MilestonePlan], at: datetime) -> Iterator[Milestone]:
    for rule in rules:
        if rule.starts_from == Event.GRADUATION:
            row = Milestone(kind=rule.kind, rung=rule.rung, person=enrolment.client, object_id=enrolment.pk)
            yield plans.place(row, rule, at=at, began=enrolment.left_at)


@transaction.atomic
def follow_what_happens(edition: Edition, happenings: Sequence[Happening], *, at: datetime) -> int:
    """Put what is counted from these where it belongs; how many did not stand there. Two queries while all do."""
    numbers = [one.about["object_id"] for one in happenings]
    rows = Milestone.objects.filter(kind__in={one.kind for one in happenings}, object_id__in=numbers)
    last = {(row.kind, row.rung, row.object_id): row for row in rows.order_by("occurrence")}
    rules, wrong = _switched_on(edition) if happenings else [], 0
    for one in happenings:
        for rule in (rule for rule in rules if rule.kind == one.kind):
            fresh = Milestone(kind=one.kind, rung=rule.rung, **one.about)
            plans.place(fresh, rule, at=at, began=one.began)
            if not stands(last.get((fresh.kind, fresh.rung, fresh.object_id)), fresh, at):
                _move(fresh, rule, at)
                wrong += 1
    return wrong


def _move(fresh: Milestone, rule: MilestonePlan, at: datetime) -> None:
    """Put the moment where its event is now: the row that waits, or the next occurrence after one that does not."""
    plans.place(fresh, rule, at=at)
    about = {"cohort": fresh.cohort, "enrolment": fresh.enrolment, "object_id": fresh.object_id}
    rows = Milestone.objects.select_for_update().filter(kind=fresh.kind, rung=fresh.rung, **about)
    last = rows.order_by("occurrence").last()
    if stands(last, fresh, at):
        return
    if last and last.state == State.PENDING:
        last.due_at, last.plan_version = fresh.due_at, fresh.plan_version
        last.save(update_fields=["due_at", "plan_version"])
        return
    fresh.occurrence = last.occurrence + 1 if last else 1
    _put([fresh], at)


def follow(milestone: Milestone, *, fired: bool, at: datetime) -> None:
    """What a milestone leaves behind, in its own transaction: the next of what repeats, a coach's next morning."""
    if milestone.kind == plans.DIGEST:
        if _has_mornings(milestone.person, at):
            usable = KINDS[plans.DIGEST].usable_for or timedelta()  # this morning's may still be of use
            after = max(milestone.due_at, at - usable)
            Milestone.objects.bulk_create([_morning(milestone.person, after)], ignore_conflicts=True)
        return
    rule = plans.plan_of(milestone)
    if fired and rule.repeat_hours:
        about = {"enrolment": milestone.enrolment, "week": milestone.week, "object_id": milestone.object_id}
        step = timedelta(hours=rule.repeat_hours)
        stops = promises.stops_for(milestone.enrolment)
        ahead = max(1, -(-promises.running(milestone.due_at, at, stops) // step))  # the days that were missed are past
        next_one = Milestone(kind=rule.kind, rung=rule.rung, occurrence=milestone.occurrence + ahead, **about)
        Milestone.objects.bulk_create([plans.place(next_one, rule, at=at)], ignore_conflicts=True)


def _has_mornings(coach: User, at: datetime) -> bool:
    """Whether somebody coaches a cohort that is open, or stands in for a coach now or later."""
    windows = Substitution.objects.not_over(at).filter(substitute=coach)
    return caseload.coached_by(coach).filter(closed_at=None).exists() or windows.exists()


# --- What comes to nothing ------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def cancel_review(attempt: Attempt, *, reason: str) -> int:
    """The attempt no longer waits."""
    return _cancel(Milestone.objects.filter(kind__startswith="review.", object_id=attempt.pk), reason=reason)


@transaction.atomic(savepoint=False)
def resume_review(attempt: Attempt, *, at: datetime) -> int:
    """The feedback was undone within its ten seconds: the promise is watched as before.

    Whoever was to be reminded of a next attempt is not: the feedback is gone, and the guard says so.
    """
    cancelled = Milestone.objects.filter(
        kind__startswith="review.", object_id=attempt.pk, state=State.CANCELLED, reason="feedback was sent"
    )
    return cancelled.update(state=State.PENDING, reason="")


@transaction.atomic
def cancel_all(enrolment: Enrolment, *, reason: str) -> int:
    """The client has left: nothing more comes."""
    messaging.cancel(reason, cohort=enrolment.cohort, person=enrolment.client)
    return _cancel(Milestone.objects.filter(enrolment=enrolment), reason=reason)


@transaction.atomic
def cancel_cohort(cohort: Cohort, *, reason: str) -> int:
    """The cohort goes on no more. What comes to graduates months later names them alone, and comes."""
    return _cancel(Milestone.objects.of_cohort(cohort), reason=reason)


@transaction.atomic
def cancel_coach(cohort: Cohort, coach: User, *, reason: str) -> int:
    """Somebody coaches a cohort no longer. Their mornings end with the last one."""
    return _cancel(Milestone.objects.filter(cohort=cohort, person=coach), reason=reason)


def _cancel(rows, *, reason: str) -> int:
    return rows.filter(state=State.PENDING).update(state=State.CANCELLED, reason=reason)


# --- Planning anew --------------------------------------------------------------------------------


@transaction.atomic
def replan_cohort(cohort: Cohort, *, at: datetime) -> int:
    """Dates moved: rewrite what is pending. What has fired is never touched."""
    return _replan(Milestone.objects.of_cohort(cohort), at)


@transaction.atomic
def replan_person(person: User, *, at: datetime) -> int:
    """The person's zone moved."""
    return _replan(Milestone.objects.filter(Q(enrolment__client=person) | Q(person=person)), at)


@transaction.atomic
def replan_enrolment(enrolment: Enrolment, *, at: datetime) -> int:
    """The dates of one client moved."""
    return _replan(Milestone.objects.filter(enrolment=enrolment), at)


def follow_what_is_missing(enrolment: Enrolment, *, at: datetime) -> int:
    """Where something has more time, what reminds of the week follows what is left."""
    return replan_enrolment(enrolment, at=at) if dues.has_more(enrolment) else 0


def _replan(which, at: datetime) -> int:
    """How many of these have moved, or come again: what has reminded of a due time reminds of a later one as well."""
    rows = list(which.filter(state=State.PENDING).select_for_update(of=("self",)).order_by("pk"))
    over = _over(which, rows)
    together.with_whom([*rows, *(row for row, _reminded in over)])
    anew, moved = Places(rows, at), []
    for row in rows:
        before = row.due_at, row.wall, row.zone, row.plan_version
        anew.place(row)
        if (row.due_at, row.wall, row.zone, row.plan_version) != before:
            moved.append((row, before[0] != row.due_at))
    _write(row for row, _is_elsewhere in moved)
    clients = {row.enrolment_id: row.enrolment for row, _is_elsewhere in moved if row.enrolment_id}
    still = {pk for pk, client in clients.items() if client.is_on_hold}  # planned anew when they go on
    elsewhere = sum(is_elsewhere for row, is_elsewhere in moved if row.enrolment_id not in still)
    return elsewhere + _remind_again(over, anew, at)


def _over(which, waiting: list[Milestone]) -> list[tuple[Milestone, datetime]]:
    """What would come after what has reminded clients of the due time of a week, and by which clock time that did."""
    walking = {"enrolment__state": Enrolment.State.ACTIVE, "enrolment__cohort__closed_at": None}
    rows = which.filter(kind__in=plans.FOLLOW_THE_DUE_TIME, **walking).exclude(state=State.PENDING)
    found = rows.order_by("occurrence").values_list("enrolment", "kind", "rung", "week", *OF_THE_LAST)
    last = {row[:4]: row for row in found}
    for row in waiting if last else ():
        last.pop((row.enrolment_id, row.kind, row.rung, row.week), None)
    return [
        (Milestone(enrolment_id=whose, kind=kind, rung=rung, week=week, occurrence=occurrence + 1, due_at=due), wall)
        for whose, kind, rung, week, occurrence, due, wall, state in last.values()
        if state in (State.FIRED, State.SKIPPED) and wall
    ]


def _remind_again(over: list[tuple[Milestone, datetime]], anew: Places, at: datetime) -> int:
    """Where the due time is now on a later day of the client's clock. Who is on hold goes on with other dates."""
    again = []
    for row, reminded in over:
        anew.place(row)
        is_later = row.due_at > at and row.wall and row.wall.date() > reminded.date()
        if is_later and not row.enrolment.is_on_hold:
            again.append(row)
    return len(Milestone.objects.bulk_create(again, ignore_conflicts=True))


WRITE = """
UPDATE coaching_milestone AS row
   SET due_at = fresh.due_at, wall = fresh.wall, zone = fresh.zone, plan_version = fresh.plan_version
  FROM unnest(%s::bigint[], %s::int[]) AS moved (id, place)
  JOIN unnest(%s::int[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::int[])
    AS fresh (place, due_at, wall, zone, plan_version) USING (place)
 WHERE row.id = moved.id
"""


def _write(rows: Iterable[Milestone]) -> None:
    """All of them in one statement, however many; where many have moved to, once."""
    places: dict[tuple[datetime, datetime | None, str, int], int] = {}
    moved = [
        (row.pk, places.setdefault((row.due_at, row.wall, row.zone, row.plan_version), len(places))) for row in rows
    ]
    if moved:
        fresh = [list(column) for column in zip(*places, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [*map(_array, zip(*moved, strict=True)), list(range(len(places))), *fresh])


def _array(numbers: Iterable[int]) -> str:
    """As the database writes an array; the driver takes ten times as long over tens of thousands."""
    return "{" + ",".join(map(str, numbers)) + "}"
