"""The 1:1 planner as homework: four moves, what they rest on, and after the 1:1 what was heard."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from clients import one_on_ones
from clients.models import OneOnOne, Submission
from clients.plan_fields import ACTIONS, DATE, HEARD, LINES, STATUS, WITH
from curriculum import moves

if TYPE_CHECKING:
    from coaching.web.client.forms import AnswerForm

STAGE = "stage"
ASIDE = "coaching/client/instruments/planner_aside.html"
KEYS = ({"keys": ("A",), "label": gettext_lazy("add from the ledger")},)


def context(piece: Submission, form: "AnswerForm", typed: dict[str, Any], at: datetime) -> dict[str, Any]:
    planner = moves.of(piece.exercise)
    _as_buttons(form, STAGE, STATUS)
    questions = {question.definition.key: question for question in form.questions()}
    overview = one_on_ones.of(piece.enrolment)
    last = next((entry for entry in overview.entries if _is_before(entry.one, piece)), None) if overview else None
    return {
        "blocks": [(move, [questions[field.key] for field in move.fields]) for move in planner.moves],
        "ahead": [questions[key] for key in (DATE, WITH) if key in questions],
        "stage": questions.get(STAGE),
        "rests_on": questions.get(LINES),
        "status": questions.get(STATUS),
        "after": [questions[key] for key in (HEARD, ACTIONS) if key in questions],
        "shows_after": typed.get(STAGE) == OneOnOne.State.HELD or any(typed.get(key) for key in (HEARD, ACTIONS)),
        "overview": overview,
        "asks": last.open if last else (),
        "aside": ASIDE if overview and overview.entries else "",
        "keys": KEYS,
    }


def _as_buttons(form: "AnswerForm", *keys: str) -> None:
    """Two answers that are read at a glance."""
    for key in keys:
        if key in form.asked:
            form.fields[key].widget = forms.RadioSelect(choices=form.asked[key].options)


def _is_before(one: OneOnOne, piece: Submission) -> bool:
    """Whether it is another 1:1, and was held."""
    return one.submission_id != piece.pk and one.state != OneOnOne.State.PLANNED
