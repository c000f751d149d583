"""Correcting the record: the setting, three responses beside each other, what the third is like, its recording."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from clients.models import Submission
from curriculum import answers

if TYPE_CHECKING:
    from coaching.web.client.forms import AnswerForm, Question

GROUP = "responses"


def context(piece: Submission, form: "AnswerForm", typed: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The questions by where they stand: before the responses, the responses, about them, and after the recording."""
    questions = form.questions()
    places = [place for place, one in enumerate(questions) if one.definition.extra.get("group") == GROUP]
    first, last = (places[0], places[-1] + 1) if places else (0, 0)
    said = _spoken_from(piece, questions)
    return {
        "setting": questions[:first],
        "responses": questions[first:last],
        "about": questions[last:said],
        "after": questions[said:],
    }


def _spoken_from(piece: Submission, questions: list["Question"]) -> int:
    """Where the questions begin that stand behind the recording; at the end where nothing is recorded."""
    keys = [field.key for field in answers.fields_of(piece.exercise)]
    spoken = [field.key for field in answers.fields_of(piece.exercise) if field.kind == "audio"]
    behind = keys[keys.index(spoken[0]) + 1 :] if spoken else []
    return next((place for place, one in enumerate(questions) if one.definition.key in behind), len(questions))
