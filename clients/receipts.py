"""What listeners without an account took away: finding one by its link, and what its client sees of all of them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from . import tokens
from .models import Receipt, Submission

OPEN, ANSWERED, WITHDRAWN, EXPIRED = "open", "answered", "withdrawn", "expired"
QUESTIONS = {
    "what": _("What is being built or changed?"),
    "why": _("Why does it matter?"),
    "wrong": _("What could go wrong?"),
    "when": _("When will it be done?"),
}
MARKS = {2: _("right"), 1: _("partly"), 0: _("wrong")}
MOST = 2 * len(QUESTIONS)


@dataclass(frozen=True)
class Answer:
    """One question with what the listener remembered, and the client's mark once there is one."""

    key: str
    question: str
    text: str
    mark: int | None


@dataclass(frozen=True)
class Shown:
    """One receipt as its client sees it. `answers` are empty until the listener has sent them."""

    receipt: Receipt
    state: str
    answers: tuple[Answer, ...]

    @property
    def points(self) -> int | None:
        return self.receipt.points


def find(token: str) -> Receipt | None:
    """The receipt this link leads to, however it stands."""
    rows = Receipt.objects.select_related("submission__enrolment__client", "submission__enrolment__cohort", "recording")
    return rows.filter(token_hash=tokens.hash_of(token)).first()


def state_of(receipt: Receipt, *, at: datetime) -> str:
    if receipt.answered_at:
        return ANSWERED
    if receipt.withdrawn_at:
        return WITHDRAWN
    return OPEN if at < receipt.expires_at else EXPIRED


def open_ones(submission: Submission, *, at: datetime) -> QuerySet[Receipt]:
    """Links that a listener can still use."""
    return submission.receipts.filter(answered_at=None, withdrawn_at=None, expires_at__gt=at)


def of(submission: Submission, *, at: datetime) -> list[Shown]:
    """Answered ones first, then open links; what was withdrawn or has ended unanswered is left out."""
    shown = [Shown(one, state_of(one, at=at), _answers(one)) for one in submission.receipts.all()]
    kept = [one for one in shown if one.state in (OPEN, ANSWERED)]
    return sorted(kept, key=lambda one: one.state != ANSWERED)


def _answers(receipt: Receipt) -> tuple[Answer, ...]:
    if not receipt.answered_at:
        return ()
    return tuple(
        Answer(key, str(question), getattr(receipt, key), receipt.marks.get(key)) for key, question in QUESTIONS.items()
    )
