"""Who has calibrated, done or not yet, and letting somebody off. No level and no distance."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from clients.models import User
from coaching import calibrating, calibration

from .desk import OfficeRequest, office, posted

TEMPLATE = "coaching/office/calibration.html"


@office
def standings(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """Every coach by rubric."""
    return render(request, TEMPLATE, {"rows": calibration.standings(request.user), "at": at})


@posted("calibration-standings")
@office
def let_off(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """This coach reviews without having scored the exemplars."""
    coach, reason = _coach(request, pk), request.POST.get("reason", "")[: calibrating.LONGEST]
    try:
        calibrating.let_off(coach, reason=reason, by=request.user, at=at)
    except calibrating.NoReason as refusal:
        rows = calibration.standings(request.user)
        return render(request, TEMPLATE, {"rows": rows, "at": at, "about": pk, "refusal": refusal}, status=422)
    messages.success(request, _("%(name)s reviews without calibrating.") % {"name": coach})
    return redirect("calibration-standings")


@posted("calibration-standings")
@office
def ask_again(request: OfficeRequest, pk: int, *, at: datetime) -> HttpResponse:
    """They calibrate before their next review."""
    coach = _coach(request, pk)
    calibrating.ask_again(coach, by=request.user, at=at)
    messages.success(request, _("%(name)s calibrates before the next review.") % {"name": coach})
    return redirect("calibration-standings")


def _coach(request: OfficeRequest, pk: int) -> User:
    return get_object_or_404(calibration.coaches_of(request.user), pk=pk)
