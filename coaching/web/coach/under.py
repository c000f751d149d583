"""What stands under feedback that was sent: what is said of it, whether it was talked about, the way back."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from clients.models import Submission, User
from coaching import replies, replying, reviewing, talking, talks
from coaching.models import Feedback

from .desk import CoachRequest


def of(request: CoachRequest, given: Feedback | None, submission: Submission, *, at: datetime) -> dict[str, Any]:
    """For the template; `given` is None where nothing was sent."""
    found = _thread(given, submission, request.user, at) | _talk(request, given, submission, at)
    return found | {"can_recall": _can_recall(given, submission, request.user, at)}


def _talk(request: CoachRequest, given: Feedback | None, submission: Submission, at: datetime) -> dict[str, Any]:
    """Whether it was talked about, where that was asked for and shows; and what was typed of it."""
    if given is None or given.verdict != Feedback.Verdict.LIVE or at < given.shown_from:
        return {"is_to_talk": False}
    given.attempt.submission = submission
    found, today = talks.of(given), timezone.localdate(at)
    return {
        "is_to_talk": True,
        "talk": found,
        "can_talk": talking.talk_refusal(given, by=request.user, at=at) is None,
        "talk_url": reverse("review-talked", args=[submission.pk, given.attempt.number]),
        "today": today,
        "typed_day": request.POST.get("day") or (found.day if found else today).isoformat(),
        "typed_line": request.POST.get("line") or (found.line if found else ""),
    }


def _can_recall(given: Feedback | None, submission: Submission, coach: User, at: datetime) -> bool:
    if given is None or at < given.shown_from:
        return False
    given.attempt.submission = submission
    return reviewing.recall_refusal(given, by=coach, at=at) is None


def _thread(feedback: Feedback | None, submission: Submission, coach: User, at: datetime) -> dict[str, Any]:
    """What is said under a feedback once its client can read it, and why nothing more can be."""
    if feedback is None or feedback.shown_from > at:
        return {"thread": None}
    number = feedback.attempt.number
    return {
        "thread": replies.under(feedback, coach, at=at),
        "closed": replying.closed_refusal(submission.enrolment),
        "reply_url": f"{reverse('review-reply', args=[submission.pk, number])}?attempt={number}",
    }
