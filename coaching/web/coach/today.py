"""What stands under the queue: sessions of today, who needs their coach, ratings due."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coaching import caseload, risks
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


@require_safe
@desk
def reasons(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """Every reason why clients of the queue's rows need their coach, each to be put into those rows.

    The queue asks for it once it is there itself. `of` names the clients; whoever is not this coach's own is left out.
    """
    if not caseload.roles_of(request.user, at=at).coach:
        raise Http404
    people = risks.of_some(request.user, _named(request.GET.get("of", "")), at=at)
    return render(request, "coaching/coach/_row_reasons.html", {"people": people})


def _named(said: str) -> list[int]:
    """404 for anything that was not one of our own links."""
    numbers = said.split(",") if said else []
    if len(numbers) > caseload.PAGE or not all(one.isascii() and one.isdecimal() and len(one) < 10 for one in numbers):
        raise Http404
    return [int(one) for one in numbers]
