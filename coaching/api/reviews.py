"""Reading and answering: the queue, the claim, the feedback. What one does not coach is not there: 404."""

from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from clients import uploading
from clients.api.base import PROBLEM, Problem, Stale, View, address_of_next, body, documented, page_of, query
from clients.api.recordings import Bytes
from clients.attempts import latest_attempt
from clients.models import Attempt, Submission
from coaching import (
    asks,
    caseload,
    drafted,
    feedbacks,
    hints,
    margin,
    models,
    pieces,
    queued,
    reviewing,
    talks,
    voices,
    voicing,
)

from .homework import visible_piece
from .serializers import reviews as shapes

WaitingPage = page_of(shapes.Waiting)


def piece_to_review(request, pk: int, at: datetime) -> Submission:
    """Something a client of one's cohorts handed in, taken back since or not; else 404."""
    mine = caseload.handed_to(request.user, at=at)
    return get_object_or_404(mine.select_related("enrolment__client", "enrolment__cohort", "exercise__week"), pk=pk)


class Queue(View):
    """What waits, by time left on the promise."""

    @documented("review_queue", "What waits for feedback", filters=shapes.QueueQuery, returns=WaitingPage)
    def get(self, request):
        if not caseload.roles_of(request.user, at=self.at).coach:
            raise Http404
        after = query(shapes.QueueQuery, request).get("after")
        rows = caseload.queue(request.user, at=self.at, after=_parsed(after) if after else None, limit=caseload.PAGE)
        last = _mark(rows[-1]) if len(rows) == caseload.PAGE else None
        page = {"next": address_of_next(request, last), "results": rows}
        return Response(WaitingPage(page).data)


def _mark(row: queued.QueueRow) -> str:
    handed_in_at, pk = row.place
    return f"{handed_in_at.isoformat()},{pk}"


def _parsed(after: str) -> tuple[datetime, int]:
    instant, _comma, number = after.partition(",")
    try:
        found = parse_datetime(instant)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not (number.isdecimal() and number.isascii()):
        raise ValidationError({"after": [_("Use the address in `next` as it is.")]})
    return found, int(number)


class Claim(View):
    """Taking a piece in hand."""

    @documented("claim", "Claim a piece", returns=shapes.Claim, refuses=[409])
    def post(self, request, pk):
        claim = reviewing.claim(piece_to_review(request, pk, self.at), by=request.user, at=self.at)
        return Response(shapes.Claim(claim).data)


class TakeOver(View):
    """Taking a colleague's piece in hand, on purpose."""

    @documented(
        "take_over", "Take a colleague's claim over", takes=shapes.TakeOver, returns=shapes.Claim, refuses=[409]
    )
    def post(self, request, pk):
        meant = body(shapes.TakeOver, request)
        claim = reviewing.take_over(piece_to_review(request, pk, self.at), **meant, by=request.user, at=self.at)
        return Response(shapes.Claim(claim).data)


class Release(View):
    """Giving a claim up."""

    @documented("release", "Give a claim up", status=204, refuses=[409])
    def post(self, request, pk):
        reviewing.release(piece_to_review(request, pk, self.at), by=request.user, at=self.at)
        return Response(status=204)


@contextmanager
def both_texts(yours: dict[str, Any]):
    """A save that came too late is answered with the stored feedback and the one sent."""
    try:
        yield
    except reviewing.StaleFeedback as stale:
        stored = shapes.FeedbackDraft(_draft_of(stale.draft.attempt, stale.draft)).data
        raise Stale(stale, stored=stored, yours=yours) from None


class FeedbackDraft(View):
    """The draft of the feedback: its author's alone."""

    @documented("feedback_draft", "Your draft of the feedback, with the rubric", returns=shapes.FeedbackSheet)
    def get(self, request, pk):
        attempt = _attempt(piece_to_review(request, pk, self.at))
        sheet, criteria = (
            _draft_of(attempt, feedbacks.kept_draft(attempt, request.user)),
            feedbacks.criteria_of(attempt),
        )
        own = feedbacks.own_levels(attempt, criteria)
        rubric = {"criteria": criteria, "own_levels": own, "asked": asks.put_to(attempt)}
        return Response(shapes.FeedbackSheet(sheet | rubric).data)

    @documented(
        "feedback_draft_save",
        "Save your draft of the feedback; the first save claims the piece",
        takes=shapes.FeedbackToWrite,
        returns=shapes.FeedbackDraft,
        refuses=[409],
    )
    def put(self, request, pk):
        content = body(shapes.FeedbackToWrite, request)
        revision = content.pop("revision")
        with both_texts(content):
            draft = reviewing.save_feedback_draft(
                piece_to_review(request, pk, self.at), content=content, revision=revision, by=request.user, at=self.at
            )
        return Response(shapes.FeedbackDraft(_draft_of(draft.attempt, draft)).data)


