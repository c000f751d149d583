"""Snapshots in the hands of sponsors: handed over and taken back by admins, read by whoever holds them."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response

from clients.api.base import BIGGEST, Instant, Shape, View, body, documented
from coaching import caseload, handing, handouts, snapshots
from coaching.models import Snapshot

from .serializers.names import CohortNamed, Person
from .serializers.snapshots import SnapshotNumber, SnapshotParagraph
from .snapshots import numbers_and_words


class Handout(Shape):
    """A snapshot that was handed to somebody; taken back, nobody but admins finds it."""

    id = serializers.IntegerField(source="pk")
    snapshot = serializers.IntegerField(source="snapshot_id")
    title = serializers.CharField(source="snapshot.title")
    cohorts = CohortNamed(source="snapshot.cohorts.all", many=True)
    data_at = Instant(source="snapshot.data_at")
    sha256 = serializers.CharField(source="snapshot.sha256")
    sponsor = Person()
    handed_at = Instant()
    taken_back_at = Instant(allow_null=True)


class WholeHandout(Handout):
    """With everything it says. `sha256` is of `document`, in UTF-8."""

    least = serializers.IntegerField()
    said = SnapshotParagraph(many=True)
    numbers = SnapshotNumber(many=True)
    document = serializers.CharField()


class ToWhom(Shape):
    """A sponsor of every cohort in it."""

    sponsor = serializers.IntegerField(min_value=1, max_value=BIGGEST)


class Handouts(View):
    """What one may read."""

    @documented("handout_list", "Snapshots handed to you; of an admin all there are", returns=Handout(many=True))
    def get(self, request):
        return Response(Handout(handouts.visible_to(request.user), many=True).data)


class OneHandout(View):
    """One."""

    @documented("handout", "A snapshot that was handed to you, with every number", returns=WholeHandout)
    def get(self, request, pk):
        found = get_object_or_404(handouts.visible_to(request.user), pk=pk)
        told = Handout(found).data | {"document": found.snapshot.data} | numbers_and_words(found.snapshot)
        return Response(told)

    @documented("handout_take_back", "Take it back", status=204, refuses=[409])
    def delete(self, request, pk):
        if not caseload.is_admin(request.user):
            raise Http404
        found = get_object_or_404(handouts.visible_to(request.user), pk=pk)
        handing.take_back(found, by=request.user, at=self.at)
        return Response(status=204)


class OfSnapshot(View):
    """In whose hands one is, for admins."""

    @documented("handouts_of", "Whom a snapshot was handed to", returns=Handout(many=True))
    def get(self, request, pk):
        found = _snapshot(request, pk)
        return Response(Handout(handouts.visible_to(request.user).filter(snapshot=found), many=True).data)

    @documented("hand_over", "Hand it to a sponsor", takes=ToWhom, returns=Handout, status=201, refuses=[409])
    def post(self, request, pk):
        found, sent = _snapshot(request, pk), body(ToWhom, request)
        sponsor = get_object_or_404(handouts.sponsors(), pk=sent["sponsor"])
        made = handing.hand_over(found, sponsor=sponsor, by=request.user, at=self.at)
        return Response(Handout(made).data, status=201)


def _snapshot(request, pk: int) -> Snapshot:
    return get_object_or_404(snapshots.visible_to(request.user), pk=pk)
