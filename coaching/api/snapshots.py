"""Snapshots of the outcomes report: asking for one, how far it is, what it says, in the same numbers as everywhere."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients.api.base import View, body, documented
from coaching import caseload, roster, snapshot_files, snapshots, snapshotting
from coaching.models import Snapshot

from .serializers import snapshots as shapes


class Snapshots(View):
    """All of them, and another one."""

    @documented("snapshots", "Snapshots of the outcomes report, the latest first", returns=shapes.Snapshot(many=True))
    def get(self, request):
        return Response(shapes.Snapshot(snapshots.visible_to(request.user), many=True).data)

    @documented(
        "snapshot_ask",
        "Have a snapshot computed and frozen",
        takes=shapes.SnapshotToAsk,
        returns=shapes.Snapshot,
        status=201,
        refuses=[409, 422],
    )
    def post(self, request):
        known = roster.cohorts_set_up_by(request.user)
        if not caseload.is_admin(request.user):
            raise Http404
        sent = body(shapes.SnapshotToAsk, request)
        cohorts = [get_object_or_404(known, pk=pk) for pk in dict.fromkeys(sent["cohorts"])]
        told = {"audience": sent["audience"], "title": sent["title"]}
        found = snapshotting.ask(cohorts, **told, by=request.user, at=self.at)
        return Response(shapes.Snapshot(found).data, status=201)


class OneSnapshot(View):
    """One."""

    @documented("snapshot", "One snapshot, with every number", returns=shapes.WholeSnapshot)
    def get(self, request, pk):
        return Response(_whole(_found(request, pk, whole=True)))

    @documented(
        "snapshot_entitle",
        "Give a draft another title",
        takes=shapes.SnapshotTitle,
        returns=shapes.Snapshot,
        refuses=[409, 422],
    )
    def patch(self, request, pk):
        found, sent = _found(request, pk), body(shapes.SnapshotTitle, request)
        snapshotting.entitle(found, title=sent["title"], by=request.user, at=self.at)
        return Response(shapes.Snapshot(_found(request, pk)).data)


class Status(View):
    """How far one is."""

    @documented("snapshot_status", "How far a snapshot is", returns=shapes.SnapshotStatus)
    def get(self, request, pk):
        return Response(shapes.SnapshotStatus(_found(request, pk)).data)


class Again(View):
    """One that failed."""

    @documented("snapshot_ask_again", "Compute once more what failed", returns=shapes.SnapshotStatus, refuses=[409])
    def post(self, request, pk):
        found = snapshotting.ask_again(_found(request, pk), by=request.user, at=self.at)
        return Response(shapes.SnapshotStatus(found).data)


def _found(request, pk: int, *, whole: bool = False) -> Snapshot:
    rows = snapshots.visible_to(request.user)
    return get_object_or_404(rows.defer(None) if whole else rows, pk=pk)


def _whole(found: Snapshot) -> dict[str, Any]:
    told: dict[str, Any] = {"least": found.least, "said": [], "numbers": [], "document": found.data}
    return shapes.Snapshot(found).data | told | (numbers_and_words(found) if found.is_frozen else {})


def numbers_and_words(found: Snapshot) -> dict[str, Any]:
    """What a frozen one says."""
    content = snapshots.content(found)
    said, lines = snapshot_files.sentences(content), snapshot_files.lines(content)
    return {
        "least": content.least,
        "said": [{"heading": heading, "sentences": list(those)} for heading, those in said],
        "numbers": [dict(zip(snapshot_files.HEADER, line, strict=True)) for line in lines],
    }
