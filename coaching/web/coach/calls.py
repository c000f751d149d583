"""Midpoint calls, as a coach has them: times offered by one's own clock, and who has booked which."""

from collections.abc import Callable
from datetime import datetime
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients import deadlines
from clients.models import Cohort
from coaching import calling, calls, caseload
from coaching.models import Call
from coaching.web.numbers import number
from coaching.web.seeing import Change, as_sent, seen_or_made
from curriculum import moments, refusals

from .desk import CoachRequest, desk, which_cohort

USUAL = 20  # minutes
PLACES = range(1, calling.MOST + 1)
AT_ONCE = 3  # places that show; the others unfold


@require_safe
@desk
def everywhere(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """The calls of one's only cohort, or the list of cohorts; 404 for whoever coaches none."""
    return which_cohort(request, "calls", at=at)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def of_cohort(request: CoachRequest, slug: str, *, at: datetime) -> HttpResponse:
    """What is booked, what is offered, who has no call; a post offers more times."""
    cohort = _cohort(request, slug)
    if request.method != "POST":
        return _page(request, cohort, at)
    try:
        walls, minutes, link = _walls(request), _minutes(request), request.POST.get("link", "").strip()
        made = calling.offer(cohort, walls=walls, minutes=minutes, link=link, by=request.user, at=at)
    except (calling.CannotCall, calling.NotLikeThis) as refusal:
        return _page(request, cohort, at, refusal=refusal, about="offer")
    messages.success(request, _("%(n)s times are offered. Whoever has no call yet hears of it.") % {"n": len(made)})
    return redirect("calls", slug=slug)


def _posted(view: Callable[..., HttpResponse | None]) -> Callable[..., HttpResponse]:
    """For addresses that only take posts: what stands in the way is shown on the page, where it was asked."""

    @wraps(view)
    @desk
    def post_only(request: CoachRequest, slug: str, pk: int, *, at: datetime) -> HttpResponse:
        cohort = _cohort(request, slug)
        if request.method != "POST":
            return redirect("calls", slug=slug)
        try:
            return view(request, cohort, pk, at) or redirect("calls", slug=slug)
        except (calling.CannotCall, calling.NotLikeThis) as refusal:
            return _page(request, cohort, at, refusal=refusal, about=pk)

    return post_only


@_posted
def withdraw(request: CoachRequest, cohort: Cohort, pk: int, at: datetime) -> None:
    """A time is not offered any more."""
    slot = get_object_or_404(calls.offered_by(request.user).filter(cohort=cohort), pk=pk)
    calling.withdraw(slot, by=request.user, at=at)
    messages.success(request, _("That time is not offered any more."))


@_posted
def move(request: CoachRequest, cohort: Cohort, pk: int, at: datetime) -> HttpResponse:
    """To another of one's own times."""
    call = _call(request, cohort, pk)
    slot = get_object_or_404(
        calls.offered_by(request.user).filter(cohort=cohort), pk=number(request.POST.get("slot", ""))
    )
    change = Change(
        **_of(call, "coach-call-move"),
        title=_("The call with %(name)s is at another time") % {"name": call.enrolment.client},
        button=_("Move it"),
        done=_("The call is moved. %(name)s hears of it.") % {"name": call.enrolment.client},
        make=partial(calling.move, call, slot, reason=request.POST.get("reason", ""), by=request.user, at=at),
        sent=as_sent(request.POST, "slot", "reason"),
    )
    return seen_or_made(request, change, [call.enrolment], cohort, at=at, reader=request.user)


@_posted
def cancel(request: CoachRequest, cohort: Cohort, pk: int, at: datetime) -> HttpResponse:
    """It does not take place."""
    call = _call(request, cohort, pk)
    change = Change(
        **_of(call, "coach-call-cancel"),
        title=_("The call with %(name)s does not take place") % {"name": call.enrolment.client},
        button=_("Cancel the call"),
        done=_("The call is cancelled. %(name)s hears of it.") % {"name": call.enrolment.client},
        make=partial(calling.cancel, call, reason=request.POST.get("reason", ""), by=request.user, at=at),
        sent=as_sent(request.POST, "reason"),
    )
    return seen_or_made(request, change, [call.enrolment], cohort, at=at, reader=request.user)


# --- Inside ---------------------------------------------------------------------------------------


def _cohort(request: CoachRequest, slug: str) -> Cohort:
    return get_object_or_404(caseload.coached_by(request.user).prefetch_related(*deadlines.OF_A_COHORT), slug=slug)


def _of(call: Call, name: str) -> dict[str, Any]:
    """Where a change of a call posts to, and where it leads back to."""
    cohort = call.enrolment.cohort
    home = _("Midpoint calls of %(cohort)s") % {"cohort": cohort}
    return {
        "url": reverse(name, args=[cohort.slug, call.pk]),
        "back": reverse("calls", args=[cohort.slug]),
        "home": home,
    }


def _call(request: CoachRequest, cohort: Cohort, pk: int) -> Call:
    mine = calls.visible_to(request.user).filter(slot__coach=request.user, enrolment__cohort=cohort)
    return get_object_or_404(mine, pk=pk)


def _walls(request: CoachRequest) -> list[datetime]:
    """The times that were typed; empty places are left out."""
    try:
        return [datetime.fromisoformat(text).replace(tzinfo=None) for text in _typed(request) if text]
    except ValueError:
        raise calling.NotLikeThis("walls", _("Enter a day and a time."), code="call.no_time") from None


def _typed(request: CoachRequest) -> list[str]:
    return [text.strip() for text in request.POST.getlist("wall")][: 2 * calling.MOST]


def _minutes(request: CoachRequest) -> int:
    return max(number(request.POST.get("minutes", "")), 0)


def _page(
    request: CoachRequest, cohort: Cohort, at: datetime, *, refusal: Any = None, about: int | str = ""
) -> HttpResponse:
    zone = request.user.zone
    found = [calls.booked(call, zone=zone, at=at) for call in calls.of_coach(request.user, cohort)]
    own = calls.free(cohort, at=at).filter(coach=request.user)
    typed = _typed(request) if about == "offer" else []
    places = [(place, typed[place - 1] if place <= len(typed) else "") for place in PLACES]
    first, after = calls.span(cohort, at=at)
    context = {
        "cohort": cohort,
        "booked": [one for one in found if one.is_on],
        "cancelled": [one for one in found if not one.is_on],
        "free": [calls.read(slot, zone=zone) for slot in own],
        "without": list(calls.without(cohort)),
        "first": first,
        "after": after,
        "zone": moments.zone_label(at, zone),
        "places": [places[:AT_ONCE], places[AT_ONCE:]],
        "is_more": any(typed[AT_ONCE:]),
        "minutes": request.POST.get("minutes", USUAL),
        "link": request.POST.get("link") or calls.last_link(request.user),
        "typed": request.POST.get("reason", ""),
        "refusal": refusal,
        "about": about,
        "at": at,
    }
    status = refusals.status_of(refusal) if refusal else 200
    return render(request, "coaching/coach/calls.html", context, status=status)
