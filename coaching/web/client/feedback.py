"""What a coach said, and what it was said about."""

from itertools import groupby

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from clients import attempts
from coaching import feedbacks, margin, reviewing
from coaching.models import Feedback
from curriculum import clock, plain

from . import bench, showing
from .finding import address, enrolment_of, is_script, page, piece_of


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
    at, piece = clock.now(), piece_of(request, key)
    shown = feedbacks.shown_to(request.user, at=at).filter(attempt__submission=piece)
    every = list(shown.order_by("attempt__serial"))
    found = _chosen(every, request.GET.get("attempt"))
    if request.method == "POST":
        reviewing.mark_read(found, by=request.user, at=at)
        return HttpResponse(status=204) if is_script(request) else redirect(address(request, "feedback-of", key))
    answered = bench.answered(found, at=at)
    parts = showing.parts(piece.exercise, found.attempt.answer)
    context = {
        "piece": piece,
        "exercise": piece.exercise,
        "week": piece.exercise.week,
        "answered": answered,
        "parts": showing.noted(parts, margin.placed(piece.exercise, found.attempt.answer, answered.notes)),
        "every": every,
        "at": at,
    }
    return page(request, "feedback_of.html", piece.enrolment, context)


@require_safe
def attempt(request, key, number):
    """An attempt as it was handed in, for ever."""
    at, piece = clock.now(), piece_of(request, key)
    found = bench.attempt_of(piece, number)
    if found is None:
        raise Http404
    context = {
        "piece": piece,
        "exercise": piece.exercise,
        "week": piece.exercise.week,
        "attempt": found,
        "attempts": list(attempts.standing_attempts(piece)),
        "parts": showing.parts(piece.exercise, found.answer),
        "feedback": feedbacks.shown_to(request.user, at=at).filter(attempt=found).first(),
        "at": at,
    }
    return page(request, "attempt.html", piece.enrolment, context)


@require_safe
def attempt_text(request, key, number):
    """The same as plain text, to take along."""
    piece = piece_of(request, key)
    found = bench.attempt_of(piece, number)
    if found is None:
        raise Http404
    return HttpResponse(plain.text_of(piece.exercise, found.answer), content_type="text/plain; charset=utf-8")


def _chosen(every: list[Feedback], number: str | None) -> Feedback:
    """The feedback on the attempt asked for, or the newest."""
    asked = [each for each in every if number is None or str(each.attempt.number) == number]
    if not asked:
        raise Http404
    return asked[-1]


def _week(found: Feedback) -> int:
    return found.attempt.submission.exercise.week.number
