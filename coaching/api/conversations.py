"""What clients and coaches write to each other. Whose one is not, is not there: 404."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients import progress
from clients.api.base import View, address_of_next, body, documented, page_of, query
from clients.models import Enrolment, User
from coaching import caseload, conversations, conversing
from coaching.models import Conversation

from .serializers import conversations as shapes

ConversationPage = page_of(shapes.Conversation)


class Conversations(View):
    """One's own, as a client and as a coach."""

    @documented("conversation_list", "Your conversations", filters=shapes.ConversationQuery, returns=ConversationPage)
    def get(self, request):
        wanted = query(shapes.ConversationQuery, request)
        rows = conversations.visible_to(request.user, at=self.at).order_by("-pk")
        if before := wanted.get("after"):
            rows = rows.filter(pk__lt=before)
        found = [_told(one, request.user) for one in rows[: caseload.PAGE]]
        last = found[-1]["conversation"].pk if len(found) == caseload.PAGE else None
        return Response(ConversationPage({"next": address_of_next(request, last), "results": found}).data)


def _told(one: Conversation, reader: User) -> dict:
    return {"conversation": one, "is_new": conversations.is_new_to(one, reader)}


class OneConversation(View):
    """What was written, the newest hundred words."""

    @documented("conversation", "One conversation", returns=shapes.ConversationInFull)
    def get(self, request, pk):
        found = self._found(request, pk)
        told = _told(found, request.user) | {"words": conversations.words_of(found)}
        return Response(shapes.ConversationInFull(told).data)

    @documented("conversation_read", "Say that you have read it", status=204)
    def post(self, request, pk):
        conversing.read(self._found(request, pk), by=request.user, at=self.at)
        return Response(status=204)

    def _found(self, request, pk) -> Conversation:
        return get_object_or_404(conversations.visible_to(request.user, at=self.at), pk=pk)


class Words(View):
    """Writing to the other one."""

    @documented(
        "word_write",
        "Write to your coach or to your client",
        takes=shapes.WordToWrite,
        returns=shapes.Word,
        status=201,
        refuses=[409, 422],
    )
    def post(self, request, enrolment):
        sent = body(shapes.WordToWrite, request)
        desks = Q(cohort__in=caseload.desks_of(request.user, at=self.at))
        mine = Enrolment.objects.filter(Q(client=request.user) | desks).select_related("client", "cohort")
        found = get_object_or_404(mine, pk=enrolment)
        coach = self._coach(request, found, sent.pop("to", None))
        key = sent.pop("exercise", None)
        piece = get_object_or_404(progress.submissions_of(found), exercise__key=key) if key else None
        made = conversing.write(found, coach, piece=piece, by=request.user, at=self.at, **sent)
        return Response(shapes.Word(made).data, status=201)

    def _coach(self, request, enrolment: Enrolment, number: int | None) -> User:
        """Of a client the coach they name, or the only one; a coach writes in their own name, or for whom they stand
        in for and read."""
        if enrolment.client_id == request.user.pk:
            partners = conversations.partners_of(enrolment)
            named = [one.coach for one in partners if one.coach.pk == number or (number is None and len(partners) == 1)]
            if not named:
                raise Http404
            return named[0]
        coach = conversations.coach_for(request.user, enrolment.cohort, at=self.at)
        seen = conversations.visible_to(request.user, at=self.at).filter(enrolment=enrolment, coach=coach)
        if coach is None or (coach != request.user and not seen.exists()):
            raise Http404
        return coach
