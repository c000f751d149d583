"""What lies in front of a coach on the review page, from as few rows as it takes.

`mode` says what the right pane is: write (the rubric, keep and try), calibrate (exemplars are to be scored first),
colleague (somebody else has it), done (it was answered), earlier (an attempt before the last one) or gone (the client
took it back).
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.dateformat import format as spell
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from clients.attempts import standing_attempts
from clients.models import Attempt, Submission, User
from clients.models.submission import ATTEMPTS_AT_MOST
from coaching import (
    asks,
    bank,
    calibration,
    caseload,
    drafted,
    feedbacks,
    hints,
    margin,
    promises,
    queued,
    replies,
    reviewing,
    voices,
)
from coaching.feedbacks import MarkedCriterion
from coaching.models import Claim, Feedback, FeedbackDraft
from coaching.queued import QueueRow
from curriculum.at_once import at_once
from curriculum.models import Criterion
from curriculum.prepared import Asked, Question

from . import piece, under
from .desk import CoachRequest, asks_toast, toast
from .forms import FeedbackForm, initial_of

LETTERS = [
    {"keys": ["J", "K"], "label": _("next piece, previous piece")},
    {"keys": ["V"], "label": _("another view of the text")},
    {"keys": ["1", "2", "3", "4"], "label": _("level of the criterion in hand; for an ask: yes, partly, no")},
    {"keys": ["M"], "label": _("note on what is selected, on the second that plays, or on a sentence of the list")},
    {"keys": ["E"], "label": _("keep, then try, then what you ask; Esc leaves it")},
    {"keys": ["/"], "label": _("comment bank, in an empty place of keep or try")},
    {"keys": ["A"], "label": _("another attempt, on or off")},
    {"keys": ["L"], "label": _("discuss it live, on or off")},
    {"keys": ["P"], "label": _("play a recording, and stop it")},
    {"keys": ["S"], "label": _("say the answer, and stop")},
    {"keys": ["U"], "label": _("undo what was sent, or take it back")},
    {"keys": ["R"], "label": _("what you sent last, to take it back within ten minutes")},
]
KEYS = [
    {"keys": ["↑", "↓"], "label": _("criterion before, criterion after")},
    {"keys": ["←", "→"], "label": _("in a recording: five seconds back, five on")},
    {"keys": ["Ctrl ↵"], "label": _("send")},
    {"keys": ["Ctrl S"], "label": _("save now")},
]
COLUMN = 20  # pieces in the queue beside the text
WAITING = (Submission.State.HANDED_IN, Submission.State.IN_REVIEW)
WRITE, CALIBRATE, COLLEAGUE, DONE = "write", "calibrate", "colleague", "done"
EARLIER, GONE = "earlier", "gone"


def lay_out(
    request: CoachRequest,
    submission: Submission,
    *,
    at: datetime,
    form: FeedbackForm | None = None,
    refusal: ValidationError | None = None,
) -> dict[str, Any]:
    """The template's context. `form` is what was typed where a post was refused, `refusal` why."""
    attempts = _attempts(submission)
    shown = _asked_for(request, attempts)
    mode = _mode(submission, attempts, shown, request.user)
    context = _frame(request, submission, mode, refusal, at)
    pieces = caseload.asks_queue(request.user, at=at, limit=COLUMN).all()
    with at_once(*queued.asks_about(pieces), *_asks_about(submission, shown, attempts, mode, request.user)):
        rows = queued.rows_of(pieces, at=at)
        context |= _column(rows, submission)
        if shown is None:
            return context | _left(submission, request.user, form) | {"taken_back": taken_back(submission)}
        answered = feedbacks.levels_by_attempt(_answered(attempts))
        marks: dict[int, dict[int, int]] = {one.pk: {} for one in attempts} | answered
        context |= _claim(shown, at) | {"promise": _promise(submission, shown, rows, at)}
        if mode == WRITE:
            written = _write(shown, attempts, marks, request.user, form, refusal, at)
            context |= written | {"places": margin.places(shown)}
            own = [replace(note, by=request.user.name, attempt=shown.number) for note in written["form"].notes()]
            return context | _text(request, submission, attempts, shown, own)
    context |= _read(shown, attempts, marks, request.user, form)
    context |= _text(request, submission, attempts, shown, margin.of(feedback_of(shown)))
    return context | under.of(request, feedback_of(shown), submission, at=at)


