"""Keeping a line for another time: adding it to the comment bank, sharing it with whoever coaches, taking it out."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import recording
from clients.models import User, Visibility
from curriculum.models import Criterion

from . import bank, caseload
from .models import BankLine

Kind = BankLine.Kind


class NotYourLine(PermissionDenied):
    """Only coaches have a comment bank, and only its author changes a line."""

    code = "bank.not_yours"


class CannotKeep(ValidationError):
    """This is no line for the bank; `field` says what about it."""

    def __init__(self, sentence: str, *, field: str, code: str):
        super().__init__(sentence, code=code)
        self.field = field


def add_refusal(*, by: User, text: str, about: str, level: int | None) -> Exception | None:
    if not caseload.coached_by(by).exists():
        return NotYourLine(_("Only coaches have a comment bank."))
    if not text.strip():
        return CannotKeep(_("Write the line first."), field="text", code="bank.empty")
    if about and not _is_asked(about):
        return CannotKeep(_("There is no such criterion."), field="about", code="bank.no_criterion")
    if level is not None and not about:
        return CannotKeep(_("Choose the criterion this level is of."), field="about", code="bank.level_of_nothing")
    if bank.visible_to(by).filter(author=by).count() >= bank.AT_MOST:
        return CannotKeep(_("Your bank is full. Take a line out first."), field="text", code="bank.full")
    return None


def change_refusal(line: BankLine, *, by: User) -> Exception | None:
    if line.author_id != by.pk:
        return NotYourLine(_("Only whoever wrote a line changes it."))
    return None


@transaction.atomic
def add(
    *, kind: str, text: str, by: User, at: datetime, about: str = "", level: int | None = None, shared: bool = False
) -> BankLine:
    """Keep a line. The same line again is the one that is there."""
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)  # one line at a time, for the limit's sake
    if refusal := add_refusal(by=by, text=text, about=about, level=level):
        raise refusal
    known = bank.visible_to(by).filter(author=by, kind=kind, text=text.strip(), about=about, level=level).first()
    if known:
        return known
    visibility = Visibility.TEAM if shared else Visibility.PRIVATE
    return BankLine.objects.create(
        author=by, kind=kind, text=text.strip(), about=about, level=level, visibility=visibility, kept_at=at
    )


@transaction.atomic
def share(line: BankLine, *, shared: bool, by: User, at: datetime) -> BankLine:
    """Let colleagues use it, or nobody else any more."""
    line = BankLine.objects.select_for_update().get(pk=line.pk)
    if refusal := change_refusal(line, by=by):
        raise refusal
    wanted = Visibility.TEAM if shared else Visibility.PRIVATE
    if line.visibility != wanted:
        line.visibility = wanted
        line.save(update_fields=["visibility"])
        recording.record("shared a line" if shared else "stopped sharing a line", line, by=by, at=at)
    return line


@transaction.atomic
def drop(line: BankLine, *, by: User, at: datetime) -> None:
    """Take it out of the bank. What was sent with it stays, and stays counted."""
    line = BankLine.objects.select_for_update().get(pk=line.pk)
    if refusal := change_refusal(line, by=by):
        raise refusal
    if line.dropped_at is None:
        line.dropped_at = at
        line.save(update_fields=["dropped_at"])


def _is_asked(about: str) -> bool:
    rubric, _dot, key = about.partition(".")
    return Criterion.objects.filter(rubric__key=rubric, key=key).exists()
