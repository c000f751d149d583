"""The midpoint call, from its client's side: choosing a time, moving it, cancelling it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clients.assessing import Unanswered
from clients.models import Enrolment
from coaching import agendas, calling, calls, focusing
from coaching.models import Call, CallSlot
from coaching.web import curve
from coaching.web.numbers import number
from coaching.web.seeing import Change, as_sent, seen_or_made
from curriculum import clock, moments, refusals

from .finding import address, enrolment_of, page, person_of, posted


@require_safe
def my_call(request: HttpRequest) -> HttpResponse:
    """The call, or the times there are."""
    return _page(request, enrolment_of(request), clock.now())


def _changed(view: Callable[..., str | HttpResponse]) -> Callable[..., HttpResponse]:
    """What stands in the way is shown on the page; what was typed stays there. A sentence says that it is done."""

    @posted
    @wraps(view)
    def change(request: HttpRequest) -> HttpResponse:
        enrolment, at = enrolment_of(request), clock.now()
        try:
            said = view(request, enrolment, at)
        except (calling.CannotCall, calling.NotLikeThis, Unanswered) as refusal:
            return _page(request, enrolment, at, refusal=refusal, status=refusals.status_of(refusal))
        if isinstance(said, HttpResponse):
            return said
        messages.success(request, said)
        return redirect(address(request, "my-call"))

    return change


@_changed
def book(request: HttpRequest, enrolment: Enrolment, at: datetime) -> str:
    """Take a time."""
    call = calling.book(enrolment, _slot(request, enrolment), by=person_of(request), at=at)
    return _("Booked. %(name)s hears of it, and both of you are reminded a day before.") % {"name": call.slot.coach}


@_changed
def move(request: HttpRequest, enrolment: Enrolment, at: datetime) -> HttpResponse:
    """Another time."""
    call = _call(request, enrolment)
    reason, slot = request.POST.get("reason", ""), _slot(request, enrolment)
    change = Change(
        **_of(request, "call-move"),
        title=_("Your midpoint call is at another time"),
        button=_("Move it"),
        done=_("Moved. %(name)s hears of it.") % {"name": slot.coach},
        make=partial(calling.move, call, slot, reason=reason, by=person_of(request), at=at),
        sent=as_sent(request.POST, "slot", "reason"),
    )
    return seen_or_made(request, change, [enrolment], enrolment.cohort, at=at, reader=person_of(request))


@_changed
def cancel(request: HttpRequest, enrolment: Enrolment, at: datetime) -> HttpResponse:
    """It does not take place."""
    call = _call(request, enrolment)
    change = Change(
        **_of(request, "call-cancel"),
        title=_("Your midpoint call does not take place"),
        button=_("Cancel the call"),
        done=_("Cancelled. %(name)s hears of it. You can book another time.") % {"name": call.slot.coach},
        make=partial(calling.cancel, call, reason=request.POST.get("reason", ""), by=person_of(request), at=at),
        sent=as_sent(request.POST, "reason"),
    )
    return seen_or_made(request, change, [enrolment], enrolment.cohort, at=at, reader=person_of(request))


@_changed
def focus(request: HttpRequest, enrolment: Enrolment, at: datetime) -> str:
    """What the two agreed on, from the client's side of the same agenda."""
    focusing.agree(_call(request, enrolment), **curve.focus_sent(request), by=person_of(request), at=at)
    return _("Your focus stands on your week from now on.")


# --- Inside ---------------------------------------------------------------------------------------


def _slot(request: HttpRequest, enrolment: Enrolment) -> CallSlot:
    return get_object_or_404(
        CallSlot.objects.filter(cohort=enrolment.cohort_id), pk=number(request.POST.get("slot", ""))
    )


def _of(request: HttpRequest, name: str) -> dict[str, Any]:
    """Where a change of the call posts to, and where it leads back to."""
    home = _("Your midpoint call")
    return {"url": address(request, name), "back": address(request, "my-call"), "home": home}


def _call(request: HttpRequest, enrolment: Enrolment) -> Call:
    return get_object_or_404(calls.visible_to(person_of(request)), enrolment=enrolment)


def _page(
    request: HttpRequest, enrolment: Enrolment, at: datetime, *, refusal: Any = None, status: int = 200
) -> HttpResponse:
    zone, call = enrolment.client.zone, calls.of_enrolment(enrolment)
    found = calls.booked(call, zone=zone, at=at) if call else None
    mine, is_on = person_of(request), found is not None and found.is_on
    can_book = not is_on and calling.book_refusal(enrolment, None, call, by=mine, at=at) is None
    can_change = call is not None and calling.change_refusal(call, by=mine, at=at) is None
    context = {
        "call": found,
        "offers": calls.offers(enrolment.cohort, zone=zone, at=at) if can_book or can_change else [],
        "can_book": can_book,
        "can_change": can_change,
        "zone": moments.zone_label(at, zone),
        "typed": request.POST.get("reason", ""),
        "refusal": None if is_on and curve.is_about_focus(request) else refusal,
        "at": at,
    }
    if call is not None and is_on:
        context |= curve.agenda(request, agendas.of(enrolment, mine, at=at), refusal)
        context["refused"] = focusing.agree_refusal(call, by=mine)
    return page(request, "call.html", enrolment, context, status=status)
