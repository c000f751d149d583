"""Rating oneself: every answer is kept as it is given, and what is finished stays as it was."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from curriculum import fields, values
from curriculum.fields import Field
from curriculum.questionnaires import DID_NOT_COME_UP, POINTS, Questionnaire

from . import assessments, endings, recording
from .assessments import Moment
from .models import Assessment, Enrolment, User
from .signals import kept
from .submitting import NotYours

FOCUS_AT_MOST = 200  # characters


class NotAsked(ValidationError):
    """It is not open, closed already, or finished."""


class Unanswered(ValidationError):
    """Something is still without an answer, or has one that cannot be kept. `by_field` says what."""

    def __init__(self, by_field: dict[str, list[str]]):
        super().__init__(_("Some statements still need an answer."), code="assessment.unanswered")
        self.by_field = by_field


# --- Refusals -----------------------------------------------------------------------------------


def _owner_refusal(enrolment: Enrolment, *, by: User) -> Exception | None:
    if enrolment.client_id != by.pk:
        return NotYours(_("This is somebody else's assessment."))
    if not enrolment.is_active:
        return NotAsked(endings.own_sentence(enrolment, stays=_("what you answered")), code="assessment.left")
    if enrolment.cohort.is_closed:
        return NotAsked(_("This cohort is closed; what you answered stays readable."), code="cohort.closed")
    return None


def keep_refusal(enrolment: Enrolment, moment: str, *, by: User, at: datetime) -> Exception | None:
    if refusal := _owner_refusal(enrolment, by=by):
        return refusal
    if at < assessments.opens_at(enrolment, moment, at=at):
        return NotAsked(_("This assessment is not open yet."), code="assessment.locked")
    found = assessments.of(enrolment, moment)
    if found and found.finished_at:
        return NotAsked(_("You have finished this one; its answers stay as they are."), code="assessment.finished")
    closes = assessments.closes_at(enrolment, moment, at=at)
    if closes and at > closes:
        return NotAsked(_("The final assessment is closed."), code="assessment.closed")
    return None


def look_back_refusal(enrolment: Enrolment, *, by: User, at: datetime) -> Exception | None:
    if refusal := _owner_refusal(enrolment, by=by):
        return refusal
    final = assessments.of(enrolment, Moment.FINAL)
    if final is None or final.finished_at is None:
        return NotAsked(_("Looking back comes after the final assessment."), code="assessment.not_finished")
    if final.looked_back_at:
        return NotAsked(_("You have looked back already; it stays as it is."), code="assessment.looked_back")
    return None


def agree_focus_refusal(enrolment: Enrolment, *, by: User, at: datetime) -> Exception | None:
    if refusal := _owner_refusal(enrolment, by=by):
        return refusal
    midpoint = assessments.of(enrolment, Moment.MIDPOINT)
    if midpoint is None or midpoint.finished_at is None:
        return NotAsked(_("Choose your focus once the midpoint is finished."), code="focus.too_early")
    return None


# --- Operations ---------------------------------------------------------------------------------


@transaction.atomic
def keep(
    enrolment: Enrolment,
    moment: str,
    *,
    by: User,
    at: datetime,
    answers: dict[str, Any] | None = None,
    readiness: dict[str, Any] | None = None,
    remark: str | None = None,
    extra: dict[str, Any] | None = None,
) -> Assessment:
    """Keep what was answered, complete or not; what is not named stays. Raises Unanswered for an unknown answer."""
    enrolment = _locked(enrolment)
    if refusal := keep_refusal(enrolment, moment, by=by, at=at):
        raise refusal
    asked = assessments.questionnaire_of(enrolment)
    given = _known_answers(answers or {}, asked)
    found, _made = Assessment.objects.get_or_create(
        enrolment=enrolment, moment=moment, defaults={"begun_at": at, "saved_at": at}
    )
    found.answers |= given
    found.readiness |= _ready(readiness or {}, asked)
    found.extra |= _further(extra or {}, assessments.further(enrolment, moment, at=at))
    found.remark = values.clean(found.remark if remark is None else remark)
    found.saved_at = at
    found.save(update_fields=["answers", "readiness", "extra", "remark", "saved_at"])
    return found


@transaction.atomic
def finish(enrolment: Enrolment, moment: str, *, by: User, at: datetime) -> Assessment:
    """Close it once every statement has an answer. Raises Unanswered with what is missing."""
    enrolment = _locked(enrolment)
    if refusal := keep_refusal(enrolment, moment, by=by, at=at):
        raise refusal
    found = assessments.of(enrolment, moment)
    further = assessments.further(enrolment, moment, at=at)
    if missing := _missing_in(found, assessments.questionnaire_of(enrolment), further):
        raise Unanswered(missing)
    found.finished_at = at
    found.save(update_fields=["finished_at"])
    recording.record("finished assessment", found, by=by, at=at, cohort=enrolment.cohort, note=moment)
    kept.send(sender=Assessment, enrolment=enrolment, at=at)
    return found


@transaction.atomic
def look_back(enrolment: Enrolment, *, ratings: dict[str, Any], by: User, at: datetime) -> Assessment:
    """Where week 0 was, seen from the end: one rating a competency, all of them, once."""
    enrolment = _locked(enrolment)
    if refusal := look_back_refusal(enrolment, by=by, at=at):
        raise refusal
    items = assessments.questionnaire_of(enrolment).looking_back
    given = {item.key: _point(ratings.get(item.key)) for item in items}
    if missing := {key: [_("Choose one.")] for key, point in given.items() if point not in POINTS}:
        raise Unanswered(missing)
    found = assessments.of(enrolment, Moment.FINAL)
    found.looking_back, found.looked_back_at = given, at
    found.save(update_fields=["looking_back", "looked_back_at"])
    recording.record("looked back", found, by=by, at=at, cohort=enrolment.cohort)
    return found


@transaction.atomic
def agree_focus(enrolment: Enrolment, *, sentence: str, competency: str, by: User, at: datetime) -> Enrolment:
    """The one sentence for the weeks that are left, shown on the client's week till the end."""
    enrolment = _locked(enrolment)
    if refusal := agree_focus_refusal(enrolment, by=by, at=at):
        raise refusal
    return settle_focus(enrolment, sentence=sentence, competency=competency, by=by, at=at)


