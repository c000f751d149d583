"""Rating a client: one point a competency that was seen, each with a sentence of evidence, saved once.

Lock order: the enrolment.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import recording
from clients.models import Enrolment, User
from curriculum import values
from curriculum.questionnaires import POINTS, CoachRating

from . import caseload, ratings
from .models import RatedPoint, Rating
from .models.rating import LONGEST

Given = Mapping[str, Mapping[str, Any]]  # competency → its point and its evidence


class NotYoursToRate(PermissionDenied):
    """Only coaches of the client's cohort rate them, and nobody themselves."""

    code = "rating.not_yours"


class CannotRate(ValidationError):
    """Not this client, or not now."""


class Unfinished(ValidationError):
    """A point without its evidence, evidence without its point, or nothing at all. `by_field` says what."""

    def __init__(self, by_field: dict[str, list[str]]):
        super().__init__(_("The rating is not complete."), code="rating.unfinished")
        self.by_field = by_field


# --- Refusals -------------------------------------------------------------------------------------


def rate_refusal(enrolment: Enrolment, moment: str, *, by: User, at: datetime) -> Exception | None:
    """Why this client cannot be rated now."""
    cohort, asked = enrolment.cohort, ratings.questionnaire_of(enrolment.cohort)
    if enrolment.client_id == by.pk or not caseload.coaches(by, cohort) or asked is None:
        return NotYoursToRate(_("Only coaches of the cohort rate its clients, and nobody themselves."))
    if cohort.is_closed:
        return CannotRate(_("This cohort is closed."), code="cohort.closed")
    if enrolment.state in Enrolment.LEFT:
        return CannotRate(_("This client has left the cohort."), code="rating.left")
    if Rating.objects.filter(enrolment=enrolment, moment=moment).exists():
        return CannotRate(
            _("This client is rated already. A rating is saved once, so that both ends stand alone."),
            code="rating.there",
        )
    return _time_refusal(enrolment, asked, moment, at)


def _time_refusal(enrolment: Enrolment, asked: CoachRating, moment: str, at: datetime) -> CannotRate | None:
    time = asked.time(moment)
    if ratings.opens_at(enrolment.cohort, time, at=at) > at:
        return CannotRate(_("This rating opens with week %(n)s.") % {"n": time.week}, code="rating.locked")
    if not ratings.is_open(enrolment.cohort, asked, moment, at=at):
        return CannotRate(_("The next rating is open, so this one is closed."), code="rating.closed")
    return None


def complaints(asked: CoachRating, given: Given) -> dict[str, list[str]]:
    """What keeps these points from being saved: competency → sentences."""
    found = {}
    for item in asked.items:
        point, evidence = _read(given.get(item.competency, {}))
        if said := _complaint(point, evidence):
            found[item.competency] = [said]
    if not found and not any(_read(given.get(item.competency, {}))[0] for item in asked.items):
        found[asked.items[0].competency] = [_("Rate at least one. What you have not seen stays empty.")]
    return found


def _complaint(point: Any, evidence: str) -> str:
    if point is not None and point not in POINTS:
        return _("Choose a point from 1 to 5.")
    if point is not None and not evidence:
        return _("Write one sentence of evidence: what you saw, and where.")
    if evidence and point is None:
        return _("Choose a point for what you saw.")
    if len(evidence) > LONGEST:
        return _("At most %(most)s characters here; this has %(n)s.") % {"most": LONGEST, "n": len(evidence)}
    return ""


# --- The operation --------------------------------------------------------------------------------


@transaction.atomic
def rate(enrolment: Enrolment, moment: str, *, given: Given, by: User, at: datetime) -> Rating:
    """Save all of it, once. The journal has that it was done, never what."""
    enrolment = _locked(enrolment)
    if refusal := rate_refusal(enrolment, moment, by=by, at=at):
        raise refusal
    asked = ratings.questionnaire_of(enrolment.cohort)
    assert asked is not None
    if problems := complaints(asked, given):
        raise Unfinished(problems)
    found = Rating.objects.create(enrolment=enrolment, moment=moment, coach=by, rated_at=at)
    read = {item.competency: _read(given.get(item.competency, {})) for item in asked.items}
    RatedPoint.objects.bulk_create(
        RatedPoint(rating=found, competency=key, point=point, evidence=evidence)
        for key, (point, evidence) in read.items()
        if point is not None
    )
    recording.record("rated a client", found, by=by, at=at, cohort=enrolment.cohort, note=moment)
    return found


# --- Inside ---------------------------------------------------------------------------------------


def _read(given: Mapping[str, Any]) -> tuple[int | None, str]:
    """The point, None where there is none and 0 where what was sent is no point, and the sentence."""
    raw, evidence = given.get("point"), " ".join(values.clean(str(given.get("evidence") or "")).split())
    if raw in (None, ""):
        return None, evidence
    text = str(raw)
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 1 else 0, evidence


def _locked(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True).select_related("client", "cohort__edition")
    return rows.get(pk=enrolment.pk)
