"""A coach's clients: all of them in a list, and what came of one. For anybody else there is nothing here."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients import deadlines
from clients.api.base import View, documented
from coaching import caseload, clientele, ratings, set_out, so_far

from .serializers import clientele as shapes


class Clients(View):
    """The list."""

    @documented("client_list", "Your clients: where each stands, and what comes next", returns=shapes.Client(many=True))
    def get(self, request):
        found = clientele.of(request.user, at=self.at).rows
        # Whoever has a client coaches; only an empty list leaves the question open.
        if not found and not caseload.roles_of(request.user, at=self.at).coach:
            raise Http404
        return Response(shapes.Client(found, many=True).data)


class SoFar(View):
    """What came of one of them."""

    @documented("client_so_far", "What a client set out with, and what came of it so far", returns=shapes.SoFar)
    def get(self, request, enrolment):
        mine = ratings.rated_by(request.user).prefetch_related(*(f"cohort__{name}" for name in deadlines.OF_A_COHORT))
        theirs = get_object_or_404(mine, pk=enrolment)
        found = so_far.of(theirs, request.user, at=self.at)
        aims = set_out.of(theirs, request.user, at=self.at)
        return Response(shapes.SoFar({"enrolment": theirs, "set_out": aims, "so_far": found}).data)
