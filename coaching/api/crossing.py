"""A cohort goes over to a newer edition, for admins: what it would do, doing it, undoing it."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.response import Response

from clients import crossing
from clients.api.base import View, body, documented
from coaching import crossovers, taught
from curriculum.models import Edition

from .cohorts import _one, managed
from .serializers import crossing as shapes


def _which(request, number: int) -> Edition:
    return _one(taught.visible_to(request.user), "edition", _("There is no such edition."), pk=number)


class Crossing(View):
    """Going over, and back."""

    @documented(
        "crossing",
        "Take a cohort over to a newer edition",
        takes=shapes.WhichEdition,
        returns=shapes.Crossing,
        status=201,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        cohort, sent = managed(request, pk), body(shapes.WhichEdition, request)
        edition = _which(request, sent["edition"])
        made = crossing.cross(cohort, edition, by=request.user, at=self.at, seen=sent["seen"])
        return Response(shapes.Crossing(made).data, status=201)

    @documented(
        "crossing_undo", "Take a cohort back to its edition from before", returns=shapes.Crossing, refuses=[409]
    )
    def delete(self, request, pk):
        rows = managed(request, pk).crossings.select_related("left", "cohort").order_by("-pk")
        made = crossing.undo(get_object_or_404(rows[:1]), by=request.user, at=self.at)
        return Response(shapes.Crossing(made).data)


class CrossingEffect(View):
    """Before it is done."""

    @documented(
        "crossing_effect",
        "What going over to a newer edition would do",
        takes=shapes.EditionToLookAt,
        returns=shapes.Crossover,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        cohort, sent = managed(request, pk), body(shapes.EditionToLookAt, request)
        effect = crossovers.foresee(cohort, _which(request, sent["edition"]), by=request.user, at=self.at)
        return Response(shapes.Crossover(effect).data)
