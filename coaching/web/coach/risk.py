"""Who needs their coach: the reasons in words, something to write, and that somebody has seen to it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clients.models import Enrolment
from coaching import caseload, heeding, risks
from coaching.models import Flag
from curriculum import refusals

from .desk import CoachRequest, desk


@require_safe
@desk
def at_risk(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """Everybody with a reason, the longest first; 404 for whoever coaches nobody."""
    return _page(request, at)


def _posted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For addresses that only take posts; whoever comes back to one from the sign-in page sees the list."""

    @wraps(view)
    def post_only(request: CoachRequest, pk: int) -> HttpResponse:
        return desk(view)(request, pk) if request.method == "POST" else redirect("at-risk")

    return post_only


@desk
def flag(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """A flag of one's own, in words for the coaches of the cohort."""
    if request.method != "POST":
        return redirect("at-risk")
    chosen, reason = request.POST.get("client", ""), request.POST.get("reason", "")
    if not (chosen.isascii() and chosen.isdecimal()):
        raise Http404
    enrolment = _client(request, int(chosen))
    try:
        heeding.flag(enrolment, reason=reason, by=request.user, at=at)
    except heeding.FlagWithoutReason as refusal:
        return _page(request, at, refusal=refusal)
    messages.success(request, _("%(name)s is flagged. The coaches of the cohort see it.") % {"name": enrolment.client})
    return redirect("at-risk")


@_posted
def lower(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """The flag is not needed any more."""
    theirs = Flag.objects.filter(enrolment__in=_clients(request)).select_related("enrolment__client")
    found = heeding.lower(get_object_or_404(theirs, pk=pk), by=request.user, at=at)
    messages.success(request, _("The flag for %(name)s is lowered.") % {"name": found.enrolment.client})
    return redirect("at-risk")


@_posted
def see_to(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Seen, spoke to them."""
    enrolment = _client(request, pk)
    heeding.see_to(enrolment, rule=request.POST.get("rule", ""), by=request.user, at=at)
    messages.success(request, _("%(name)s rests here for seven days.") % {"name": enrolment.client})
    return redirect("at-risk")


def _clients(request: CoachRequest):
    mine = caseload.coached_by(request.user).values("pk")
    return Enrolment.objects.filter(cohort__in=mine).exclude(client=request.user)


def _client(request: CoachRequest, pk: int) -> Enrolment:
    return get_object_or_404(_clients(request).select_related("client", "cohort__edition"), pk=pk)


def _page(request: CoachRequest, at: datetime, *, refusal: Exception | None = None) -> HttpResponse:
    found = risks.at_desk(request.user, at=at)
    # Whoever has a client coaches; only an empty list leaves the question open.
    if not (found.people or found.unflagged) and not caseload.coached_by(request.user).exists():
        raise Http404
    context = {
        "people": [one for one in found.people if one.risks],
        "resting": [(one, risk) for one in found.people for risk in one.resting],
        "clients": found.unflagged,
        "refusal": refusal,
        "typed": request.POST.get("reason", ""),
        "chosen": request.POST.get("client") or request.GET.get("client", ""),
        "at": at,
    }
    status = refusals.status_of(refusal) if refusal else 200
    return render(request, "coaching/coach/risk.html", context, status=status)
