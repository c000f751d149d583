"""Exports: asking for one, how far it is, its file for a day."""

from typing import Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from clients.api.base import View, body, documented
from coaching import caseload, exporting
from coaching.exports import shelf
from coaching.models import Export

from .cohorts import managed
from .serializers import exports as shapes

SHOWN = 100  # the last ones


def _own(request, pk: int) -> Export:
    return get_object_or_404(shelf.visible_to(request.user), pk=pk)


class Exports(View):
    """One's own, the newest first, and asking for another."""

    @documented("export_list", "Exports you asked for", returns=shapes.Export(many=True))
    def get(self, request):
        _admins_only(request)
        rows = shelf.visible_to(request.user)[:SHOWN]
        return Response(shapes.Export(rows, many=True, context={"at": self.at}).data)

    @documented(
        "export_ask",
        "Ask for an export",
        takes=shapes.ExportToAsk,
        returns=shapes.Export,
        status=201,
        refuses=[409, 422],
    )
    def post(self, request):
        _admins_only(request)
        sent = body(shapes.ExportToAsk, request)
        sent["cohort"] = managed(request, sent["cohort"]) if sent.get("cohort") else None
        sent["joins"] = _joined(request, sent["joins"]) if sent.get("joins") else None
        made = exporting.ask(by=request.user, at=self.at, **sent)
        return Response(shapes.Export(made, context={"at": self.at}).data, status=201)


def _admins_only(request) -> None:
    if not caseload.is_admin(request.user):
        raise Http404


def _joined(request, pk: int) -> Any:
    found = shelf.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise ValidationError({"joins": ["There is no such export of yours."]})
    return found


class OneExport(View):
    """One of one's own."""

    @documented("export", "How far an export is", returns=shapes.Export)
    def get(self, request, pk):
        return Response(shapes.Export(_own(request, pk), context={"at": self.at}).data)


class ExportFile(View):
    """Its file."""

    @documented("export_file", "The file of an export", returns=OpenApiTypes.BINARY, refuses=[409], media=shelf.TYPE)
    def get(self, request, pk):
        export = _own(request, pk)
        place = exporting.fetch(export, by=request.user, at=self.at)
        name = shelf.name_of(export)
        response = FileResponse(place.open("rb"), as_attachment=True, filename=name, content_type=shelf.TYPE)
        response["Cache-Control"] = "no-store, private"
        return response
