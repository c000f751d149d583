"""What is said under feedback, and that it was used. What one does not read is not there: 404."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients.api.base import View, body, documented, query
from clients.attempts import latest_attempt, standing_attempts
from clients.models import Attempt, Submission
from coaching import caseload, models, replies, replying

from .homework import visible_piece
from .serializers import replies as shapes


class Replies(View):
    """The thread under the feedback on one attempt."""

    @documented("reply_list", "What is said under feedback", filters=shapes.ThreadQuery, returns=shapes.Thread)
    def get(self, request, pk):
        piece = visible_piece(request, pk, self.at)
        found = _shown(piece, self.at, query(shapes.ThreadQuery, request).get("attempt"))
        return Response(shapes.Thread(replies.under(found, request.user, at=self.at)).data)

    @documented(
        "reply_write",
        "Say something under feedback, in words or with one press",
        takes=shapes.ReplyToWrite,
        returns=shapes.Reply,
        status=201,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        sent = body(shapes.ReplyToWrite, request)
        attempt = _attempt(visible_piece(request, pk, self.at), sent.pop("attempt", None))
        made = replying.reply(attempt, by=request.user, at=self.at, **sent)
        return Response(shapes.Reply(made).data, status=201)


class FeedbackUsed(View):
    """Its client used it."""

    @documented("feedback_use", "Say that you used it", filters=shapes.ThreadQuery, returns=shapes.Used, refuses=[409])
    def put(self, request, pk):
        made = replying.mark_used(self._own(request, pk), by=request.user, at=self.at)
        return Response(shapes.Used(made).data)

    @documented("feedback_unuse", "Say that you did not", filters=shapes.ThreadQuery, status=204, refuses=[409])
    def delete(self, request, pk):
        replying.unmark_used(self._own(request, pk), by=request.user, at=self.at)
        return Response(status=204)

    def _own(self, request, pk) -> models.Feedback:
        piece = get_object_or_404(Submission.objects.owned_by(request.user), pk=pk)
        return _shown(piece, self.at, query(shapes.ThreadQuery, request).get("attempt"))


class Heard(View):
    """What became of what one sent, in counts; for oneself alone."""

    @documented("review_heard", "What clients did with your feedback, in four weeks", returns=shapes.Heard)
    def get(self, request):
        if not caseload.roles_of(request.user, at=self.at).coach:
            raise Http404
        return Response(shapes.Heard(replies.heard(request.user, at=self.at)).data)


def _shown(piece: Submission, at, number: int | None) -> models.Feedback:
    found = replies.shown_in(piece, at=at, number=number)
    if found is None:
        raise Http404
    return found


def _attempt(piece: Submission, number: int | None) -> Attempt:
    """The attempt of this number that stands, or the last one."""
    if number is not None:
        return get_object_or_404(standing_attempts(piece), number=number)
    found = latest_attempt(piece)
    if found is None:
        raise Http404
    return found
