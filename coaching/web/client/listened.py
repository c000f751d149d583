"""What stands on a page about the listeners of a piece."""

from dataclasses import dataclass
from datetime import datetime

from clients import listening, receipts
from clients.models import Submission
from curriculum import answers


@dataclass(frozen=True)
class Listeners:
    """`form` is the form its buttons post through. `link` is there once, right after it was made."""

    receipts: list[receipts.Shown]
    form: str
    link: str = ""
    problem: str = ""

    @property
    def can_ask(self) -> bool:
        return sum(one.state == receipts.OPEN for one in self.receipts) < listening.OPEN_AT_MOST

    @property
    def marks(self) -> list[tuple[int, str]]:
        return [(value, str(label)) for value, label in receipts.MARKS.items()]


def of(piece: Submission, *, form: str, at: datetime) -> Listeners | None:
    """None for an exercise in which nothing is said."""
    if not any(field.kind == "audio" for field in answers.fields_of(piece.exercise)):
        return None
    return Listeners(receipts.of(piece, at=at), form)
