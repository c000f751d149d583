"""The coach's ratings beside the client's own: for the pair. For anybody else there is nothing here."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients import deadlines
from clients.api.base import View, body, documented
from clients.models import Enrolment
from coaching import attendance, caseload, confided, rating, ratings

from .serializers import ratings as shapes


class OfCohort(View):
    """The grid of a cohort."""

    @documented("rating_grid", "The ratings of a cohort at one time", returns=shapes.RatingRow(many=True))
    def get(self, request, pk, moment):
        cohort = get_object_or_404(caseload.coached_by(request.user), pk=pk)
        asked = ratings.questionnaire_of(cohort)
        if asked is None or moment not in [time.key for time in asked.times]:
            raise Http404
        return Response(shapes.RatingRow(ratings.grid(cohort, request.user, moment), many=True).data)


class OfClient(View):
    """Both sides of one client."""

    @documented("ratings", "The coach's ratings beside the client's own", returns=shapes.Beside(many=True))
    def get(self, request, enrolment):
        mine = Q(client=request.user) | Q(pk__in=ratings.rated_by(request.user).values("pk"))
        rows = Enrolment.objects.filter(mine).select_related("client", "cohort__edition")
        found = get_object_or_404(rows, pk=enrolment)
        return Response(shapes.Beside(ratings.beside(found, request.user), many=True).data)


class Rate(View):
    """One rating."""

    @documented(
        "rate",
        "Rate a client, once",
        takes=shapes.ToRate,
        returns=shapes.Beside(many=True),
        status=201,
        refuses=[409, 422],
    )
    def post(self, request, enrolment, moment):
        found = get_object_or_404(deadlines.with_calendar(ratings.rated_by(request.user)), pk=enrolment)
        asked = ratings.questionnaire_of(found.cohort)
        if asked is None or moment not in [time.key for time in asked.times]:
            raise Http404
        rating.rate(found, moment, by=request.user, at=self.at, **body(shapes.ToRate, request))
        return Response(shapes.Beside(ratings.beside(found, request.user), many=True).data, status=201)


class Came(View):
    """The sessions of one client."""

    @documented("client_attendance", "The live sessions a client came to", returns=shapes.CameTo(many=True))
    def get(self, request, enrolment):
        found = get_object_or_404(ratings.rated_by(request.user), pk=enrolment)
        came = attendance.of_client(found)
        return Response(shapes.CameTo(came, many=True).data)


class KeptByClient(View):
    """What a client keeps for the pair."""

    @documented(
        "client_kept", "A client's meeting log, the ledger lines you may read, and their 1:1s", returns=shapes.Kept
    )
    def get(self, request, enrolment):
        found = get_object_or_404(ratings.rated_by(request.user), pk=enrolment)
        return Response(shapes.Kept(confided.of(found, request.user)).data)
