"""The cohort board: for its coaches with levels, for an admin states and times."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients.api.base import View, address_with, documented, query
from coaching import board, caseload

from .serializers import boards as shapes


class Board(View):
    """Clients by weeks."""

    @documented("board", "The board of a cohort", filters=shapes.BoardQuery, returns=shapes.Board)
    def get(self, request, pk):
        asked = query(shapes.BoardQuery, request)
        page, show = asked["page"], board.Show(asked["show"])
        cohort = get_object_or_404(caseload.boards_visible_to(request.user), pk=pk)
        levels = caseload.coaches(request.user, cohort)
        if not board.is_for(show, levels=levels):
            raise Http404
        found = board.board(cohort, at=self.at, levels=levels, page=page, show=show)
        following = address_with(request, page=page + 1) if found.has_more else None
        return Response(shapes.Board({"cohort": cohort, "at": self.at, "board": found, "next": following}).data)
