"""1:1s with one's manager: planned in words, held, and done once what was promised is done or let go.

`OneOnOne.MOVES` is the table of states. An action's `done` is None while it is open, True once it happened, and False
once it was let go.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from curriculum import moments, moves
from curriculum.moves import Planner

from . import copies, deadlines, evidence, evidencing, plan_fields, recording
from .models import Attempt, Enrolment, LedgerLine, OneOnOne, User
from .plan_fields import ACTIONS, DATE, HEARD, LINES, STATUS, WITH

State = OneOnOne.State


class CannotPlan(ValidationError):
    """Not now: the planner is not open, or the 1:1 is past this."""


class PlanRejected(ValidationError):
    """It cannot be kept like this. `by_field` maps fields to sentences that say what to mend."""

    def __init__(self, by_field: dict[str, list[str]]):
        super().__init__(_("Some fields need a look before this can be kept."), code="one_on_one.incomplete")
        self.by_field = by_field


# --- Refusals -----------------------------------------------------------------------------------


def plan_refusal(enrolment: Enrolment, *, by: User, at: datetime) -> Exception | None:
    if refusal := evidencing.keeping_refusal(enrolment, by=by, at=at):
        return refusal
    planner = moves.of_edition(enrolment.cohort.edition_id)
    if planner is None:
        return CannotPlan(_("This programme has no planner for 1:1s."), code="planner.none")
    if not deadlines.is_open(enrolment, planner.week, at=at):
        said = {"week": planner.week}
        return CannotPlan(_("The planner opens with week %(week)s.") % said, code="planner.locked")
    return None


def change_refusal(one: OneOnOne, *, by: User, at: datetime) -> Exception | None:
    if refusal := plan_refusal(one.enrolment, by=by, at=at):
        return refusal
    if one.state != State.PLANNED:
        return CannotPlan(_("This 1:1 was held; its plan stays as it was."), code="one_on_one.held")
    return None


def hold_refusal(one: OneOnOne, *, by: User, at: datetime) -> Exception | None:
    if refusal := plan_refusal(one.enrolment, by=by, at=at):
        return refusal
    if one.date > _today(one.enrolment, at):
        return CannotPlan(
            _("This 1:1 is still to come. Write what you heard once it was held, or change its date."),
            code="one_on_one.to_come",
        )
    if one.state == State.DONE:
        return CannotPlan(_("This 1:1 is done. Open one of its promises again to change it."), code="one_on_one.done")
    return None


def close_action_refusal(one: OneOnOne, *, by: User, at: datetime) -> Exception | None:
    if refusal := plan_refusal(one.enrolment, by=by, at=at):
        return refusal
    if one.state == State.PLANNED:
        return CannotPlan(_("Nothing is promised here yet; this 1:1 was not held."), code="one_on_one.not_held")
    return None


def remove_refusal(one: OneOnOne, *, by: User, at: datetime) -> Exception | None:
    if refusal := plan_refusal(one.enrolment, by=by, at=at):
        return refusal
    if one.submission_id:
        return CannotPlan(_("This one came out of your homework, so it stays."), code="one_on_one.homework")
    return None


# --- Operations ---------------------------------------------------------------------------------


@transaction.atomic
def plan(
    enrolment: Enrolment,
    *,
    content: dict[str, Any],
    date: str,
    with_whom: str,
    lines: Iterable[int],
    client_key: str,
    by: User,
    at: datetime,
) -> OneOnOne:
    """Plan a 1:1. The same `client_key` again is the same plan again, however often it is sent.

    `lines` are numbers of ledger lines for the pair. Raises PlanRejected with what to mend, or a refusal.
    """
    enrolment = evidencing.locked(enrolment)
    if repeat := OneOnOne.objects.filter(enrolment=enrolment, enrolment__client=by, client_key=client_key).first():
        return repeat
    if refusal := plan_refusal(enrolment, by=by, at=at):
        raise refusal
    kept, chosen = _whole(enrolment, content | {DATE: date, WITH: with_whom}, lines, at)
    one = OneOnOne.objects.create(enrolment=enrolment, client_key=client_key, planned_at=at, **kept)
    one.lines.set(chosen)
    recording.record("planned 1:1", one, by=by, at=at, cohort=enrolment.cohort)
    return one


@transaction.atomic
def change(
    one: OneOnOne,
    *,
    content: dict[str, Any],
    date: str,
    with_whom: str,
    lines: Iterable[int],
    by: User,
    at: datetime,
) -> OneOnOne:
    """Change the plan of a 1:1 that was not held yet. An attempt handed in with it stays as it was."""
    one = _locked(one)
    if refusal := change_refusal(one, by=by, at=at):
        raise refusal
    kept, chosen = _whole(one.enrolment, content | {DATE: date, WITH: with_whom}, lines, at)
    _save(one, kept)
    one.lines.set(chosen)
    recording.record("changed 1:1", one, by=by, at=at, cohort=one.enrolment.cohort)
    return one


@transaction.atomic
def hold(
    one: OneOnOne,
    *,
    heard: str,
    actions: list[dict[str, Any]],
    status_sent_before: str,
    by: User,
    at: datetime,
) -> OneOnOne:
    """Write down what was heard and what follows from it, or put that right. Promises kept or let go stay so."""
    one = _locked(one)
    if refusal := hold_refusal(one, by=by, at=at):
        raise refusal
    planner = _planner(one.enrolment)
    raw = {HEARD: heard, ACTIONS: actions, STATUS: status_sent_before}
    said = plan_fields.shape(plan_fields.asked_when_held(planner), raw)
    if by_field := plan_fields.held_problems(planner, said, _today(one.enrolment, at), one.actions):
        raise PlanRejected(by_field)
    _held(one, said, at)
    recording.record("held 1:1", one, by=by, at=at, cohort=one.enrolment.cohort)
    return one


@transaction.atomic
def close_action(one: OneOnOne, *, index: int, done: bool | None, by: User, at: datetime) -> OneOnOne:
    """Whether a promise was kept (True), was let go (False), or is open still (None). The last one closed is done."""
    one = _locked(one)
    if refusal := close_action_refusal(one, by=by, at=at):
        raise refusal
    if not 0 <= index < len(one.actions):
        raise CannotPlan(_("There is no such promise in this 1:1."), code="one_on_one.no_action")
    one.actions[index]["done"] = done
    _settle(one, at)
    recording.record("answered for a promise", one, by=by, at=at, cohort=one.enrolment.cohort)
    return one


@transaction.atomic
def remove(one: OneOnOne, *, by: User, at: datetime) -> None:
    one = _locked(one)
    if refusal := remove_refusal(one, by=by, at=at):
        raise refusal
    recording.record("removed 1:1", one, by=by, at=at, cohort=one.enrolment.cohort)
    one.delete()


@transaction.atomic
def take_over(attempt: Attempt, *, at: datetime) -> OneOnOne | None:
    """A plan handed in as homework becomes a 1:1 of its client's, or changes the one it became before.

    Nothing of the attempt is changed, and what was written down as heard is never unwritten by it.
    """
    submission = attempt.submission
    if submission.exercise.settings.get("instrument") != moves.PLANNER:
        return None
    planner, answer = moves.of(submission.exercise), attempt.answer
    one = OneOnOne.objects.select_for_update(of=("self",)).filter(submission=submission).first() or OneOnOne(
        enrolment=submission.enrolment, submission=submission, client_key=f"homework-{submission.pk}", planned_at=at
    )
    one.date, one.with_whom = date.fromisoformat(answer[DATE]), answer[WITH]
    one.content = {key: answer.get(key) or "" for key in planner.keys}
    one.save()
    one.lines.set(_chosen(submission.enrolment, copies.ids(planner.further[LINES], answer.get(LINES) or [])))
    if answer.get("stage") == State.HELD:
        _held(one, {key: answer[key] for key in (HEARD, ACTIONS, STATUS)}, at)
    recording.record("took over 1:1", one, by=submission.enrolment.client, at=at, cohort=submission.enrolment.cohort)
    return one


# --- Inside ---------------------------------------------------------------------------------------


def _locked(one: OneOnOne) -> OneOnOne:
    """The record's owner first, then the row as it is now."""
    enrolment = evidencing.locked(one.enrolment)
    found = OneOnOne.objects.select_for_update(of=("self",)).filter(pk=one.pk).first()
    if found is None:
        raise CannotPlan(_("This 1:1 is no longer in your planner."), code="one_on_one.gone")
    found.enrolment = enrolment
    return found


