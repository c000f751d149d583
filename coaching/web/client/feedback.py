"""What a coach said, what it was said about, and what is said under it."""

from datetime import datetime
from itertools import groupby

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from clients import attempts
from clients.models import Attempt, Submission
from coaching import feedbacks, margin, replies, replying, reviewing
from coaching.models import Feedback
from curriculum import clock, plain, refusals

from . import bench, showing
from .finding import address, enrolment_of, is_script, page, person_of, piece_of, posted


@require_safe
def feedback(request):
    """Everything that was said, by week, the newest week first."""
    at, enrolment = clock.now(), enrolment_of(request)
    shown = feedbacks.shown_to(request.user, at=at).filter(attempt__submission__enrolment=enrolment)
    rows = sorted(shown.prefetch_related("marks__criterion"), key=_week, reverse=True)
    weeks = [(week, list(found)) for week, found in groupby(rows, key=_week)]
    unread = [each for each in rows if each.read_at is None]
    newest = max(unread, key=lambda each: each.sent_at, default=None)
    context = {"weeks": weeks, "newest": newest, "at": at}
    return page(request, "feedback.html", enrolment, context)


@require_http_methods(["GET", "HEAD", "POST"])
def feedback_of(request, key):
    """One piece with what was said about it. A post says that it was opened; a look changes nothing."""
    at, piece = clock.now(), piece_of(request, key, dated=False)
    every = _shown(request, piece, at)
    found = _chosen(every, request.GET.get("attempt"))
    if request.method == "POST":
        reviewing.mark_read(found, by=request.user, at=at)
        return HttpResponse(status=204) if is_script(request) else redirect(address(request, "feedback-of", key))
    return _feedback_page(request, piece, found, every, at)


def _shown(request: HttpRequest, piece: Submission, at: datetime) -> list[Feedback]:
    shown = feedbacks.shown_to(person_of(request), at=at).filter(attempt__submission=piece)
    return list(shown.select_related("used").order_by("attempt__serial"))


def _feedback_page(
    request: HttpRequest,
    piece: Submission,
    found: Feedback,
    every: list[Feedback],
    at: datetime,
    *,
    refusal: ValidationError | None = None,
    typed: str = "",
) -> HttpResponse:
    """The page, with the reply that was typed where it is to be kept and why it was not taken."""
    answered = bench.answered(found, at=at)
    parts = showing.parts(piece.exercise, found.attempt.answer)
    notes = margin.placed(piece.exercise, found.attempt.answer, answered.notes, attempt=found.attempt.number)
    context = {
        "piece": piece,
        "exercise": piece.exercise,
        "week": piece.exercise.week,
        "answered": answered,
        "parts": showing.noted(parts, notes),
        "every": every,
        "thread": replies.under(found, person_of(request), at=at),
        "closed": replying.closed_refusal(piece.enrolment),
        "refusal": refusal,
        "typed": typed,
        "at": at,
    }
    status = refusals.status_of(refusal) if refusal else 200
    return page(request, "feedback_of.html", piece.enrolment, context, status=status)


# --- Under it -------------------------------------------------------------------------------------


@posted
def reply(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A few words under the feedback, or one press. What is in the field when one is pressed stays there."""
    at, piece = clock.now(), piece_of(request, key, dated=False)
    found, text, quick = _attempt(piece, number), request.POST.get("text", ""), request.POST.get("quick", "")
    try:
        replying.reply(found, text="" if quick else text, quick=quick, by=person_of(request), at=at)
    except ValidationError as refusal:
        return _refused(request, piece, found, refusal, text, at)
    if quick and text.strip():
        return _page_of(request, piece, number, at, typed=text)
    return redirect(_address_of(request, key, number, "#replies"))


@posted
def used(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """That it was of use; `used=no` takes that back."""
    at, piece = clock.now(), piece_of(request, key, dated=False)
    found = _chosen(_shown(request, piece, at), str(number))
    act = replying.unmark_used if request.POST.get("used") == "no" else replying.mark_used
    act(found, by=person_of(request), at=at)
    return redirect(_address_of(request, key, number, "#replies"))


def _refused(
    request: HttpRequest, piece: Submission, found: Attempt, refusal: ValidationError, text: str, at: datetime
) -> HttpResponse:
    """Where the feedback was taken back meanwhile, the attempt itself, with what was typed."""
    if replies.shown_on(found, at=at):
        return _page_of(request, piece, found.number, at, refusal=refusal, typed=text)
    return _attempt_page(request, piece, found, at, refusal=refusal, typed=text)


def _page_of(request: HttpRequest, piece: Submission, number: int, at: datetime, **said) -> HttpResponse:
    every = _shown(request, piece, at)
    return _feedback_page(request, piece, _chosen(every, str(number)), every, at, **said)


def _address_of(request: HttpRequest, key: str, number: int, place: str) -> str:
    where = address(request, "feedback-of", key)
    return f"{where}{'&' if '?' in where else '?'}attempt={number}{place}"


# --- As it was handed in --------------------------------------------------------------------------


@require_safe
def attempt(request, key, number):
    """An attempt as it was handed in, for ever."""
    at, piece = clock.now(), piece_of(request, key, dated=False)
    return _attempt_page(request, piece, _attempt(piece, number), at)


def _attempt_page(
    request: HttpRequest,
    piece: Submission,
    found: Attempt,
    at: datetime,
    *,
    refusal: ValidationError | None = None,
    typed: str = "",
) -> HttpResponse:
    context = {
        "piece": piece,
        "exercise": piece.exercise,
        "week": piece.exercise.week,
        "attempt": found,
        "attempts": list(attempts.standing_attempts(piece)),
        "parts": showing.parts(piece.exercise, found.answer),
        "feedback": feedbacks.shown_to(person_of(request), at=at).filter(attempt=found).first(),
        "refusal": refusal,
        "typed": typed,
        "at": at,
    }
    status = refusals.status_of(refusal) if refusal else 200
    return page(request, "attempt.html", piece.enrolment, context, status=status)


@require_safe
def attempt_text(request, key, number):
    """The same as plain text, to take along."""
    piece = piece_of(request, key, dated=False)
    found = _attempt(piece, number)
    return HttpResponse(plain.text_of(piece.exercise, found.answer), content_type="text/plain; charset=utf-8")


def _attempt(piece: Submission, number: int) -> Attempt:
    found = bench.attempt_of(piece, number)
    if found is None:
        raise Http404
    return found


def _chosen(every: list[Feedback], number: str | None) -> Feedback:
    """The feedback on the attempt asked for, or the newest."""
    asked = [each for each in every if number is None or str(each.attempt.number) == number]
    if not asked:
        raise Http404
    return asked[-1]


def _week(found: Feedback) -> int:
    return found.attempt.submission.exercise.week.number
