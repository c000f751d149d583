"""Submissions: one's own, and what one's clients handed in."""

from datetime import datetime

from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients.api.base import View, address_of_next, documented, page_of, query
from clients.models import Submission
from coaching import caseload, pieces

from .serializers import homework as shapes

PiecePage = page_of(shapes.Piece)


def visible_piece(request, pk: int, at: datetime) -> Submission:
    return get_object_or_404(pieces.visible_to(request.user, at=at), pk=pk)


class Submissions(View):
    """The list."""

    @documented("submission_list", "Submissions you may see", filters=shapes.PieceQuery, returns=PiecePage)
    def get(self, request):
        found = pieces.page(request.user, at=self.at, **query(shapes.PieceQuery, request))
        last = found[-1].submission.pk if len(found) == caseload.PAGE else None
        return Response(PiecePage({"next": address_of_next(request, last), "results": found}).data)


class OneSubmission(View):
    """One piece. Its draft is its writer's alone; whoever coaches reads what was handed in."""

    @documented("submission", "One submission", returns=shapes.PieceInFull)
    def get(self, request, pk):
        piece = pieces.in_full(visible_piece(request, pk, self.at), request.user, at=self.at)
        return Response(shapes.PieceInFull(piece).data)
