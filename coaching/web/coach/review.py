"""One piece in front of a coach: the queue, the text, the verdict. Nothing is sent before it is sent."""

from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clients.attempts import asks_latest, latest_attempt, standing_attempts
from clients.models import Attempt, Submission, User
from coaching import asks, calibration, caseload, feedbacks, replying, reviewing
from coaching.models import Feedback
from curriculum import refusals
from curriculum.at_once import at_once
from curriculum.prepared import Asked, Question

from . import layout
from .desk import CoachRequest, desk, posted
from .forms import FeedbackForm

TEMPLATE = "coaching/coach/review.html"


# --- Looking --------------------------------------------------------------------------------------


@require_safe
@desk
def review(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """The piece, its last standing attempt or the one asked for, and the coach's own draft beside it."""
    with at_once(_asks_given(request, pk, at), *layout.asks_first(request, pk, at=at)):
        return page(request, given(request, pk, at), at)


def given(request: CoachRequest, pk: int, at: datetime) -> Submission:
    """Something this coach was handed, or 404. The client's draft is not loaded: nobody here reads it."""
    found: Submission | None = _asks_given(request, pk, at).first()
    if found is None:
        raise Http404
    return found


def _asks_given(request: CoachRequest, pk: int, at: datetime) -> Asked:
    return _given.of(coach=request.user.pk, piece=pk, at=at)


@Question
def _given(*, coach: int, piece: int, at: datetime) -> QuerySet:
    person = User(pk=coach)
    rows = calibration.looked_up(caseload.handed_to(person, at=at), person).filter(pk=piece).defer("draft", "meant")
    return rows.select_related("enrolment__client", "enrolment__cohort", "exercise__week", "exercise__rubric")


def page(
    request: CoachRequest,
    submission: Submission,
    at: datetime,
    *,
    form: FeedbackForm | None = None,
    refusal: ValidationError | None = None,
    typed: str = "",
) -> HttpResponse:
    """The page, with what was typed and why it was not taken where a post was refused."""
    context = layout.lay_out(request, submission, at=at, form=form, refusal=refusal) | {"typed": typed}
    return render(request, TEMPLATE, context, status=refusals.status_of(refusal) if refusal else 200)


# --- Who has it -----------------------------------------------------------------------------------


@posted
@desk
def claim(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Take the piece in hand before the first word."""
    return _done_or_said(request, pk, reviewing.claim, at)


@posted
@desk
def take_over(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Take a colleague's piece, on purpose: from whom the page named, and from nobody who came in between."""
    named = request.POST.get("holder", "")
    holder = int(named) if named.isascii() and named.isdecimal() else None
    return _done_or_said(request, pk, partial(reviewing.take_over, holder=holder), at)


@posted
@desk
def release(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Give the piece back to the queue."""
    return _done_or_said(request, pk, reviewing.release, at)


def _done_or_said(request: CoachRequest, pk: int, operation: Any, at: datetime) -> HttpResponse:
    """Back to the page after it worked; the page with the sentence when it did not."""
    submission = given(request, pk, at)
    try:
        operation(submission, by=request.user, at=at)
    except ValidationError as refusal:
        return page(request, given(request, pk, at), at, refusal=refusal)
    return redirect("review", pk=pk)


# --- Writing and sending --------------------------------------------------------------------------


@posted
@desk
def draft(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Keep what was written. A script hears what became of it, a form comes back to the page."""
    submission, attempt, form = _written(request, pk, at)
    try:
        _check(submission, attempt, form)
        saved = reviewing.save_feedback_draft(
            submission, content=form.content(), revision=form.cleaned_data["revision"], by=request.user, at=at
        )
    except ValidationError as refusal:
        return _not_kept(request, submission, form, refusal, at)
    if not _is_script(request):
        return redirect("review", pk=pk)
    told = {"revision": saved.revision, "saved": layout.clock_time(saved.saved_at, at=at)}
    return JsonResponse(told | {"hints": [hint.sentence for hint in layout.hints_of(saved)]})


@posted
@desk
def send(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Send the feedback and go on to the next piece. `?verdict=another` asks for another attempt, `?verdict=live` for
    a talk about it.

    The second click of a double click is answered like the first.
    """
    submission, attempt, form = _written(request, pk, at)
    verdict = request.GET.get("verdict")
    outcome = {"another": verdict == Feedback.Verdict.ANOTHER, "live": verdict == Feedback.Verdict.LIVE}
    try:
        _check(submission, attempt, form)
        sent = reviewing.send_feedback(
            submission,
            content=form.content() | outcome,
            revision=form.cleaned_data["revision"],
            by=request.user,
            at=at,
        )
    except ValidationError as refusal:
        sent = _sent_already(request, attempt, at)
        if sent is None:
            return _not_kept(request, submission, form, refusal, at)
    following = caseload.next_for(request.user, but=submission, at=at)
    place = reverse("review", args=[following.pk]) if following else reverse("queue")
    return HttpResponse(status=303, headers={"Location": f"{place}?sent={sent.pk}"})


@posted
@desk
def undo(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Take back what was sent, within its ten seconds. Later the refusal says that they are over."""
    submission = given(request, pk, at)
    sent = get_object_or_404(Feedback, attempt=latest_attempt(submission), coach=request.user)
    reviewing.undo_feedback(sent, by=request.user, at=at)
    return redirect("review", pk=pk)


@posted
@desk
def recall(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Take back what was sent before its mail leaves. Later the refusal says that it stays."""
    submission = given(request, pk, at)
    sent = get_object_or_404(Feedback, attempt=latest_attempt(submission), coach=request.user)
    reviewing.recall_feedback(sent, by=request.user, at=at)
    return redirect("review", pk=pk)


@posted
@desk
def reply(request: CoachRequest, pk: int, *, number: int, at: datetime) -> HttpResponse:
    """A few words under what was answered to an attempt; the address names it once more, for the page."""
    submission, text = given(request, pk, at), request.POST.get("text", "")
    attempt = get_object_or_404(standing_attempts(submission), number=number)
    try:
        replying.reply(attempt, text=text, quick=request.POST.get("quick", ""), by=request.user, at=at)
    except ValidationError as refusal:
        return page(request, given(request, pk, at), at, refusal=refusal, typed=text)
    return redirect(f"{reverse('review', args=[pk])}?attempt={number}#replies")


def _written(request: CoachRequest, pk: int, at: datetime) -> tuple[Submission, Attempt | None, FeedbackForm]:
    """The piece, its last attempt, and what was typed about it."""
    with at_once(_asks_given(request, pk, at), asks_latest(pk)):
        submission = given(request, pk, at)
        attempt = latest_attempt(submission)
    if attempt is None:
        return submission, None, FeedbackForm([], [], request.POST)
    return submission, attempt, FeedbackForm(feedbacks.criteria_of(attempt), asks.put_to(attempt), request.POST)


def _is_script(request: CoachRequest) -> bool:
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"


def _check(submission: Submission, attempt: Attempt | None, form: FeedbackForm) -> None:
    """Raises when the post is not about the text that stands now, or cannot be read."""
    if not form.is_valid():
        raise reviewing.FeedbackRejected(
            {name: [str(error) for error in errors] for name, errors in form.errors.items()}
        )
    if attempt and form.cleaned_data["attempt"] != attempt.pk:
        raise reviewing.CannotReview(
            _("%(name)s handed this in again. The new text is on this page; what you wrote is kept.")
            % {"name": submission.enrolment.client.first},
            code="review.handed_in_again",
        )


def _sent_already(request: CoachRequest, attempt: Attempt | None, at: datetime) -> Feedback | None:
    """What the same coach sent a moment ago, for a click that came twice."""
    sent = feedbacks.of_attempt(attempt) if attempt else None
    return sent if sent and sent.coach_id == request.user.pk and at < sent.shown_from else None


def _not_kept(
    request: CoachRequest, submission: Submission, form: FeedbackForm, refusal: ValidationError, at: datetime
) -> HttpResponse:
    """What was typed goes back to whoever typed it, with the sentence that says why it was not taken."""
    submission = given(request, submission.pk, at)
    if not _is_script(request):
        return page(request, submission, at, form=form, refusal=refusal)
    told: dict[str, Any] = {"code": refusals.code_of(refusal), "detail": refusals.sentence_of(refusal)}
    if latest_attempt(submission) is None:
        told["detail"] = layout.taken_back(submission)
    if isinstance(refusal, reviewing.StaleFeedback):
        context = layout.lay_out(request, submission, at=at, form=form, refusal=refusal)
        told |= {
            "revision": refusal.draft.revision,
            "html": render_to_string("coaching/coach/_both.html", context, request),
        }
    return JsonResponse(told, status=refusals.status_of(refusal))
