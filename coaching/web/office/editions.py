"""The editions there are, which cohorts walk them, and what changed from one to another. Content is files."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from coaching import taught

from .desk import OfficeRequest, office


@office
def editions(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """Every edition, drafts as well."""
    return render(request, "coaching/office/editions.html", {"rows": taught.rows(request.user), "at": at})


@office
def compared(request: OfficeRequest, old: int, new: int, *, at: datetime) -> HttpResponse:
    """What changed, in words, the weightiest first."""
    mine = taught.visible_to(request.user)
    found = taught.difference(get_object_or_404(mine, pk=old), get_object_or_404(mine, pk=new))
    walking = found.old.cohorts.filter(closed_at=None).order_by("-starts_on", "name")
    return render(request, "coaching/office/editions_compared.html", {"found": found, "walking": walking})
