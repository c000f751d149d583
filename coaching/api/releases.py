"""Copies that clients release to whoever pays. What is not one's to read is not there: 404."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response

from clients.api.base import BIGGEST, Instant, Query, Shape, View, body, documented, query
from clients.models import Enrolment
from coaching import releases, releasing

from .serializers.names import CohortNamed, Person

KINDS = "piece, answered (a piece with its feedback), meeting, line or oneonone"


class Released(Shape):
    """A copy as it was when it was released. Withdrawn it has no title, no text and no source."""

    id = serializers.IntegerField(source="pk")
    client = Person(source="enrolment.client")
    cohort = CohortNamed(source="enrolment.cohort")
    kind = serializers.CharField(
        help_text="piece, answered (a piece with its feedback), meeting, line, oneonone or note"
    )
    title = serializers.CharField()
    text = serializers.CharField()
    released_at = Instant()
    withdrawn_at = Instant(allow_null=True)


class CopyShown(Shape):
    """Something as a sponsor would read it."""

    kind = serializers.CharField(max_length=8, help_text=KINDS)
    source = serializers.IntegerField()  # type: ignore[assignment]  # the number of a row
    title = serializers.CharField()
    text = serializers.CharField()


class ThingToLookAt(Query):
    """What of one's own: an attempt by its number, with or without its feedback, an entry, a line, or a 1:1."""

    kind = serializers.CharField(max_length=8, help_text=KINDS)
    source = serializers.IntegerField(min_value=1, max_value=BIGGEST)  # type: ignore[assignment]


class ThingToRelease(Shape):
    """What of one's own: an attempt by its number, with or without its feedback, an entry, a line, or a 1:1."""

    kind = serializers.CharField(max_length=8, help_text=KINDS)
    source = serializers.IntegerField(min_value=1, max_value=BIGGEST)  # type: ignore[assignment]


class Releases(View):
    """What one may read: one's own, withdrawn ones too, and as a sponsor what stands of one's cohorts."""

    @documented("release_list", "Copies you may read", returns=Released(many=True))
    def get(self, request):
        return Response(Released(releases.visible_to(request.user), many=True).data)


class OneRelease(View):
    """One copy."""

    @documented("released_copy", "A copy you may read", returns=Released)
    def get(self, request, pk):
        return Response(Released(get_object_or_404(releases.visible_to(request.user), pk=pk)).data)

    @documented("release_withdraw", "Take a copy of yours back", status=204, refuses=[409])
    def delete(self, request, pk):
        found = get_object_or_404(releases.visible_to(request.user).filter(enrolment__client=request.user), pk=pk)
        releasing.withdraw(found, by=request.user, at=self.at)
        return Response(status=204)


class OwnReleases(View):
    """Of one of one's own enrolments."""

    @documented("release_preview", "As a sponsor would read it", filters=ThingToLookAt, returns=CopyShown)
    def get(self, request, enrolment):
        mine, wanted = _own(request, enrolment), query(ThingToLookAt, request)
        found = releases.copy_of(mine, wanted["kind"], wanted["source"], at=self.at)
        if found is None:
            raise Http404
        return Response(CopyShown(found).data)

    @documented("release_make", "Release a copy", takes=ThingToRelease, returns=Released, status=201, refuses=[409])
    def post(self, request, enrolment):
        mine, sent = _own(request, enrolment), body(ThingToRelease, request)
        made = releasing.release(mine, by=request.user, at=self.at, **sent)
        if made is None:
            raise Http404
        return Response(Released(made).data, status=201)


def _own(request, pk: int) -> Enrolment:
    return get_object_or_404(Enrolment.objects.filter(client=request.user).select_related("client", "cohort"), pk=pk)
