"""Who is proposed as an admin, and confirming that. For admins."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients import entrusting, proposals
from clients.api.base import View, body, documented
from clients.models import AdminProposal
from coaching import caseload

from .cohorts import _coach
from .serializers import admins as shapes


def _for_admins(request) -> None:
    if not caseload.is_admin(request.user):
        raise Http404


def _found(request, pk: int) -> AdminProposal:
    return get_object_or_404(proposals.visible_to(request.user), pk=pk)


class Proposals(View):
    """Those that wait, and a new one."""

    @documented("admin_proposals", "Who waits for a second admin", returns=shapes.Proposal(many=True))
    def get(self, request):
        _for_admins(request)
        return Response(shapes.Proposal(proposals.open_to(request.user, at=self.at), many=True).data)

    @documented(
        "admin_propose",
        "Propose somebody as an admin",
        takes=shapes.ToPropose,
        returns=shapes.Proposal,
        status=201,
        refuses=[422],
    )
    def post(self, request):
        _for_admins(request)
        sent = body(shapes.ToPropose, request)
        made = entrusting.propose(_coach(sent["email"]), reason=sent["reason"], by=request.user, at=self.at)
        return Response(shapes.Proposal(made).data, status=201)


class Confirm(View):
    """The second admin says yes."""

    @documented("admin_confirm", "Confirm a proposal of another admin", returns=shapes.Proposal, refuses=[409])
    def post(self, request, pk):
        done = entrusting.confirm(_found(request, pk), by=request.user, at=self.at)
        return Response(shapes.Proposal(done).data)


class OneProposal(View):
    """It comes to nothing."""

    @documented("admin_withdraw", "Take a proposal back, or decline it", status=204, refuses=[409])
    def delete(self, request, pk):
        entrusting.withdraw(_found(request, pk), by=request.user, at=self.at)
        return Response(status=204)
