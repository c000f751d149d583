"""What stands under the queue: sessions of today, who needs their coach, ratings due."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coaching import caseload
from coaching import today as day

from .desk import CoachRequest, desk


@require_safe
@desk
def today(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """A page of its own; the queue asks for its middle once it is there itself, so that no piece waits for this."""
    if not caseload.roles_of(request.user, at=at).coach:
        raise Http404
    inside = request.headers.get("HX-Request") == "true"
    template = "coaching/coach/_today.html" if inside else "coaching/coach/today.html"
    return render(request, template, {"today": day.of(request.user, at=at), "at": at})