def _frame(
    request: CoachRequest, submission: Submission, mode: str, refusal: ValidationError | None, at: datetime
) -> dict[str, Any]:
    """What is there whatever lies open, and how much waits."""
    request.waiting = caseload.waiting_count(request.user, at=at)
    return {
        "submission": submission,
        "client": submission.enrolment.client,
        "week": submission.exercise.week.number,
        "at": at,
        "mode": mode,
        "toast": toast(request, at=at),
        "refusal": refusal if refusal and not isinstance(refusal, reviewing.FeedbackRejected) else None,
        "letters": request.user.letter_keys,
        "keys": LETTERS + KEYS if request.user.letter_keys else KEYS,
        "lately": feedbacks.lately_sent(request.user, since=at - reviewing.MAIL_AFTER),
    }


def asks_first(request: CoachRequest, piece: int, *, at: datetime) -> tuple[Asked, ...]:
    """What `lay_out` asks first, for a page that asks more at once."""
    lately = feedbacks.asks_lately(request.user, since=at - reviewing.MAIL_AFTER)
    queue = caseload.asks_queue(request.user, at=at, limit=COLUMN)
    count = caseload.asks_waiting(request.user, at=at)
    return _standing.of(piece=piece), queue, count, lately, *asks_toast(request)


def _asks_about(
    submission: Submission, shown: Attempt | None, attempts: list[Attempt], mode: str, coach: User
) -> tuple[Asked, ...]:
    """What is asked about an attempt: its clock, the levels given, and what somebody needs who writes."""
    if shown is None:
        return ()
    levels = *promises.asks_about({submission.enrolment_id}), *feedbacks.asks_levels(_answered(attempts))
    if mode != WRITE:
        return levels
    before = margin.asks_of(feedback_of(_before(attempts, shown)))
    own = feedbacks.asks_kept(shown, coach), voices.asks_draft(shown, coach)
    return *levels, *before, *own, *bank.asks_about(coach, shown.edition_id), *asks.asks_put_to(shown)


def _attempts(submission: Submission) -> list[Attempt]:
    """Those that stand, with what the page says of each, in one query."""
    found: list[Attempt] = _standing.all(piece=submission.pk)
    for attempt in found:
        attempt.submission = submission
    return found


@Question
def _standing(*, piece: int) -> QuerySet:
    known = ("claim__coach", "feedback__coach", "feedback__used", "feedback__talk", "rubric")
    return replies.counted(standing_attempts(Submission(pk=piece)).select_related(*known))


def _answered(attempts: list[Attempt]) -> list[Attempt]:
    return [one for one in attempts if feedback_of(one)]


# --- The left -------------------------------------------------------------------------------------


def _column(rows: list[QueueRow], submission: Submission) -> dict[str, Any]:
    """The first pieces of the queue, and which of them lie before and after this one."""
    keys = [row.submission.pk for row in rows]
    place = keys.index(submission.pk) if submission.pk in keys else -1
    return {
        "rows": rows,
        "is_longer": len(rows) == COLUMN,
        "next_pk": keys[place + 1] if place + 1 < len(keys) else None,
        "previous_pk": keys[place - 1] if place > 0 else None,
    }


# --- The middle -----------------------------------------------------------------------------------


def _asked_for(request: CoachRequest, attempts: list[Attempt]) -> Attempt | None:
    """The attempt the address names, or the last one; 404 for one that does not stand."""
    number = request.GET.get("attempt")
    if not attempts or number is None:
        return attempts[-1] if attempts else None
    found = [attempt for attempt in attempts if str(attempt.number) == number]
    if not found:
        raise Http404
    return found[0]


