"""Which instrument a piece of homework is worked on with: its template, and what it shows besides the form.

An exercise names its instrument (`instrument:` in its file); without one it is worked on field by field. To add one:
a template `coaching/client/instruments/<name>.html`, a module here if it shows more than the form, a line below.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from clients.models import Submission
from curriculum.models import Exercise

from . import case, correction, planner, workbench

if TYPE_CHECKING:
    from coaching.web.client.forms import AnswerForm

Context = Callable[[Submission, "AnswerForm", dict[str, Any], datetime], dict[str, Any]]


def nothing_more(piece: Submission, form: "AnswerForm", typed: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Instrument:
    """`context` is given the piece, its form, the answer as typed and the instant; the template finds it as `tool`.

    Of what it gives the page itself reads `views` (key → label) with `mended_in` (field key → the view it stands in,
    `mended` for all others), `keys` for the sheet of keys, and `aside`, a template for what stands beside the text.
    """

    name: str
    context: Context = nothing_more

    @property
    def template(self) -> str:
        return f"coaching/client/instruments/{self.name}.html"


FIELDS = Instrument("fields")
INSTRUMENTS = {
    "fields": FIELDS,
    "answers": Instrument("answers"),
    "log": Instrument("log"),
    "studio": Instrument("studio"),
    "case": Instrument("case", case.context),
    "planner": Instrument("planner", planner.context),
    "workbench": Instrument("workbench", workbench.context),
    "correction": Instrument("correction", correction.context),
}


def of(exercise: Exercise) -> Instrument:
    """The instrument of an exercise. One that this version does not have is worked on field by field."""
    return INSTRUMENTS.get(exercise.settings.get("instrument", _of_old(exercise)), FIELDS)


def _of_old(exercise: Exercise) -> str:
    """Editions of before name no instrument; their four answers stand as cards all the same, and sound is recorded."""
    if exercise.kind == Exercise.Kind.AUDIO60:
        return "studio"
    return "answers" if exercise.first_read.get("profile") == "answers" else "fields"