def _planner(enrolment: Enrolment) -> Planner:
    planner = moves.of_edition(enrolment.cohort.edition_id)
    assert planner is not None  # the refusals look first
    return planner


def _today(enrolment: Enrolment, at: datetime) -> date:
    return moments.to_wall(at, enrolment.client.zone).date()


def _whole(
    enrolment: Enrolment, raw: dict[str, Any], lines: Iterable[int], at: datetime
) -> tuple[dict[str, Any], list[LedgerLine]]:
    """The columns of a plan and the lines it rests on, or PlanRejected."""
    planner, wanted = _planner(enrolment), list(dict.fromkeys(lines))
    shaped = plan_fields.shape(plan_fields.asked_to_plan(planner), raw)
    by_field = plan_fields.plan_problems(planner, shaped, _today(enrolment, at))
    chosen = _chosen(enrolment, wanted)
    if len(chosen) < len(wanted):
        by_field[LINES] = [copies.MISSING["lines"]()]
    if by_field:
        raise PlanRejected(by_field)
    content = {key: shaped[key] for key in planner.keys}
    return {"content": content, "date": date.fromisoformat(shaped[DATE]), "with_whom": shaped[WITH]}, chosen


def _chosen(enrolment: Enrolment, wanted: list[int]) -> list[LedgerLine]:
    return [line for line in evidence.choices(enrolment) if line.pk in wanted]


def _held(one: OneOnOne, said: dict[str, Any], at: datetime) -> None:
    known = {(action["action"], action["by"]): action["done"] for action in one.actions}
    one.heard, one.status_sent_before = said[HEARD], said[STATUS] == "yes"
    one.actions = [
        {"action": row["action"], "by": row["by"], "done": known.get((row["action"], row["by"]))}
        for row in said[ACTIONS]
    ]
    _settle(one, at)


def _settle(one: OneOnOne, at: datetime) -> None:
    """Into the state that its promises say: held while one is open, done when none is."""
    state = State.HELD if any(action["done"] is None for action in one.actions) else State.DONE
    if one.state == State.PLANNED:
        one.state, one.held_at = State.HELD, at
    if state != one.state and one.can_move(state):
        one.state = state
    one.done_at = (one.done_at or at) if one.state == State.DONE else None
    _save(one, {})


def _save(one: OneOnOne, changes: dict[str, Any]) -> None:
    for name, content in changes.items():
        setattr(one, name, content)
    one.save()
