"""Asking coaches to read blind, and how far two of them agree. No text and no level."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from clients.models import Enrolment, User
from coaching import pairing, pairs, roster
from curriculum import refusals

from .desk import OfficeRequest, office, posted


@office
def blind_pairs(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """Every client who consents and has both texts, and the agreement so far."""
    return _page(request)


@posted("blind-pairs")
@office
def ask(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Ask one coach to read one client's pair."""
    here = roster.cohorts_set_up_by(request.user).values("pk")
    enrolment = get_object_or_404(Enrolment.objects.filter(cohort__in=here).select_related("cohort", "client"), pk=pk)
    rater = get_object_or_404(User, pk=_number(request.POST.get("rater")))
    try:
        pairing.ask(enrolment, rater=rater, by=request.user, at=at)
    except ValidationError as refusal:
        return _page(request, refusal=refusal, status=refusals.status_of(refusal))
    messages.success(request, _("%(name)s is asked to read two texts blind.") % {"name": rater})
    return redirect("blind-pairs")


def _number(posted: str | None) -> int:
    return int(posted) if posted and posted.isascii() and posted.isdecimal() and len(posted) < 10 else 0


def _page(request: OfficeRequest, *, refusal: ValidationError | None = None, status: int = 200) -> HttpResponse:
    context = {"rows": pairs.rows(request.user), "agreement": pairs.agreed(), "refusal": refusal}
    return render(request, "coaching/office/blind_pairs.html", context, status=status)