def _attempt(submission: Submission) -> Attempt:
    attempt = latest_attempt(submission)
    if attempt is None:
        raise Http404
    return attempt


def _draft_of(attempt: Attempt, draft: models.FeedbackDraft | None) -> dict[str, Any]:
    draft = draft or models.FeedbackDraft(saved_at=None)
    said = hints.of(draft.keep, draft.try_next, drafted.asks_in(draft))
    return {"attempt": attempt.number, "hints": said} | drafted.parts(draft)


class Feedback(View):
    """What was answered. A client reads it from ten seconds after it was sent."""

    @documented("feedback", "The feedback on a submission", filters=shapes.FeedbackQuery, returns=shapes.Feedback)
    def get(self, request, pk):
        number = query(shapes.FeedbackQuery, request).get("attempt")
        piece = visible_piece(request, pk, self.at)
        found = pieces.feedback_on(piece, request.user, at=self.at, number=number)
        if found is None:
            raise Http404
        at = self.at if pieces.is_own(piece, request.user) else None
        return Response(shapes.Feedback(_marked(found, at=at)).data)

    @documented(
        "feedback_send",
        "Send feedback",
        takes=shapes.FeedbackToWrite,
        returns=shapes.Feedback,
        status=201,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        content = body(shapes.FeedbackToWrite, request)
        revision = content.pop("revision")
        with both_texts(content):
            sent = reviewing.send_feedback(
                piece_to_review(request, pk, self.at), content=content, revision=revision, by=request.user, at=self.at
            )
        return Response(shapes.Feedback(_marked(sent, at=None)).data, status=201)


def _marked(feedback: models.Feedback, *, at: datetime | None) -> dict[str, Any]:
    """With `at` as its client may see it by then."""
    levels = feedbacks.levels_of(feedback)
    marks = feedbacks.marked(feedback.attempt, levels, before={})
    return {
        "feedback": feedback,
        "marks": marks,
        "asks": asks.of(feedback, at=at),
        "notes": margin.of(feedback),
        "voice": voices.of(feedback),
        "talked": talks.of(feedback),
    }


class FeedbackUndo(View):
    """Taking feedback back, within ten seconds."""

    @documented("feedback_undo", "Undo sent feedback, within ten seconds", status=204, refuses=[409])
    def post(self, request, pk):
        attempt = _attempt(piece_to_review(request, pk, self.at))
        sent = get_object_or_404(models.Feedback, attempt=attempt, coach=request.user)
        reviewing.undo_feedback(sent, by=request.user, at=self.at)
        return Response(status=204)


class FeedbackRecall(View):
    """Taking feedback back before its mail leaves."""

    @documented("feedback_recall", "Recall sent feedback, within ten minutes", status=204, refuses=[409])
    def post(self, request, pk):
        attempt = _attempt(piece_to_review(request, pk, self.at))
        sent = get_object_or_404(models.Feedback, attempt=attempt, coach=request.user)
        reviewing.recall_feedback(sent, by=request.user, at=self.at)
        return Response(status=204)


class VoiceBytes(Bytes):
    """A sound file as it is."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return stream.read(uploading.BIGGEST + 1)


class FeedbackVoice(View):
    """Saying the answer, up to a minute, beside what is written."""

    def get_parsers(self):
        return [VoiceBytes()] if self.request and self.request.method == "PUT" else super().get_parsers()

    @extend_schema(
        operation_id="feedback_voice_say",
        summary="Say your answer; it goes with the feedback once you send that",
        request={Bytes.media_type: OpenApiTypes.BINARY},
        responses={200: shapes.Voice} | {(code, PROBLEM): Problem for code in (400, 401, 404, 409, 415, 422)},
    )
    def put(self, request, pk):
        piece = piece_to_review(request, pk, self.at)
        data = request.data if isinstance(request.data, bytes) else b""
        said = voicing.say(piece, parts=[data], by=request.user, at=self.at)
        return Response(shapes.Voice(said).data)

    @documented("feedback_voice_drop", "Take what you said out", status=204, refuses=[409])
    def delete(self, request, pk):
        voicing.drop(piece_to_review(request, pk, self.at), by=request.user, at=self.at)
        return Response(status=204)


class FeedbackRead(View):
    """The client opened it."""

    @documented("feedback_read", "Note that you have read the feedback", status=204)
    def post(self, request, pk):
        piece = get_object_or_404(Submission.objects.owned_by(request.user), pk=pk)
        found = feedbacks.last_shown(piece, at=self.at)
        if found is None:
            raise Http404
        reviewing.mark_read(found, by=request.user, at=self.at)
        return Response(status=204)
