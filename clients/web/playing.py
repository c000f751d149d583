"""A recording over HTTP, with byte ranges: the same for whoever was let in, account or link."""

from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.http import parse_etags

from clients import ranges, sounds

TYPE = "audio/mp4"


def sound(request: Any, found: sounds.Playable) -> HttpResponse | StreamingHttpResponse:
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
