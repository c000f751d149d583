"""What a 1:1 asks when it is planned and when it was held, for every door alike.

The fields are those of the edition's planner. A plan is less strict than the homework: one move in words is enough,
because nobody needs all four every time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from curriculum import fields, values
from curriculum.fields import Field
from curriculum.moves import Planner

A_YEAR = timedelta(days=366)
DATE, WITH, LINES = "date", "with_whom", "ledger_refs"
HEARD, ACTIONS, STATUS = "heard", "will_do", "status_sent_before"
Problems = dict[str, list[str]]


def asked_to_plan(planner: Planner) -> tuple[Field, ...]:
    """The fields of a plan, in order, without the lines of the ledger."""
    day = replace(planner.further[DATE], help="", extra={})
    return (day, planner.further[WITH], *_of_the_moves(planner))


def asked_to_rest_on(planner: Planner) -> Field:
    """The lines of the ledger it rests on; a plan needs none."""
    return replace(planner.further[LINES], help="", required=False)


def asked_when_held(planner: Planner) -> tuple[Field, ...]:
    return tuple(planner.further[key] for key in (HEARD, ACTIONS, STATUS))


def _of_the_moves(planner: Planner) -> Iterator[Field]:
    """One move is enough, so that none is asked for."""
    for move in planner.moves:
        yield from (replace(field, required=False) for field in move.fields)


def shape(asked: Iterable[Field], raw: dict[str, Any]) -> dict[str, Any]:
    """Raw input in the types of its fields; texts without white space around them. Never refuses anything."""
    shaped = {one.key: values.value(one, raw.get(one.key)) for one in asked}
    return {key: content.strip() if isinstance(content, str) else content for key, content in shaped.items()}


def plan_problems(planner: Planner, plan: dict[str, Any], today: date) -> Problems:
    """Field → sentences that say what to mend; empty when the plan can be kept."""
    found = {one.key: fields.complaints(one, plan[one.key]) for one in asked_to_plan(planner)}
    if not found[DATE] and abs(date.fromisoformat(plan[DATE]) - today) > A_YEAR:
        found[DATE] = [_("Choose a day within a year from today.")]
    if not any(plan[move.words] for move in planner.moves):
        found[planner.moves[0].words].append(_("Write at least one move in the words you will use."))
    return {key: sentences for key, sentences in found.items() if sentences}


def held_problems(planner: Planner, said: dict[str, Any], today: date, known: list[dict[str, Any]]) -> Problems:
    """The same for what was heard. Dates of what was promised lie ahead; what stood there before keeps its date."""
    found = {one.key: fields.complaints(one, said[one.key], asked=True) for one in asked_when_held(planner)}
    if not found[ACTIONS]:
        found[ACTIONS] = list(_of_the_dates(planner.further[ACTIONS], said[ACTIONS], today, known))
    return {key: sentences for key, sentences in found.items() if sentences}


def _of_the_dates(field: Field, rows: list[dict[str, Any]], today: date, known: list[dict[str, Any]]) -> Iterator[str]:
    label = next(column.label for column in field.columns if column.key == "by")
    before = {(action["action"], action["by"]) for action in known}
    for row in rows:
        if (row["action"], row["by"]) not in before and date.fromisoformat(row["by"]) <= today:
            yield _("%(label)s: choose a day after today.") % {"label": label}
