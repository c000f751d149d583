"""The views of an instrument that has several: which of them a page shows."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest


def of(request: HttpRequest, tool: dict[str, Any], errors: Mapping[str, Any]) -> dict[str, Any]:
    """`view` is the one asked for, `shown` all that are shown: where something is to be mended, wherever that is."""
    views = tool.get("views")
    if not views:
        return {}
    view = _asked_for(request, tool)
    mended = {tool["mended_in"].get(key, tool["mended"]) for key in errors}
    return {"view": next((key for key in views if key in mended), view), "shown": mended or {view}}


def _asked_for(request: HttpRequest, tool: dict[str, Any]) -> str:
    """As the address or the form says; 404 for an address that names another."""
    posted, named = request.POST.get("view") or request.POST.get("showing"), request.GET.get("view")
    if named is not None and named not in tool["views"]:
        raise Http404
    asked = named or posted
    return asked if asked in tool["views"] else tool["mended"]


def in_address(request: HttpRequest, address: str) -> str:
    """A page's address with the view a form was posted from, or asks for."""
    view = request.POST.get("view") or request.POST.get("showing")
    return f"{address}{'&' if '?' in address else '?'}view={view}" if view and view.isidentifier() else address
