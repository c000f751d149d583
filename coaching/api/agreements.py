"""The versions of the coaching agreement, for admins; to others they are not there."""

from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from clients import agreeing, agreements
from clients.api.base import Instant, Shape, View, body, documented
from coaching import caseload


class AgreementVersion(Shape):
    """One version, in Markdown. `published_by` is empty for the one that comes with the product."""

    version = serializers.IntegerField(source="number")
    text = serializers.CharField()
    sha256 = serializers.CharField()
    published_at = Instant()
    published_by = serializers.CharField()


class AgreementToPublish(Shape):
    """The words of the next version."""

    text = serializers.CharField(allow_blank=True)


class Agreements(View):
    """All there have been, the newest first."""

    @documented("agreement_list", "Versions of the coaching agreement", returns=AgreementVersion(many=True))
    def get(self, request):
        _admins_only(request)
        return Response(AgreementVersion(agreements.versions(), many=True).data)

    @documented(
        "agreement_publish",
        "Publish the next version",
        takes=AgreementToPublish,
        returns=AgreementVersion,
        status=201,
        refuses=[422],
    )
    def post(self, request):
        _admins_only(request)
        made = agreeing.publish(by=request.user, at=self.at, **body(AgreementToPublish, request))
        return Response(AgreementVersion(made).data, status=201)


def _admins_only(request) -> None:
    if not caseload.is_admin(request.user):
        raise Http404
