"""Waiving a condition of finishing for one client, for admins."""

from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients import deadlines
from clients import models as rows
from clients.api.base import View, body, documented
from coaching import graduation, roster, waiving

from .serializers import waivers as shapes


def managed(request, pk: int) -> rows.Enrolment:
    """Anybody's, for admins; 404 for everybody else."""
    found = rows.Enrolment.objects.filter(cohort__in=roster.cohorts_set_up_by(request.user).values("pk"))
    return get_object_or_404(deadlines.with_calendar(found), pk=pk)


class Waivers(View):
    """What is not asked of a client."""

    @documented(
        "waive",
        "Waive a condition of finishing",
        takes=shapes.ToWaive,
        returns=shapes.Standing,
        status=201,
        refuses=[409, 422],
    )
    def post(self, request, enrolment):
        found, sent = managed(request, enrolment), body(shapes.ToWaive, request)
        waiving.waive(found, sent["condition"], reason=sent["reason"], by=request.user, at=self.at)
        return Response(shapes.Standing(graduation.of(found, at=self.at)).data, status=201)


class OneWaiver(View):
    """A condition that is waived."""

    @documented("waiver_end", "Ask for a condition again", status=204, refuses=[409])
    def delete(self, request, enrolment, condition):
        waiving.ask_again(managed(request, enrolment), condition, by=request.user, at=self.at)
        return Response(status=204)
