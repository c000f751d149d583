"""Who needs their coach. For coaches of the cohort alone: for anybody else there is nothing here."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients.api.base import View, body, documented
from clients.models import Enrolment
from coaching import caseload, heeding, risks
from coaching.models import Flag

from .serializers import risks as shapes


def _clients(request):
    mine = caseload.coached_by(request.user).values("pk")
    return Enrolment.objects.filter(cohort__in=mine).exclude(client=request.user)


def _client(request, pk: int) -> Enrolment:
    return get_object_or_404(_clients(request).select_related("client", "cohort__edition"), pk=pk)


class AtRisk(View):
    """The list."""

    @documented("risk_list", "Who needs you, and why", returns=shapes.AtRisk(many=True))
    def get(self, request):
        if not caseload.coached_by(request.user).exists():
            raise Http404
        return Response(shapes.AtRisk(risks.of_coach(request.user, at=self.at), many=True).data)


class Flags(View):
    """A flag of one's own."""

    @documented("flag", "Flag a client", takes=shapes.ToFlag, returns=shapes.Flag, status=201, refuses=[409, 422])
    def post(self, request, enrolment):
        raised = heeding.flag(_client(request, enrolment), by=request.user, at=self.at, **body(shapes.ToFlag, request))
        return Response(shapes.Flag(raised).data, status=201)


class Lower(View):
    """The flag is not needed any more."""

    @documented("flag_lower", "Lower a flag", status=204, refuses=[409])
    def post(self, request, pk):
        theirs = Flag.objects.filter(enrolment__in=_clients(request)).select_related("enrolment__client")
        heeding.lower(get_object_or_404(theirs, pk=pk), by=request.user, at=self.at)
        return Response(status=204)


class SeeTo(View):
    """Seen, spoke to them."""

    @documented(
        "risk_see_to",
        "Note that you have seen to a reason; it rests for seven days",
        takes=shapes.ToSee,
        returns=shapes.Rests,
        status=201,
        refuses=[409],
    )
    def post(self, request, enrolment):
        rests = heeding.see_to(_client(request, enrolment), by=request.user, at=self.at, **body(shapes.ToSee, request))
        return Response(shapes.Rests(rests).data, status=201)
