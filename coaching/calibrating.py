"""Calibrating: a coach scores the exemplars of a rubric, and an admin lets somebody off.

Lock order: the coach's own row.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import recording
from clients.models import User
from curriculum.models import Exemplar

from . import calibration
from .models import ExemplarMark, LetOff

LEVELS = range(1, 5)
LONGEST = 200


class NotYourSet(PermissionDenied):
    """Only whoever reviews by a rubric scores its exemplars."""

    code = "calibration.not_yours"


class CannotScore(ValidationError):
    """It was scored already."""


class ScoreIncomplete(ValidationError):
    """Some levels are missing; `by_field` says which."""

    def __init__(self, by_field: dict[str, list[str]]):
        super().__init__(_("Give each criterion a level. There is no wrong one."), code="calibration.incomplete")
        self.by_field = by_field


class CannotLetOff(ValidationError):
    """Not this coach, or not now."""


class NoReason(ValidationError):
    """Says why not beside the field."""

    field = "reason"


# --- Refusals -------------------------------------------------------------------------------------


def score_refusal(exemplar: Exemplar, *, levels: Mapping[str, Any], by: User, at: datetime) -> Exception | None:
    if not calibration.visible_to(by, at=at).filter(pk=exemplar.pk).exists():
        return NotYourSet(_("You do not review by this rubric."))
    if _marks(exemplar, by).exists():
        return CannotScore(_("You have scored this already; it stays as it was."), code="calibration.scored")
    missing = [key for key in exemplar.reference if levels.get(key) not in LEVELS]
    if missing:
        return ScoreIncomplete({f"level-{key}": [_("Choose a level.")] for key in missing})
    return None


def let_off_refusal(coach: User, *, reason: str) -> ValidationError | None:
    if LetOff.objects.filter(coach=coach, ended_at=None).exists():
        return CannotLetOff(_("%(name)s is let off already.") % {"name": coach}, code="calibration.off")
    if not reason.strip():
        return NoReason(_("Say why, in a few words. Admins read it."), code="calibration.reason")
    return None


def ask_again_refusal(coach: User) -> CannotLetOff | None:
    if not LetOff.objects.filter(coach=coach, ended_at=None).exists():
        return CannotLetOff(_("%(name)s is not let off.") % {"name": coach}, code="calibration.not_off")
    return None


def _marks(exemplar: Exemplar, coach: User):
    programme = exemplar.edition.programme_id
    return ExemplarMark.objects.filter(coach=coach, exemplar__key=exemplar.key, exemplar__edition__programme=programme)


# --- Doing it -------------------------------------------------------------------------------------


@transaction.atomic
def score(exemplar: Exemplar, *, levels: Mapping[str, Any], by: User, at: datetime) -> dict[str, int]:
    """Give an exemplar its levels, once. From then on the coach, and nobody else, reads the reference beside them."""
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if refusal := score_refusal(exemplar, levels=levels, by=by, at=at):
        raise refusal
    given = {key: int(levels[key]) for key in exemplar.reference}
    ExemplarMark.objects.bulk_create(
        ExemplarMark(coach=by, exemplar=exemplar, criterion=key, level=level, marked_at=at)
        for key, level in given.items()
    )
    recording.record("scored an exemplar", exemplar, by=by, at=at, note=exemplar.key)
    return given


@transaction.atomic
def let_off(coach: User, *, reason: str, by: User | None, at: datetime) -> LetOff:
    """This person reviews without having scored the exemplars, from now on."""
    coach = User.objects.select_for_update(of=("self",)).get(pk=coach.pk)
    if refusal := let_off_refusal(coach, reason=reason):
        raise refusal
    row = LetOff.objects.create(coach=coach, reason=reason.strip()[:LONGEST], let_off_at=at, let_off_by=by)
    recording.record("let off calibrating", coach, by=by, at=at, note=row.reason)
    return row


@transaction.atomic
def ask_again(coach: User, *, by: User, at: datetime) -> None:
    """They calibrate before their next review after all."""
    coach = User.objects.select_for_update(of=("self",)).get(pk=coach.pk)
    if refusal := ask_again_refusal(coach):
        raise refusal
    LetOff.objects.filter(coach=coach, ended_at=None).update(ended_at=at)
    recording.record("asked to calibrate again", coach, by=by, at=at)