def _text(
    request: CoachRequest, submission: Submission, attempts: list[Attempt], shown: Attempt, own: list[margin.Note]
) -> dict[str, Any]:
    """The text with the notes on it and those on the attempt before that find their place in it."""
    exercise, before = submission.exercise, _before(attempts, shown)
    notes = margin.placed(exercise, shown.answer, [*own, *margin.of(feedback_of(before))], attempt=shown.number)
    views = piece.views(exercise, before)
    view = request.GET.get("view", piece.CHANGES if piece.CHANGES in views else piece.READ)
    if view not in views:
        raise Http404
    then = before.answer if before and view == piece.CHANGES else None
    text, aside = (
        piece.with_aside(exercise, shown.answer, before=then, notes=notes) if view != piece.COMPARE else ([], [])
    )
    return {
        "attempt": shown,
        "attempts": attempts,
        "before": before,
        "view": view,
        "views": views,
        "next_view": views[(views.index(view) + 1) % len(views)],
        "heading": piece.heading(exercise, shown.answer),
        "reader": piece.reader(exercise, shown.answer),
        "length": piece.length(exercise, shown),
        "sections": text,
        "orphans": notes.orphans,
        "aside": aside,
        "sides": piece.sides(exercise, shown, before) if view == piece.COMPARE else [],
        "notes": piece.notes(shown),
        "was_read": bool(exercise.first_read),
    }


def _before(attempts: list[Attempt], shown: Attempt) -> Attempt | None:
    earlier = [attempt for attempt in attempts if attempt.number < shown.number]
    return earlier[-1] if earlier else None


# --- The right ------------------------------------------------------------------------------------


def _mode(submission: Submission, attempts: list[Attempt], shown: Attempt | None, coach: User) -> str:
    if shown is None:
        return GONE
    if shown is not attempts[-1]:
        return EARLIER
    if submission.state not in WAITING or submission.enrolment.cohort.is_closed:
        return DONE
    claim = claim_of(shown)
    if claim and claim.coach_id != coach.pk:
        return COLLEAGUE
    return CALIBRATE if calibration.holds_up(submission, coach) else WRITE


def claim_of(attempt: Attempt) -> Claim | None:
    return getattr(attempt, "claim", None)


def feedback_of(attempt: Attempt | None) -> Feedback | None:
    return getattr(attempt, "feedback", None)


def _promise(submission: Submission, shown: Attempt, rows: list[QueueRow], at: datetime) -> promises.Promise:
    """As the column on the left says it, where the piece stands there."""
    place = shown.handed_in_at, submission.pk
    if found := [row.promise for row in rows if row.place == place]:
        return found[0]
    stops = promises.stops_by_enrolment({submission.enrolment_id})
    return promises.of(shown.handed_in_at, stops.get(submission.enrolment_id, ()), at=at)


