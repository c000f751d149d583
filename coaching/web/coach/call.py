"""One midpoint call, for the coach whose call it is: its agenda, and the focus the two agree on."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clients import deadlines
from clients.assessing import Unanswered
from coaching import agendas, calling, calls, focusing, ratings
from coaching.models import Call
from coaching.web import curve
from curriculum import moments

from .desk import CoachRequest, desk


@require_safe
@desk
def call(request: CoachRequest, slug: str, pk: int, *, at: datetime) -> HttpResponse:
    """Who, when on both clocks and where; the curve, what is asked, the focus."""
    return _page(request, _call(request, slug, pk), at)


@desk
def focus(request: CoachRequest, slug: str, pk: int, *, at: datetime) -> HttpResponse:
    """What the two agreed on."""
    found = _call(request, slug, pk)
    if request.method != "POST":
        return redirect("coach-call", slug=slug, pk=pk)
    try:
        focusing.agree(found, **curve.focus_sent(request), by=request.user, at=at)
    except (calling.CannotCall, Unanswered) as refusal:
        return _page(request, found, at, refusal=refusal)
    said = _("The focus stands on %(name)s’s week from now on.")
    messages.success(request, said % {"name": found.enrolment.client.first})
    return redirect("coach-call", slug=slug, pk=pk)


def _call(request: CoachRequest, slug: str, pk: int) -> Call:
    """One's own, as its coach, with what the dates of its cohort hang on."""
    mine = calls.visible_to(request.user).filter(slot__coach=request.user, enrolment__cohort__slug=slug)
    dated = mine.prefetch_related(*(f"enrolment__cohort__{name}" for name in deadlines.OF_A_COHORT))
    return get_object_or_404(dated, pk=pk)


def _page(request: CoachRequest, found: Call, at: datetime, *, refusal: Any = None) -> HttpResponse:
    client, cohort = found.enrolment.client, found.enrolment.cohort
    context = {
        "call": calls.booked(found, zone=request.user.zone, at=at),
        "client": client,
        "client_wall": moments.to_wall(found.slot.starts_at, client.zone),
        "client_zone": moments.zone_label(found.slot.starts_at, client.zone),
        "zone": moments.zone_label(found.slot.starts_at, request.user.zone),
        "cohort": cohort,
        "open_time": ratings.current(cohort, at=at),
        "refused": focusing.agree_refusal(found, by=request.user),
        "at": at,
    }
    context |= curve.agenda(request, agendas.of(found.enrolment, request.user, at=at), refusal)
    return render(request, "coaching/coach/call.html", context, status=curve.status_of(refusal))
