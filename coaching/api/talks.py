"""That a piece was talked about where its feedback asked for that. What one does not read is not there: 404."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients.api.base import View, body, documented, query
from coaching import caseload, models, talking, talks

from .serializers import replies as threads
from .serializers import talks as shapes


class OpenTalks(View):
    """What is still to be talked about."""

    @documented("talk_list", "What you have still to talk about", returns=shapes.OpenTalk(many=True))
    def get(self, request):
        if not caseload.coached_by(request.user).exists():
            raise Http404
        return Response(shapes.OpenTalk(talks.open_for(request.user), many=True).data)


class Talked(View):
    """Its coach says that they have talked."""

    @documented(
        "feedback_talk",
        "Say that you have talked about it",
        filters=threads.ThreadQuery,
        takes=shapes.ToTalk,
        returns=shapes.Talk,
        refuses=[409, 422],
    )
    def put(self, request, pk):
        found = self._found(request, pk)
        made = talking.mark(found, by=request.user, at=self.at, **body(shapes.ToTalk, request))
        return Response(shapes.Talk(made).data)

    @documented(
        "feedback_talk_reopen",
        "Say that you have not talked about it after all",
        filters=threads.ThreadQuery,
        status=204,
        refuses=[409],
    )
    def delete(self, request, pk):
        talking.reopen(self._found(request, pk), by=request.user, at=self.at)
        return Response(status=204)

    def _found(self, request, pk) -> models.Feedback:
        rows = talks.markable(request.user, at=self.at).filter(attempt__submission=pk).order_by("-attempt__serial")
        number = query(threads.ThreadQuery, request).get("attempt")
        rows = rows if number is None else rows.filter(attempt__number=number)
        return get_object_or_404(rows[:1])
