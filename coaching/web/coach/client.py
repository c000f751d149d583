"""The client file: what a coach knows of one client, on one page. For the coaches of their cohort alone."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clients import agreements, deadlines
from clients.ledger_fields import FACTORS
from clients.models import Enrolment
from coaching import attendance, calls, check_ins, confided, pulse, ratings, set_out
from coaching import so_far as sofar

from . import grown
from .desk import CoachRequest, desk


@require_safe
@desk
def client(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """What they set out with, their focus, both ratings, the sessions they came to, what they keep for the two."""
    enrolment = _theirs(request, pk)
    times = ratings.beside(enrolment, request.user)
    came = attendance.of_client(enrolment)
    call = calls.of_enrolment(enrolment)
    kept = confided.of(enrolment, request.user)
    context = {
        "enrolment": enrolment,
        "client": enrolment.client,
        "cohort": enrolment.cohort,
        "set_out": set_out.of(enrolment, request.user, at=at),
        "times": times,
        "open_time": ratings.current(enrolment.cohort, at=at),
        "came": came,
        "kept": kept,
        "said": check_ins.of(enrolment, request.user) if enrolment.left_at else (),
        "pulse": pulse.of(enrolment, request.user, at=at),
        "lines": [(row, FACTORS[row.factor]) for row in kept.lines],
        "call": calls.booked(call, zone=request.user.zone, at=at) if call else None,
        "agreed": agreements.STATES.get(agreements.state_of(enrolment, enrolment.cohort), ""),
        "at": at,
    }
    return render(request, "coaching/coach/client.html", context)


@require_safe
@desk
def so_far(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """A page of its own; the file asks for its middle once it is there itself, so that nothing there waits for this."""
    enrolment = _theirs(request, pk)
    inside = request.headers.get("HX-Request") == "true"
    template = "coaching/coach/_so_far.html" if inside else "coaching/coach/client_so_far.html"
    found = sofar.of(enrolment, request.user, at=at)
    drawn = {"panels": grown.panels(found.grown), "axis": grown.axis(), "levels": grown.levels()}
    context = {"enrolment": enrolment, "client": enrolment.client, "so_far": found, "at": at}
    return render(request, template, context | drawn)


def _theirs(request: CoachRequest, pk: int) -> Enrolment:
    """A client of a cohort this person coaches, with what its dates hang on; else 404."""
    theirs = ratings.rated_by(request.user)
    return get_object_or_404(theirs.prefetch_related(*(f"cohort__{name}" for name in deadlines.OF_A_COHORT)), pk=pk)