def _claim(shown: Attempt, at: datetime) -> dict[str, Any]:
    claim = claim_of(shown)
    idle = at - claim.touched_at if claim else None
    return {
        "claim": claim,
        "idle_minutes": int(idle.total_seconds() // 60) if idle is not None else 0,
        "is_idle": idle is not None and idle >= reviewing.IDLE,
    }


def _write(
    shown: Attempt,
    attempts: list[Attempt],
    marks: dict[int, dict[int, int]],
    coach: User,
    form: FeedbackForm | None,
    refusal: ValidationError | None,
    at: datetime,
) -> dict[str, Any]:
    criteria, draft = feedbacks.criteria_of(shown), feedbacks.kept_draft(shown, coach)
    if form is None:
        form = FeedbackForm(criteria, asks.put_to(shown), initial=initial_of(draft, shown.pk))
    else:
        form.move_to(attempt=shown.pk, revision=draft.revision if draft else 0)
        _say(form, refusal)
    before, levels = _before(attempts, shown), form.levels() | feedbacks.own_levels(shown, criteria)
    then = feedbacks.as_of(shown, before, marks[before.pk]) if before else {}
    return {
        "form": form,
        "rubric": _rubric(criteria, levels, then),
        "mean": feedbacks.mean(levels),
        "mean_before": feedbacks.mean(then),
        "below": feedbacks.ANOTHER_BELOW,
        "suggests": feedbacks.suggests_another(criteria, levels),
        "last": feedback_of(before),
        "last_levels": _rubric(criteria, then, {}),
        "saved": clock_time(draft.saved_at, at=at) if draft and draft.revision else "",
        "is_typed": refusal is not None,
        "bank": bank.lines(coach, shown.edition_id, first=shown.rubric.key if shown.rubric else ""),
        "stored": _stored(criteria, refusal),
        "hints": hints_of(draft) if draft else [],
        "voice": voices.of_draft(shown, coach),
        "no_other": shown.number >= ATTEMPTS_AT_MOST,
        "outcome": _outcome(form, shown),
    }


def _outcome(form: FeedbackForm, shown: Attempt) -> str:
    """Which button sends by key: the verdict it stands for, empty where the piece is accepted."""
    if form["another"].value() and shown.number < ATTEMPTS_AT_MOST:
        return Feedback.Verdict.ANOTHER
    return Feedback.Verdict.LIVE if form["live"].value() else ""


def hints_of(draft: FeedbackDraft) -> list[hints.Hint]:
    """What might be said of what is written so far."""
    return hints.of(draft.keep, draft.try_next, drafted.asks_in(draft))


def _say(form: FeedbackForm, refusal: ValidationError | None) -> None:
    """Put what is missing beside the fields it is about."""
    if isinstance(refusal, reviewing.FeedbackRejected):
        for name, sentences in refusal.by_field.items():
            if name in form.fields and name not in form.errors:
                form.add_error(name, sentences)


def _stored(criteria: list[Criterion], refusal: ValidationError | None) -> dict[str, Any] | None:
    """What another tab saved in between, where that is why a save was refused."""
    if not isinstance(refusal, reviewing.StaleFeedback):
        return None
    draft = refusal.draft
    levels = {int(key): level for key, level in draft.levels.items()}
    return {"draft": draft, "rubric": _rubric(criteria, levels, {})}


def _rubric(criteria: list[Criterion], levels: dict[int, int], before: dict[int, int]) -> list[MarkedCriterion]:
    return [MarkedCriterion(one, tuple(one.levels.all()), levels.get(one.pk), before.get(one.pk)) for one in criteria]


def _read(
    shown: Attempt,
    attempts: list[Attempt],
    marks: dict[int, dict[int, int]],
    coach: User,
    form: FeedbackForm | None,
) -> dict[str, Any]:
    """What was answered to this attempt, or to the one before it; what the coach wrote and never sent."""
    given = feedback_of(shown)
    answered = shown if given else _before(attempts, shown)
    levels = marks[answered.pk] if answered else {}
    criteria = feedbacks.criteria_of(answered) if levels else []
    draft = None if given and given.coach_id == coach.pk else feedbacks.kept_draft(shown, coach)
    return {
        "given": given,
        "asked": asks.of(given, at=None),
        "voice": voices.of(given),
        "last": feedback_of(answered) if answered is not shown else None,
        "last_levels": _rubric(criteria, levels, {}),
        "mean": feedbacks.mean(levels),
        "kept": _kept(draft, form),
    }


def _left(submission: Submission, coach: User, form: FeedbackForm | None) -> dict[str, Any]:
    """The client took the only attempt back: nothing of it is shown, what the coach wrote is."""
    return {"kept": _kept(feedbacks.left_draft(submission, coach), form), "heading": submission.exercise.title}


def _kept(draft: FeedbackDraft | None, form: FeedbackForm | None) -> dict[str, str] | None:
    source = form.data if form is not None else vars(draft) if draft is not None else {}
    kept = {name: str(source.get(name) or "") for name in ("keep", "try_next")}
    written = source.get("asks") or [source.get(f"ask-{number}") for number in range(1, asks.AT_MOST + 1)]
    kept["asks"] = "\n".join(text for text in written if text)
    noted = form.notes() if form is not None else margin.kept(draft.notes) if draft is not None else []
    kept["notes"] = "\n".join(f"“{note.quote}” {note.text}" for note in noted)
    return kept if any(kept.values()) else None


def clock_time(instant: datetime, *, at: datetime) -> str:
    """When something was saved, as short as the day allows."""
    local = timezone.localtime(instant)
    return spell(local, "H:i" if local.date() == timezone.localtime(at).date() else "j F, H:i")


def taken_back(submission: Submission) -> str:
    """What to say about a piece that left the desk."""
    name = {"name": submission.enrolment.client.first}
    return now_("%(name)s took this back. It comes to the queue again once it is handed in.") % name
