"""The promotion case as homework: one page as it will print, edited in place."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from clients.ledger_fields import FACTORS
from clients.models import Submission

if TYPE_CHECKING:
    from coaching.web.client.forms import AnswerForm

LEVEL, CRITERIA, TECHNICAL, ASK, CONVERSATION, SCRIPT = (
    "level", "criteria_source", "technical_line", "ask", "conversation_date", "script",
)  # fmt: skip
GAP = ("gap_what", "gap_plan", "gap_by")
KEYS = ({"keys": ("A",), "label": gettext_lazy("add from the ledger")},)


def context(piece: Submission, form: "AnswerForm", typed: dict[str, Any], at: datetime) -> dict[str, Any]:
    _as_on_paper(form)
    questions = {question.definition.key: question for question in form.questions()}
    return {
        "level": questions.get(LEVEL),
        "criteria": questions.get(CRITERIA),
        "factors": [
            (name, questions.get(f"claim_{key}"), questions.get(f"evidence_{key}")) for key, name in FACTORS.items()
        ],
        "technical": questions.get(TECHNICAL),
        "gap": [questions[key] for key in GAP if key in questions],
        "ask": questions.get(ASK),
        "conversation": questions.get(CONVERSATION),
        "script": questions.get(SCRIPT),
        "keys": KEYS,
    }


def _as_on_paper(form: "AnswerForm") -> None:
    """What a field asks stands in it until something is written, and it is as tall as what is."""
    for key, field in form.asked.items():
        if field.kind == "line":  # a title that is long goes on in a second line
            form.fields[key].widget = forms.Textarea({"class": "input"})
        if field.is_text and key != SCRIPT:
            form.fields[key].widget.attrs |= {"placeholder": field.help or field.label, "rows": 1}
