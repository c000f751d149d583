"""Listeners of something a client says: asked by the client with an account, answered by a listener without one."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from clients import limits, listening, receipts
from clients.models import Receipt, Recording

from .base import Instant, Shape, View, body, documented
from .views import own_piece


class ListenerToAsk(Shape):
    """What the listener hears; without a recording they are told in person."""

    recording = serializers.UUIDField(required=False, allow_null=True, help_text="the key of one's own recording")


class Remembered(Shape):
    """One question with what the listener remembered."""

    key = serializers.CharField()
    question = serializers.CharField()
    text = serializers.CharField()
    mark = serializers.IntegerField(allow_null=True, help_text="2 right, 1 partly, 0 wrong")


class ReceiptShown(Shape):
    """What a listener took away, as the client sees it."""

    id = serializers.IntegerField(source="receipt.pk")
    state = serializers.ChoiceField([receipts.OPEN, receipts.ANSWERED, receipts.WITHDRAWN, receipts.EXPIRED])
    asked_at = Instant(source="receipt.asked_at")
    expires_at = Instant(source="receipt.expires_at")
    answered_at = Instant(source="receipt.answered_at", allow_null=True)
    listener = serializers.CharField(source="receipt.listener")
    answers = Remembered(many=True)
    points = serializers.IntegerField(allow_null=True, help_text="0 to 8, once marked")


class NewReceipt(Shape):
    """A link for one listener. Its token is told here and nowhere else."""

    id = serializers.IntegerField()
    link = serializers.URLField()
    expires_at = Instant()


class Marks(Shape):
    """Each answer right (2), partly (1) or wrong (0)."""

    what = serializers.IntegerField(required=False)
    why = serializers.IntegerField(required=False)
    wrong = serializers.IntegerField(required=False)
    when = serializers.IntegerField(required=False)


class Memory(Shape):
    """What a listener remembers."""

    what = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    why = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    wrong = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    when = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    listener = serializers.CharField(max_length=80, allow_blank=True, default="")


class Invited(Shape):
    """What a listener finds behind a link: who speaks, whether there is something to hear, the four questions."""

    name = serializers.CharField()
    has_begun = serializers.BooleanField(help_text="from then on the recording is not played")
    has_sound = serializers.BooleanField()
    expires_at = Instant()
    questions = serializers.DictField(child=serializers.CharField())


def own_receipt(request: Any, pk: int) -> Receipt:
    """The person's own, or 404."""
    mine = Receipt.objects.filter(submission__enrolment__client=request.user)
    rows = mine.select_related("submission__enrolment__client", "submission__enrolment__cohort")
    return get_object_or_404(rows, pk=pk)


class Receipts(View):
    """The listeners of a piece."""

    @documented("receipts", "What listeners took away", returns=ReceiptShown(many=True))
    def get(self, request, pk):
        return Response(ReceiptShown(receipts.of(own_piece(request, pk), at=self.at), many=True).data)

    @documented(
        "receipt_ask", "Make a link for a listener", takes=ListenerToAsk, returns=NewReceipt, status=201, refuses=[409]
    )
    def post(self, request, pk):
        piece, key = own_piece(request, pk), body(ListenerToAsk, request).get("recording")
        sound = get_object_or_404(Recording, submission=piece, key=key) if key else None
        receipt, token = listening.ask_listener(piece, sound=sound, by=request.user, at=self.at)
        link = request.build_absolute_uri(reverse("listen", args=[token]))
        told = {"id": receipt.pk, "link": link, "expires_at": receipt.expires_at}
        return Response(NewReceipt(told).data, status=201)


class OneReceipt(View):
    """One listener's link."""

    @documented("receipt_withdraw", "Withdraw a link", status=204, refuses=[409])
    def delete(self, request, pk):
        listening.withdraw(own_receipt(request, pk), by=request.user, at=self.at)
        return Response(status=204)


class ReceiptMarks(View):
    """What came across, in the client's judgement."""

    @documented("receipt_mark", "Mark the answers", takes=Marks, returns=ReceiptShown, refuses=[409, 422])
    def put(self, request, pk):
        receipt = own_receipt(request, pk)
        marked = listening.mark(receipt, marks=body(Marks, request), by=request.user, at=self.at)
        shown = next(one for one in receipts.of(marked.submission, at=self.at) if one.receipt.pk == marked.pk)
        return Response(ReceiptShown(shown).data)


class Listener(View):
    """For whoever holds a link. What is over and what never was are both not there."""

    authentication_classes: tuple = ()
    permission_classes = (AllowAny,)

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if not limits.may_knock(request._request, "listen"):
            raise Throttled(5 * 60)

    def found(self, token: str) -> Receipt:
        receipt = receipts.find(token)
        if receipt is None or listening.answer_refusal(receipt, at=self.at):
            raise Http404
        return receipt


class Invitation(Listener):
    """What is asked."""

    @documented("listen", "What a listener's link leads to", returns=Invited, refuses=[404, 429], open_to_all=True)
    def get(self, request, token):
        receipt = self.found(token)
        told = {
            "name": receipt.submission.enrolment.client.first,
            "has_begun": receipt.begun_at is not None,
            "has_sound": receipt.recording_id is not None,
            "expires_at": receipt.expires_at,
            "questions": {key: str(question) for key, question in receipts.QUESTIONS.items()},
        }
        return Response(Invited(told).data)


class Begin(Listener):
    """On to the questions."""

    @documented("listen_begin", "Go on to the questions", status=204, refuses=[404, 429], open_to_all=True)
    def post(self, request, token):
        listening.begin(self.found(token), at=self.at)
        return Response(status=204)


class Remember(Listener):
    """The four answers, once."""

    @documented(
        "listen_answer", "Answer from memory", takes=Memory, status=204, refuses=[404, 409, 422, 429], open_to_all=True
    )
    def post(self, request, token):
        listening.answer(self.found(token), at=self.at, **body(Memory, request))
        return Response(status=204)
