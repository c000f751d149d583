"""The midpoint call, from its client's side: choosing a time, moving it, cancelling it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clients.models import Enrolment
from coaching import calling, calls
from coaching.models import CallSlot
from coaching.web.numbers import number
from curriculum import clock, moments, refusals

from .finding import address, enrolment_of, page, person_of, posted


@require_safe
def my_call(request: HttpRequest) -> HttpResponse:
    """The call, or the times there are."""
    return _page(request, enrolment_of(request), clock.now())


def _changed(view: Callable[..., str]) -> Callable[..., HttpResponse]:
    """What stands in the way is shown on the page; what was typed stays there."""

    @posted
    @wraps(view)
    def change(request: HttpRequest) -> HttpResponse:
        enrolment, at = enrolment_of(request), clock.now()
        try:
            said = view(request, enrolment, at)
        except (calling.CannotCall, calling.NotLikeThis) as refusal:
            return _page(request, enrolment, at, refusal=refusal, status=refusals.status_of(refusal))
        messages.success(request, said)
        return redirect(address(request, "my-call"))

    return change


@_changed
def book(request: HttpRequest, enrolment: Enrolment, at: datetime) -> str:
    """Take a time."""
    call = calling.book(enrolment, _slot(request, enrolment), by=person_of(request), at=at)
    return _("Booked. %(name)s hears of it, and both of you are reminded a day before.") % {"name": call.slot.coach}


@_changed
def move(request: HttpRequest, enrolment: Enrolment, at: datetime) -> str:
    """Another time."""
    call = _call(request, enrolment)
    reason, slot = request.POST.get("reason", ""), _slot(request, enrolment)
    call = calling.move(call, slot, reason=reason, by=person_of(request), at=at)
    return _("Moved. %(name)s hears of it.") % {"name": call.slot.coach}


@_changed
def cancel(request: HttpRequest, enrolment: Enrolment, at: datetime) -> str:
    """It does not take place."""
    call = _call(request, enrolment)
    calling.cancel(call, reason=request.POST.get("reason", ""), by=person_of(request), at=at)
    return _("Cancelled. %(name)s hears of it. You can book another time.") % {"name": call.slot.coach}


# --- Inside ---------------------------------------------------------------------------------------


def _slot(request: HttpRequest, enrolment: Enrolment) -> CallSlot:
    return get_object_or_404(
        CallSlot.objects.filter(cohort=enrolment.cohort_id), pk=number(request.POST.get("slot", ""))
    )


def _call(request: HttpRequest, enrolment: Enrolment):
    return get_object_or_404(calls.visible_to(person_of(request)), enrolment=enrolment)


def _page(
    request: HttpRequest, enrolment: Enrolment, at: datetime, *, refusal: Any = None, status: int = 200
) -> HttpResponse:
    zone, call = enrolment.client.zone, calls.of_enrolment(enrolment)
    found = calls.booked(call, zone=zone, at=at) if call else None
    can_book = found is None or not found.is_on
    mine = person_of(request)
    context = {
        "call": found,
        "offers": calls.offers(enrolment.cohort, zone=zone, at=at) if enrolment.is_active else [],
        "can_book": can_book and calling.book_refusal(enrolment, None, call, by=mine, at=at) is None,
        "can_change": bool(call) and calling.change_refusal(call, by=mine, at=at) is None,
        "zone": moments.zone_label(at, zone),
        "typed": request.POST.get("reason", ""),
        "refusal": refusal,
        "at": at,
    }
    return page(request, "call.html", enrolment, context, status=status)
