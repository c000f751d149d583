"""Hearing a recording: the same address for pages and programs, with byte ranges."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from clients.api.base import PROBLEM, Problem, View
from clients.web.playing import TYPE, sound
from coaching import recordings, voices


class Sound(View):
    """A recording, or what a coach said, as every browser plays it. Private: nobody but the pair gets it."""

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
            416: OpenApiResponse(description="behind the end"),
        }
        | {(code, PROBLEM): Problem for code in (401, 404)},
    )
    def get(self, request, key):
        recorded = recordings.visible_to(request.user, at=self.at).filter(key=key).first()
        found = recorded or get_object_or_404(voices.visible_to(request.user, at=self.at), key=key)
        return sound(request, found)
