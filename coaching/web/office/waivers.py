"""Waiving a condition of finishing for one client, from the page with their dates."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from clients import deadlines
from clients.models import Enrolment
from coaching import roster, waiving
from coaching.web.coach.dates import page_of
from coaching.web.coach.desk import CoachRequest

from .desk import office


@office
def waive(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """It is not asked of this client from now on."""
    found = found_of(request, pk)
    if request.method == "POST":
        reason = request.POST.get("reason", "")[:200]
        try:
            waiving.waive(found, request.POST.get("condition", ""), reason=reason, by=request.user, at=at)
        except waiving.NoReason as refusal:
            return page_of(request, found, at, refusal=refusal, about=request.POST.get("condition", ""), status=422)
        messages.success(request, _("It is waived for %(name)s.") % {"name": found.client})
    return redirect("client-dates", pk=pk)


@office
def ask_again(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """It is asked for again."""
    found = found_of(request, pk)
    if request.method == "POST":
        waiving.ask_again(found, request.POST.get("condition", ""), by=request.user, at=at)
        messages.success(request, _("It is asked of %(name)s again.") % {"name": found.client})
    return redirect("client-dates", pk=pk)


def found_of(request: CoachRequest, pk: int) -> Enrolment:
    mine = Enrolment.objects.filter(cohort__in=roster.cohorts_set_up_by(request.user).values("pk"))
    return get_object_or_404(deadlines.with_calendar(mine), pk=pk)
