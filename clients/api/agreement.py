"""The coaching agreement of one of one's own enrolments: its words, and accepting them."""

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response

from clients import agreeing, agreements
from clients.models import Acceptance, Enrolment

from .base import Instant, Shape, View, body, documented


class Agreement(Shape):
    """One version, in Markdown, and when its client accepted it."""

    version = serializers.IntegerField(source="agreement.number")
    text = serializers.CharField(source="agreement.text")
    sha256 = serializers.CharField(source="agreement.sha256", help_text="of the text in UTF-8")
    published_at = Instant(source="agreement.published_at")
    accepted_at = Instant(allow_null=True)


class ReadWords(Shape):
    """The hash of the words that were read."""

    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")


class OwnAgreement(View):
    """What one's cohort asks for now."""

    @documented("agreement", "Your coaching agreement", returns=Agreement)
    def get(self, request, enrolment):
        return Response(Agreement(_told(_own(request, enrolment))).data)

    @documented("agreement_accept", "Accept these words", takes=ReadWords, returns=Agreement, status=201, refuses=[409])
    def post(self, request, enrolment):
        found = _own(request, enrolment)
        agreeing.accept(found, by=request.user, at=self.at, **body(ReadWords, request))
        return Response(Agreement(_told(found)).data, status=201)


def _own(request, pk: int) -> Enrolment:
    mine = Enrolment.objects.filter(client=request.user, cohort__agreement__isnull=False)
    return get_object_or_404(mine.select_related("cohort__agreement"), pk=pk)


def _told(enrolment: Enrolment) -> dict[str, Any]:
    asked = agreements.asked_of(enrolment)
    accepted = Acceptance.objects.filter(enrolment=enrolment, agreement=asked).first()
    return {"agreement": asked, "accepted_at": accepted and accepted.accepted_at}
