"""Hearing a recording: the same address for pages and programs, with byte ranges."""

from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import parse_etags
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from clients import ranges, sounds
from clients.api.base import View
from clients.models import Recording
from coaching import recordings

TYPE = "audio/mp4"


class Sound(View):
    """A recording as every browser plays it. Private: nobody but the pair gets it, whatever the address."""

    def perform_content_negotiation(self, request: Any, force: bool = False) -> Any:
        """A player asks for sound; a problem is JSON all the same."""
        return super().perform_content_negotiation(request, force=True)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code < 400:
            response.headers["Cache-Control"] = "private, no-cache"
        return response

    @extend_schema(
        operation_id="recording_sound",
        summary="Hear a recording",
        parameters=[OpenApiParameter("Range", str, "header", description="one range of bytes")],
        responses={
            (200, TYPE): OpenApiTypes.BINARY,
            (206, TYPE): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="unchanged"),
            404: OpenApiResponse(description="not there, or not yours to hear"),
            416: OpenApiResponse(description="behind the end"),
        },
    )
    def get(self, request, key):
        found = get_object_or_404(recordings.visible_to(request.user), key=key)
        return sound(request, found)


def sound(request: Any, found: Recording) -> HttpResponse | StreamingHttpResponse:
    """The whole, or the part that is asked for. A part of another version than the browser has is the whole."""
    try:
        size, tag = sounds.size_of(found), f'"{found.playable}"'
    except FileNotFoundError:
        raise Http404 from None
    head = {"ETag": tag, "Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff"}
    kind = "attachment" if request.GET.get("download") else "inline"
    head["Content-Disposition"] = f'{kind}; filename="recording-{found.key}.m4a"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponse(status=304, headers=head)
    wanted = request.headers.get("Range", "") if request.headers.get("If-Range", tag) == tag else ""
    try:
        part = ranges.part_of(wanted, size)
    except ranges.OutOfRange:
        return HttpResponse(status=416, headers=head | {"Content-Range": f"bytes */{size}"})
    start, end = (part.start, part.end) if part else (0, size)
    head |= {"Content-Length": str(end - start)} | ({"Content-Range": part.told} if part else {})
    return StreamingHttpResponse(
        sounds.read(found, start, end), status=206 if part else 200, content_type=TYPE, headers=head
    )
