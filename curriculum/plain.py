"""An answer as plain text, to take along: every question with what was answered, as it stands.

No tags and no markup; what was ticked and what was left empty stays out.
"""

from typing import Any

from django.utils.translation import gettext as _

from . import answers, fields
from .fields import Field
from .models import Exercise

RULE = "\n\n"
NAMELESS = ("check", "tags")  # kinds that hold nothing to take along


def text_of(exercise: Exercise, answer: dict[str, Any]) -> str:
    """The whole answer, each question over what was answered."""
    shown = [field for field in answers.fields_of(exercise) if field.kind not in NAMELESS]
    parts = [f"{field.label}\n{words_of(field, answer[field.key])}" for field in shown if _is_there(field, answer)]
    return RULE.join([exercise.title, *parts]) + "\n"


def text_at(exercise: Exercise, answer: dict[str, Any], key: str) -> str:
    """What was answered to one question, in words; empty where nothing was, or where it is not asked."""
    field = next((one for one in answers.fields_of(exercise) if one.key == key), None)
    return words_of(field, answer[key]) if field and _is_there(field, answer) else ""


def _is_there(field: Field, answer: dict[str, Any]) -> bool:
    return not fields.is_empty(field, answer.get(field.key))


def words_of(field: Field, content: Any) -> str:
    """What was answered to one question, as it is read."""
    return WORDS.get(field.kind, _as_it_stands)(field, content)


def _as_it_stands(field: Field, content: Any) -> str:
    return str(content).strip()


def _choice(field: Field, content: Any) -> str:
    return dict(field.options).get(content, str(content))


def _multi(field: Field, content: Any) -> str:
    return ", ".join(label for option, label in field.options if option in content)


def _rows(field: Field, content: Any) -> str:
    return "\n".join(f"- {_cells(field, row)}" for row in content)


def _cells(field: Field, row: dict[str, Any]) -> str:
    cells = [(column.label, words_of(column, row[column.key])) for column in field.columns if _is_there(column, row)]
    return "; ".join(f"{label}: {text}" for label, text in cells)


def _audio(field: Field, content: Any) -> str:
    said = str(content.get("transcript") or "").strip()
    length = _("A recording of %(n)s seconds") % {"n": content.get("seconds", "")}
    return f"{length}\n{said}" if said else length


def _meetings(field: Field, content: Any) -> str:
    return "\n".join(f"- {one.get('date', '')} {one.get('title', '')}: {one.get('outcome', '')}" for one in content)


def _lines(field: Field, content: Any) -> str:
    return "\n".join(f"- {one.get('date', '')} {one.get('what', '')} {one.get('my_part', '')}" for one in content)


WORDS: dict[str, Any] = {
    "choice": _choice,
    "multi": _multi,
    "rows": _rows,
    "audio": _audio,
    "entries": _meetings,
    "lines": _lines,
}
