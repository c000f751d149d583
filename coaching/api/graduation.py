"""Where clients stand with what finishing asks, for their coaches and admins; confirming it, for admins."""

from rest_framework.response import Response

from clients.api.base import View, documented
from clients.models import Cohort
from coaching import graduates, graduating, graduation

from .cohorts import managed as managed_cohort
from .dates import looked_after
from .serializers import waivers as shapes
from .waivers import managed


class OfClient(View):
    """One client."""

    @documented("graduation", "What finishing asks of a client", returns=shapes.Standing)
    def get(self, request, enrolment):
        return Response(shapes.Standing(graduation.of(looked_after(request, enrolment), at=self.at)).data)

    @documented("graduate", "Confirm that a client has finished", returns=shapes.Candidate, refuses=[409])
    def post(self, request, enrolment):
        graduating.graduate(managed(request, enrolment), by=request.user, at=self.at)
        return self._told(request, enrolment)

    @documented("graduation_take_back", "Take that back", returns=shapes.Candidate, refuses=[409])
    def delete(self, request, enrolment):
        graduating.take_back(managed(request, enrolment), by=request.user, at=self.at)
        return self._told(request, enrolment)

    def _told(self, request, enrolment: int) -> Response:
        return Response(shapes.Candidate(graduates.of(managed(request, enrolment), at=self.at)).data)


class OfCohort(View):
    """Everybody in a cohort."""

    @documented("graduations", "Who of a cohort has finished, and what the others miss", returns=shapes.Candidates)
    def get(self, request, pk):
        return self._told(managed_cohort(request, pk))

    @documented(
        "graduate_all", "Confirm everybody who has done what is asked", returns=shapes.Candidates, refuses=[409]
    )
    def post(self, request, pk):
        cohort = managed_cohort(request, pk)
        graduating.graduate_all(cohort, by=request.user, at=self.at)
        return self._told(cohort)

    def _told(self, cohort: Cohort) -> Response:
        told = {
            "over_at": graduates.over_at(cohort, at=self.at),
            "clients": graduates.of_cohort(cohort, at=self.at),
        }
        return Response(shapes.Candidates(told).data)
