"""This week, and any other week of the programme."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coaching import weekboard
from curriculum import clock

from .finding import page


@require_safe
def week(request, number=None):
    at = clock.now()
    enrolment = weekboard.enrolment_of(request.user, request.GET.get("cohort"))
    if enrolment is None:
        return render(request, "coaching/client/no_cohort.html", status=404)
    board = weekboard.of(enrolment, number, at=at)
    if board is None:
        raise Http404
    return page(request, "week.html", enrolment, {"board": board, "at": at})
