"""Reading one piece of homework for its page: which page it is, and what stands on it."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateformat import format as spell
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from clients import attempts, deadlines, extending, progress, submitting
from clients.models import Attempt, Submission, User
from coaching import asks, feedbacks, margin, promises, substitutions, voices
from coaching.asks import Told
from coaching.feedbacks import MarkedCriterion
from coaching.models import Feedback, Voice
from curriculum import answers, markdown
from curriculum.answers import count_words
from curriculum.models import Example, Exercise
from curriculum.refusals import sentence_of

from . import entries, instruments, lines, listened, showing, sounding
from .forms import AnswerForm
from .noticed import first_read

EDITING = (progress.OPEN, Submission.State.DRAFT, progress.EXCUSED)
WITH_COACH = (Submission.State.HANDED_IN, Submission.State.IN_REVIEW)
KEYS = (
    {"keys": ("Ctrl", "S"), "label": _("save now")},
    {"keys": ("Ctrl", "↵"), "label": _("hand in")},
    {"keys": ("?",), "label": _("these keys")},
    {"keys": ("Esc",), "label": _("close a sheet")},
)


@dataclass(frozen=True)
class Answered:
    """Feedback on an attempt with its criteria and asks, as its client sees it; `uptakes` are about those before."""

    feedback: Feedback
    criteria: tuple[MarkedCriterion, ...]
    asks: tuple[Told, ...] = ()
    uptakes: tuple[Told, ...] = ()
    notes: tuple[margin.Note, ...] = ()
    voice: Voice | None = None


def of(piece: Submission, *, by: User, at: datetime, form: AnswerForm | None = None) -> tuple[str, dict[str, Any]]:
    """The template for where the piece stands, and its context."""
    standing = progress.standing(piece, at=at)
    common = {"piece": piece, "exercise": piece.exercise, "week": piece.exercise.week, "standing": standing, "at": at}
    common["excused_because"] = deadlines.excused_because(piece.enrolment, piece.exercise)
    refusal = submitting.save_draft_refusal(piece, by=by, at=at)
    if standing.state == progress.LOCKED:
        return "locked.html", common | {"title": piece.exercise.title, "opens_at": standing.opens_at}
    if standing.state in EDITING and refusal is None:
        return "work.html", common | _editor(piece, form, at)
    return "handed_in.html", common | _handed_in(piece, by, at, refusal if standing.state in EDITING else None)


def _editor(piece: Submission, form: AnswerForm | None, at: datetime) -> dict[str, Any]:
    exercise = piece.exercise
    begun = piece.draft if piece.is_started else attempts.beginning(piece)
    typed = answers.shape(exercise, form.answer()) if form else begun
    before = str(typed.get("before") or "") if exercise.kind == Exercise.Kind.REWRITE else ""
    shown = form or AnswerForm(piece, answer=begun, begins=not piece.is_started)
    entries.offer(shown, at=at)
    lines.offer(shown, piece.enrolment, since=piece.draft_saved_at)
    said = answered(feedbacks.last_shown(piece, at=at), at=at) if piece.attempts_made else None
    instrument = instruments.of(exercise)
    tool, sound = instrument.context(piece, shown, typed, at), sounding.of(piece, shown, typed)
    return {
        "form": shown,
        "instrument": instrument,
        "tool": tool,
        "sound": sound,
        "listeners": listened.of(piece, form="answer", at=at),
        "brief": markdown.render(exercise.brief),
        "revision": form.data.get("revision", "") if form else piece.draft_revision,
        "saved": clock_time(piece, at=at),
        "keys": KEYS + tool.get("keys", ()) + (sounding.KEYS if sound else ()),
        "is_typed": form is not None,
        "client_key": secrets.token_urlsafe(24),
        "first_read": first_read(piece, typed),
        "reads": " ".join(read_by_it(exercise)),
        "before": before,
        "before_words": count_words(before),
        "examples": examples_of(exercise),
        "answered": said,
        "noted": margin.placed(exercise, typed, said.notes, attempt=piece.attempts_made + 1) if said else None,
        "more_asked": extending.asked(piece),
        "can_take_more": extending.ask_refusal(piece, by=piece.enrolment.client, at=at) is None,
    }


def _handed_in(piece: Submission, by: User, at: datetime, refusal: Exception | None) -> dict[str, Any]:
    past = list(attempts.standing_attempts(piece).select_related("claim__coach", "feedback__coach", "feedback__talk"))
    last = past[-1] if past else None
    said = _said_of(past, at)
    parts = showing.parts(piece.exercise, last.answer if last else piece.draft)
    if said:
        parts = showing.noted(parts, margin.placed(piece.exercise, last.answer, said.notes, attempt=last.number))
    return {
        "attempts": past,
        "last": last,
        "parts": parts,
        "listeners": listened.of(piece, form="receipts-form", at=at),
        "claim": getattr(last, "claim", None),
        "window": None if said else substitutions.now_for(piece.enrolment.cohort, at=at),
        "promise": promises.of(last.handed_in_at, promises.stops_for(piece.enrolment), at=at) if last else None,
        "answered": said,
        "take_back_refusal": _sentence(submitting.take_back_refusal(piece, by=by, at=at)),
        "try_again_refusal": _sentence(submitting.try_again_refusal(piece, by=by, at=at)),
        "refusal": _sentence(refusal),
    }


def read_by_it(exercise: Exercise) -> list[str]:
    """The fields the first read looks at: its texts, their subject and their tags."""
    reading = exercise.first_read
    keys = [*reading.get("fields", []), *(key for part in reading.get("lines", []) for key in part["fields"])]
    tagged = [field.key for field in answers.fields_of(exercise) if field.extra.get("of") in keys]
    return [*keys, *tagged, *([reading["subject"]] if reading.get("subject") else [])]


def _sentence(refusal: Exception | None) -> str:
    return sentence_of(refusal) if refusal else ""


def clock_time(piece: Submission, *, at: datetime) -> str:
    """When the draft was saved, as short as the day allows; empty where it never was."""
    if piece.draft_saved_at is None:
        return ""
    saved = localtime(piece.draft_saved_at)
    return spell(saved, "H:i" if saved.date() == localtime(at).date() else "j F, H:i")


def answered(feedback: Feedback | None, *, at: datetime) -> Answered | None:
    """Feedback with the anchor of every level given and of the next one, and the levels of the attempt before."""
    if feedback is None:
        return None
    return _answered(feedback, attempts.before(feedback.attempt), at)


def _said_of(past: list[Attempt], at: datetime) -> Answered | None:
    """What was answered to the last of these attempts, once that shows."""
    feedback = getattr(past[-1], "feedback", None) if past else None
    if feedback is None or feedback.shown_from > at:
        return None
    return _answered(feedback, past[-2] if len(past) > 1 else None, at)


def _answered(feedback: Feedback, earlier: Attempt | None, at: datetime) -> Answered:
    attempt = feedback.attempt
    levels = feedbacks.levels_by_attempt([attempt, *([earlier] if earlier else [])])
    then = feedbacks.as_of(attempt, earlier, levels[earlier.pk]) if earlier else {}
    marked = feedbacks.marked(attempt, levels[attempt.pk], before=then)
    met = asks.met_in(feedback) if earlier else []
    said = asks.of(feedback, at=at)
    return Answered(feedback, tuple(marked), tuple(said), tuple(met), tuple(margin.of(feedback)), voices.of(feedback))


def examples_of(exercise: Exercise) -> list[tuple[Example, list[showing.Part]]]:
    """A strong and a weak answer to read beside one's own, the strong one first."""
    examples = exercise.examples.order_by("label", "key")
    return [(example, showing.parts(exercise, example.answer)) for example in examples]


def attempt_of(piece: Submission, number: int) -> Attempt | None:
    """The attempt of this number that was not taken back."""
    return attempts.standing_attempts(piece).filter(number=number).first()
