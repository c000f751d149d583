"""The comment bank: lines a coach may use, with what came of them."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients.api.base import View, body, documented
from coaching import bank, banking, caseload

from .serializers import reviews as shapes


class Comments(View):
    """The lines, and one more."""

    @documented("comment_list", "The lines of the comment bank", returns=shapes.BankLine(many=True))
    def get(self, request):
        cohort = caseload.coached_by(request.user).order_by("-edition__number", "-pk").first()
        if cohort is None:
            raise Http404
        return Response(shapes.BankLine(bank.lines(request.user, cohort.edition_id), many=True).data)

    @documented(
        "comment_add",
        "Keep a line for another time",
        takes=shapes.BankLineToKeep,
        returns=shapes.BankLineKept,
        status=201,
        refuses=[422],
    )
    def post(self, request):
        if not caseload.coached_by(request.user).exists():
            raise Http404
        sent = body(shapes.BankLineToKeep, request)
        return Response(shapes.BankLineKept(banking.add(**sent, by=request.user, at=self.at)).data, status=201)


class Comment(View):
    """One line of one's own."""

    @documented(
        "comment_share",
        "Share a line, or stop",
        takes=shapes.BankLineToShare,
        returns=shapes.BankLineKept,
        refuses=[403],
    )
    def patch(self, request, pk):
        sent = body(shapes.BankLineToShare, request)
        return Response(
            shapes.BankLineKept(banking.share(_line(request, pk), **sent, by=request.user, at=self.at)).data
        )

    @documented("comment_drop", "Take a line out", status=204, refuses=[403])
    def delete(self, request, pk):
        banking.drop(_line(request, pk), by=request.user, at=self.at)
        return Response(status=204)


def _line(request, pk: int):
    return get_object_or_404(bank.visible_to(request.user), pk=pk)
