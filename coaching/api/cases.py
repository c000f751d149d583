"""The promotion case of a piece: as data, and as the page it prints as."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from clients import papers
from clients.api.base import PROBLEM, Problem, Query, Shape, View, documented, query
from clients.cases import Case
from coaching import pieces


class CaseQuery(Query):
    """Which attempt; without it the draft for its writer, else the last attempt that stands."""

    attempt = serializers.IntegerField(required=False, min_value=1, max_value=3)


class Evidence(Shape):
    """A line of the ledger that proves a claim."""

    what = serializers.CharField()
    for_whom = serializers.CharField()
    my_part = serializers.CharField()
    who_saw = serializers.ListField(child=serializers.CharField())
    credit = serializers.ListField(child=serializers.CharField())
    trace = serializers.CharField()
    quote = serializers.CharField()
    strength = serializers.IntegerField(help_text="1 to 3")


class Factor(Shape):
    """One of the four factors: a claim, and what proves it."""

    key = serializers.CharField()
    name = serializers.CharField()
    claim = serializers.CharField()
    evidence = Evidence(many=True)


class PromotionCase(Shape):
    """What stands on the page. `attempt` is null for a draft."""

    level = serializers.CharField()
    criteria = serializers.CharField(help_text="whose criteria it is built on, in words")
    factors = Factor(many=True)
    technical_line = serializers.CharField()
    gap_what = serializers.CharField()
    gap_plan = serializers.CharField()
    gap_by = serializers.DateField(allow_null=True)
    ask = serializers.CharField()
    conversation_on = serializers.DateField(allow_null=True)
    script = serializers.CharField(help_text="the first 60 seconds of the conversation, where they are written")
    attempt = serializers.IntegerField(allow_null=True)


def visible_case(request: Any, pk: int, at: datetime) -> Case:
    """The case somebody may see, or 404: its writer's own, and what was handed in to whoever coaches."""
    number = query(CaseQuery, request).get("attempt")
    found = pieces.case_of(
        get_object_or_404(pieces.visible_to(request.user, at=at), pk=pk), request.user, number=number
    )
    if found is None:
        raise Http404
    return found


class CaseOfPiece(View):
    """As data."""

    @documented("case", "The promotion case", filters=CaseQuery, returns=PromotionCase)
    def get(self, request, pk):
        return Response(PromotionCase(visible_case(request, pk, self.at)).data)


class CaseAsPdf(View):
    """As one page."""

    def perform_content_negotiation(self, request: Any, force: bool = False) -> Any:
        """Who asks for a PDF is not told that there is only JSON; a problem is JSON all the same."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        operation_id="case_pdf",
        summary="The promotion case as PDF: A4, tagged",
        parameters=[CaseQuery],
        responses={
            (200, papers.TYPE): OpenApiTypes.BINARY,
            (400, PROBLEM): Problem,
            (401, PROBLEM): Problem,
            (404, PROBLEM): Problem,
        },
    )
    def get(self, request, pk):
        paper = papers.of_case(visible_case(request, pk, self.at), at=self.at)
        head = {"Content-Disposition": f'attachment; filename="{papers.NAME}"', "X-Content-Type-Options": "nosniff"}
        return HttpResponse(paper.pdf, content_type=papers.TYPE, headers=head)
