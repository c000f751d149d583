"""The promotion case as plain data: what stands on its one page, from a draft or as it was handed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curriculum import answers, fields, moments
from curriculum.fields import Field
from curriculum.models import Exercise

from . import attempts, copies
from .evidence import Evidence, proof
from .ledger_fields import FACTORS
from .models import Attempt, Enrolment, Submission

CASE = "case"  # the instrument it is written with


BUILT_ON = {
    "written": gettext_lazy("Built on the written criteria"),
    "manager": gettext_lazy("Built on my manager's words"),
    "both": gettext_lazy("Built on the written criteria and my manager's words"),
    "own_reading": gettext_lazy("Built on my own reading of the job"),
}


@dataclass(frozen=True)
class Factor:
    """One of the four factors: a claim, and what proves it."""

    key: str
    name: str
    claim: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Case:
    """`attempt` is the number of the attempt it was handed in as, `handed_in_at` when; None for a draft."""

    name: str
    zone: str
    level: str
    criteria: str
    factors: tuple[Factor, ...]
    technical_line: str
    gap_what: str
    gap_plan: str
    gap_by: date | None
    ask: str
    conversation_on: date | None
    script: str
    attempt: int | None
    handed_in_at: datetime | None

    def day(self, at: datetime) -> date:
        """The day it is dated with, where its client lives: when it was handed in, or for a draft today."""
        return moments.to_wall(self.handed_in_at or at, self.zone).date()

    @property
    def title(self) -> str:
        return self.level or _("Promotion case")

    @property
    def is_blank(self) -> bool:
        texts = (self.level, self.technical_line, self.gap_what, self.gap_plan, self.ask, self.script)
        return not any(texts) and not any(factor.claim or factor.evidence for factor in self.factors)


def is_case(exercise: Exercise) -> bool:
    return exercise.settings.get("instrument") == CASE


def of_draft(submission: Submission) -> Case:
    """The case as its client is writing it, with the lines it names as they are now."""
    return _case(submission, submission.draft, lambda named: _rows(submission, named))


def of_attempt(attempt: Attempt) -> Case:
    """The case as it was handed in, with the copies it keeps."""
    return _case(attempt.submission, attempt.answer, lambda named: named, attempt)


def newest(enrolment: Enrolment) -> Case | None:
    """The case somebody has by now: the draft in hand, else the last one handed in; None before the first word."""
    pieces = Submission.objects.filter(enrolment=enrolment, exercise__settings__instrument=CASE)
    piece = pieces.select_related("exercise", "enrolment__client").first()
    if piece is None or not piece.is_started:
        return None
    last = attempts.latest_attempt(piece) if piece.state != Submission.State.DRAFT else None
    found = of_attempt(last) if last else of_draft(piece)
    return None if found.is_blank else found


# --- Inside ---------------------------------------------------------------------------------------


def _rows(submission: Submission, named: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = copies.lines(submission, [one["id"] for one in named])
    return [found[one["id"]] for one in named if one["id"] in found]


def _case(
    submission: Submission,
    answer: dict[str, Any],
    rows: Callable[[list], list[dict[str, Any]]],
    attempt: Attempt | None = None,
) -> Case:
    asked = {field.key: field for field in answers.fields_of(submission.exercise)}
    return Case(
        name=str(submission.enrolment.client),
        zone=submission.enrolment.client.zone,
        criteria=_criteria(asked.get("criteria_source"), answer.get("criteria_source")),
        factors=tuple(
            Factor(
                key=key,
                name=str(name),
                claim=_text(answer, f"claim_{key}"),
                evidence=tuple(proof(row) for row in rows(answer.get(f"evidence_{key}") or [])),
            )
            for key, name in FACTORS.items()
        ),
        gap_by=_day(answer, "gap_by"),
        conversation_on=_day(answer, "conversation_date"),
        attempt=attempt.number if attempt else None,
        handed_in_at=attempt.handed_in_at if attempt else None,
        **{key: _text(answer, key) for key in TEXTS},
    )


TEXTS = ("level", "technical_line", "gap_what", "gap_plan", "ask", "script")


def _text(answer: dict[str, Any], key: str) -> str:
    """One paragraph; the sheet breaks its lines itself."""
    return " ".join(str(answer.get(key) or "").split())


def _day(answer: dict[str, Any], key: str) -> date | None:
    try:
        return date.fromisoformat(_text(answer, key))
    except ValueError:
        return None


def _criteria(field: Field | None, chosen: Any) -> str:
    """As a line of the page says it; an answer this version has no words for as the edition has them."""
    if field is None or fields.is_empty(field, chosen):
        return ""
    return str(BUILT_ON.get(chosen) or dict(field.options).get(chosen, ""))
