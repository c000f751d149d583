"""What came of it: one report of every cohort, as an admin may read it."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render

from coaching.outcomes import admins
from coaching.web import outcomes as drawing

from .desk import OfficeRequest, office


@office
def report(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """The finding, six figures, the rest in tables; until somebody has finished, what will be here and when."""
    found = admins.report(request.user, at=at)
    if admins.is_empty(found):
        return render(
            request, "coaching/office/outcomes/none.html", {"awaited": admins.awaited(request.user, at=at)[:1]}
        )
    return render(request, "coaching/office/outcomes/page.html", {"drawn": drawing.of(found), "at": at})
