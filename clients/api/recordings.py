"""A client's recordings: announced, sent part by part, looked at, taken out."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from clients import uploading
from clients.models import Recording

from .base import PROBLEM, Problem, Shape, View, body, documented
from .views import own_piece


class Announced(Shape):
    """A recording that is going to be sent."""

    size = serializers.IntegerField(min_value=0, max_value=2**53, help_text="bytes")
    client_key = serializers.CharField(max_length=64, help_text="the same key again is the same recording")
    field = serializers.CharField(max_length=40, required=False, default="audio")
    media_type = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    name = serializers.CharField(max_length=10_000, required=False, allow_blank=True, default="")


class Sent(Shape):
    """Where a recording stands. Once it is ready, the draft names it: `{"audio": {"id": …}}`."""

    id = serializers.IntegerField(source="pk")
    key = serializers.CharField()
    state = serializers.ChoiceField(Recording.State.choices)
    size = serializers.IntegerField()
    received = serializers.IntegerField(help_text="bytes; the next part goes on from here")
    part = serializers.SerializerMethodField(help_text="bytes a part had best have; 524,288 at most")
    seconds = serializers.FloatField()
    silence = serializers.FloatField(allow_null=True, help_text="share of the time, 0 to 1")
    peaks = serializers.ListField(child=serializers.IntegerField(), help_text="waveform, 0 to 100")
    refusal = serializers.CharField(allow_blank=True, help_text="why it is not taken")

    def get_part(self, found: Recording) -> int:
        return uploading.part_of(found)


class Bytes(BaseParser):
    """A part as it is."""

    media_type = "application/octet-stream"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return stream.read(uploading.PART + 1)


def own_recording(request: Any, key: Any) -> Recording:
    """The person's own, or 404."""
    mine = Recording.objects.filter(submission__enrolment__client=request.user).exclude(state=Recording.State.REMOVED)
    return get_object_or_404(mine.select_related("submission"), key=key)


class Recordings(View):
    """Announcing one."""

    @documented(
        "recording_begin", "Announce a recording", takes=Announced, returns=Sent, status=201, refuses=[409, 422]
    )
    def post(self, request, pk):
        found = uploading.begin(own_piece(request, pk), by=request.user, at=self.at, **body(Announced, request))
        return Response(Sent(found).data, status=201)


class OneRecording(View):
    """One recording of one's own."""

    def get_parsers(self):
        return [Bytes()] if self.request and self.request.method == "PUT" else super().get_parsers()

    @documented("recording", "Where a recording stands", returns=Sent)
    def get(self, request, key):
        return Response(Sent(own_recording(request, key)).data)

    @extend_schema(
        operation_id="recording_part",
        summary="Send the next part",
        request={Bytes.media_type: OpenApiTypes.BINARY},
        parameters=[OpenApiParameter("Upload-Offset", int, "header", required=True, description="where it goes on")],
        responses={200: Sent} | {(code, PROBLEM): Problem for code in (400, 401, 404, 409, 415, 422)},
    )
    def put(self, request, key):
        found, data = own_recording(request, key), request.data
        try:
            offset = int(request.headers.get("Upload-Offset", ""))
        except ValueError:
            raise serializers.ValidationError({"Upload-Offset": ["A whole number."]}) from None
        data = data if isinstance(data, bytes) else b""
        found = uploading.append(found, offset=offset, data=data, by=request.user, at=self.at)
        return Response(Sent(found).data)

    @documented("recording_remove", "Take a recording out", status=204, refuses=[409])
    def delete(self, request, key):
        uploading.remove(own_recording(request, key), by=request.user, at=self.at)
        return Response(status=204)
