"""One's clients in a list: where each stands this week, what comes next, who needs one, and the way to write."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coaching import caseload, clientele

from . import cells
from .desk import CoachRequest, desk


@require_safe
@desk
def clients(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """Everybody in the open cohorts one coaches; 404 for whoever coaches nobody and stands in for nobody."""
    found = clientele.of(request.user, at=at)
    # Whoever has a client coaches; only an empty list leaves the question open.
    if not found.rows and not caseload.roles_of(request.user, at=at).coach:
        raise Http404
    context = {
        "rows": [(row, cells.aloud(row.cell) if row.cell else "") for row in found.rows],
        "has_closed": found.has_closed,
        "at": at,
    }
    return render(request, "coaching/coach/clients.html", context)
