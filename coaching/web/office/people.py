"""Everybody in one list, and the invitations of those in it."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients import inviting, joining
from clients.models import Invitation
from coaching import people as everybody
from coaching import roster
from coaching.people import Chosen, Place

from .desk import OfficeRequest, office, posted

FILTERS = ("words", "cohort", "role", "state")


@office
def people(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """Role, cohort, state and last seen of everybody, a page at a time."""
    wanted = {name: request.GET.get(name, "").replace("\x00", "")[:120] for name in FILTERS}
    chosen, after = Chosen(**wanted), Place.of(request.GET.get("after", ""))
    context = {
        "at": at,
        "page": everybody.page(request.user, chosen, after=after, at=at),
        "after": after,
        "chosen": chosen,
        "query": urlencode({name: value for name, value in wanted.items() if value}),
        "cohorts": roster.cohorts_set_up_by(request.user).order_by("name"),
        "roles": everybody.ROLES,
        "states": everybody.STATES,
    }
    return render(request, "coaching/office/people.html", context)


@office
@posted("cohort")
def send_again(request: OfficeRequest, slug: str, pk: int, *, at: datetime) -> HttpResponse:
    """A new link for somebody whose old one is lost or over."""
    cohort = get_object_or_404(roster.cohorts_set_up_by(request.user), slug=slug)
    made = joining.send_again(get_object_or_404(Invitation, cohort=cohort, pk=pk), by=request.user, at=at)
    messages.success(
        request, _("A new link is on its way to %(email)s. The old one opens nothing.") % {"email": made.email}
    )
    return redirect("cohort", slug=slug)


@office
@posted("cohort")
def open_invitations(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Whoever is put down for the cohort hears of it now."""
    cohort = get_object_or_404(roster.cohorts_set_up_by(request.user), slug=slug)
    sent = len(inviting.open_invitations(cohort, by=request.user, at=at))
    told = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", sent)
    messages.success(request, told % {"n": sent})
    return redirect("cohort", slug=slug)
