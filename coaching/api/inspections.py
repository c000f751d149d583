"""A record that an admin opens for a reason: opening, reading, closing; and for a client, who read theirs."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients.api.base import View, body, documented
from coaching import caseload, inspecting, inspections
from coaching.models import Inspection as Row

from .serializers import inspections as shapes
from .waivers import managed


def _own(request, pk: int) -> Row:
    return get_object_or_404(inspections.own(request.user), pk=pk)


class Begin(View):
    """Opening part of a record."""

    @documented(
        "inspection_begin",
        "Open part of a client’s record for an hour",
        takes=shapes.ToInspect,
        returns=shapes.Inspection,
        status=201,
        refuses=[409, 422],
    )
    def post(self, request, enrolment):
        found, sent = managed(request, enrolment), body(shapes.ToInspect, request)
        made = inspecting.begin(found, by=request.user, at=self.at, **sent)
        return Response(shapes.Inspection(made).data, status=201)


class Inspections(View):
    """What admins have opened."""

    @documented("inspection_list", "Every record that was opened", returns=shapes.Inspection(many=True))
    def get(self, request):
        if not caseload.is_admin(request.user):
            raise Http404
        rows = inspections.visible_to(request.user).prefetch_related("reads")[:100]
        return Response(shapes.Inspection(rows, many=True).data)


class Mine(View):
    """Who read mine."""

    @documented("inspection_mine", "Who has opened your record", returns=shapes.Inspection(many=True))
    def get(self, request):
        rows = inspections.of_client(request.user).select_related("enrolment__client")
        return Response(shapes.Inspection(rows, many=True).data)


class Items(View):
    """What can be read of an open record."""

    @documented(
        "inspection_items", "What can be read of an open record", returns=shapes.ReadableItem(many=True), refuses=[409]
    )
    def get(self, request, pk):
        found = _own(request, pk)
        if refusal := inspecting.read_refusal(found, by=request.user, at=self.at):
            raise refusal
        return Response(shapes.ReadableItem(inspections.items(found, at=self.at), many=True).data)


class Read(View):
    """One thing of it."""

    @documented("inspection_read", "Read one thing; that is written down", returns=shapes.ReadForReason, refuses=[409])
    def post(self, request, pk, number):
        try:
            _found, title, parts = inspecting.read(_own(request, pk), number, by=request.user, at=self.at)
        except PermissionDenied as nothing:
            raise Http404 from nothing
        return Response(shapes.ReadForReason({"title": title, "parts": parts}).data)


class End(View):
    """Closing it before the hour is over."""

    @documented("inspection_end", "Close an open record", returns=shapes.Inspection, refuses=[409])
    def post(self, request, pk):
        done = inspecting.end(_own(request, pk), by=request.user, at=self.at)
        return Response(shapes.Inspection(done).data)