def settle_focus(enrolment: Enrolment, *, sentence: str, competency: str, by: User, at: datetime) -> Enrolment:
    """Write the focus of an enrolment that is locked, for somebody who was asked already whether they may."""
    sentence = " ".join(values.clean(sentence).split())
    known = {section.key for section in assessments.sections_of(enrolment)}
    if problems := _focus_problems(sentence, competency, known):
        raise Unanswered(problems)
    enrolment.focus, enrolment.focus_competency, enrolment.focus_at = sentence, competency, at
    enrolment.save(update_fields=["focus", "focus_competency", "focus_at"])
    recording.record("agreed focus", enrolment, by=by, at=at, cohort=enrolment.cohort)
    return enrolment


# --- Inside ---------------------------------------------------------------------------------------


def _missing_in(found: Assessment | None, asked: Questionnaire, further: tuple[Field, ...]) -> dict[str, list[str]]:
    """What keeps it from being finished: statement or question → sentences."""
    given = found.answers if found else {}
    missing = {item.key: [_("Choose one, or “Did not come up”.")] for item in asked.items if item.key not in given}
    ready = found.readiness if found else {}
    missing |= {item.key: [_("Choose one.")] for item in asked.readiness if item.key not in ready}
    remark = fields.complaints(asked.remark, found.remark if found else "")
    missing |= {asked.remark.key: remark} if remark else {}
    extra = found.extra if found else {}
    said = {one.key: fields.complaints(one, extra.get(one.key)) for one in further}
    return missing | {key: sentences for key, sentences in said.items() if sentences}


def _locked(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("client", "cohort__edition")
    return rows.get(pk=enrolment.pk)


def _known_answers(answers: dict[str, Any], asked: Questionnaire) -> dict[str, int]:
    keys = {item.key for item in asked.items}
    given = {key: _point(point) for key, point in answers.items() if key in keys}
    wrong = [key for key, point in given.items() if point not in (*POINTS, DID_NOT_COME_UP)]
    if wrong or set(answers) - keys:
        said = {key: [_("Choose a point from 1 to 5, or “Did not come up”.")] for key in wrong}
        raise Unanswered(said | {key: [_("There is no such statement.")] for key in set(answers) - keys})
    return given


def _point(raw: Any) -> int | None:
    return int(raw) if str(raw).isdecimal() and len(str(raw)) == 1 and not isinstance(raw, bool) else None


def _ready(readiness: dict[str, Any], asked: Questionnaire) -> dict[str, str]:
    keys, known = {item.key for item in asked.readiness}, {value for value, _label in asked.readiness_options}
    return {key: answer for key, answer in readiness.items() if key in keys and answer in known}


def _further(extra: dict[str, Any], further: tuple[Field, ...]) -> dict[str, Any]:
    return {one.key: values.value(one, extra[one.key]) for one in further if one.key in extra}


def _focus_problems(sentence: str, competency: str, known: set[str]) -> dict[str, list[str]]:
    problems = {} if competency in known else {"competency": [_("Choose one of the four competencies.")]}
    if not sentence:
        problems["sentence"] = [_("This is still empty.")]
    elif len(sentence) > FOCUS_AT_MOST:
        problems["sentence"] = [_("At most %(most)s characters here.") % {"most": FOCUS_AT_MOST}]
    return problems
