"""A client's distance and portfolio."""

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.response import Response

from clients.api.assessments import Distance
from clients.api.base import Instant, Shape, View, documented
from coaching import portfolio, weekboard


class PortfolioPiece(Shape):
    """A piece as it was handed in last."""

    key = serializers.CharField(source="exercise.key")
    title = serializers.CharField(source="exercise.title")
    week = serializers.IntegerField(source="exercise.week.number")
    handed_in_at = Instant(source="attempt.handed_in_at")
    text = serializers.CharField()
    keep = serializers.CharField(source="feedback.keep", default="")
    try_next = serializers.CharField(source="feedback.try_next", default="")


class Progress(Shape):
    """Everything that was handed in, and the own ratings then and now."""

    title = serializers.CharField(help_text="the finding, by rule")
    distances = Distance(many=True)
    pieces = PortfolioPiece(many=True)
    markdown = serializers.CharField(help_text="all of it as one text")


def _found(request, at):
    enrolment = weekboard.enrolment_of(request.user, None)
    if enrolment is None:
        raise Http404
    return portfolio.of(enrolment, at=at)


class MyProgress(View):
    """The distance of one's latest enrolment."""

    @documented("my_progress", "Your progress", returns=Progress)
    def get(self, request):
        found = _found(request, self.at)
        told = {"title": portfolio.title(found), "distances": found.distances, "pieces": found.pieces}
        return Response(Progress(told | {"markdown": portfolio.markdown(found)}).data)


class MyPortfolio(View):
    """The portfolio to take along."""

    def perform_content_negotiation(self, request, force=False):
        """A zip is asked for; a problem is JSON all the same."""
        return super().perform_content_negotiation(request, force=True)

    @documented("my_portfolio", "Your portfolio as a zip", returns=OpenApiTypes.BINARY, media="application/zip")
    def get(self, request):
        found = _found(request, self.at)
        return HttpResponse(portfolio.archive(found), content_type="application/zip")
