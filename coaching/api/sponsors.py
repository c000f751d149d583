"""Sponsors: what they see of the cohorts they pay for, and who they are, for admins."""

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response

from clients.api.base import Instant, Shape, View, documented
from coaching import participation, sponsoring, sponsorships
from coaching.models import Sponsorship

from .cohorts import managed
from .serializers.names import CohortNamed, Person


class Number(serializers.JSONField):
    """A number, [low, high] where it lies between two, or null where it may not be told."""


class Participation(Shape):
    """How many take part, as of the first of the month; see `Number` for what cannot be told exactly."""

    cohort = CohortNamed()
    as_of = Instant()
    enrolled = Number()
    started = Number()


class Sponsor(Shape):
    """Somebody who sees what sponsors see of a cohort."""

    id = serializers.IntegerField(source="pk")
    sponsor = Person()
    email = serializers.EmailField(source="sponsor.email")
    since = Instant()


class Sponsored(View):
    """The cohorts one is a sponsor of; none for everybody else."""

    @documented("sponsored", "How many take part in the cohorts you pay for", returns=Participation(many=True))
    def get(self, request):
        return Response(Participation(participation.of_sponsor(request.user, at=self.at), many=True).data)


class OfCohort(View):
    """Its sponsors, for admins."""

    @documented("sponsor_list", "Sponsors of a cohort", returns=Sponsor(many=True))
    def get(self, request, pk):
        return Response(Sponsor(sponsorships.sponsors_of(managed(request, pk)), many=True).data)


class OneSponsor(View):
    """What one sponsor may see."""

    @documented("sponsor_end", "End what a sponsor may see", status=204, refuses=[409])
    def delete(self, request, pk, sponsorship):
        found = Sponsorship.objects.select_related("sponsor", "cohort").filter(cohort=managed(request, pk))
        sponsoring.end(get_object_or_404(found, pk=sponsorship), by=request.user, at=self.at)
        return Response(status=204)
