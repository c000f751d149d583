"""Allowing that one's first and last text are read blind, and taking that back."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clients.models import Enrolment
from coaching import pairing, pairs
from coaching.web.coach.desk import CoachRequest, desk


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def compared(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """What it is, and the one button."""
    enrolment = _enrolment(request)
    if request.method != "POST":
        context = {"enrolment": enrolment, "consent": pairs.consents(enrolment), "at": at}
        return render(request, "coaching/client/compared.html", context)
    if request.POST.get("allow") == "no":
        pairing.withdraw(enrolment, by=request.user, at=at)
        messages.success(request, _("Nobody reads your texts blind from now on."))
    else:
        pairing.consent(enrolment, by=request.user, at=at)
        messages.success(request, _("Thank you. Coaches who do not know you may be asked."))
    return redirect(request.get_full_path())


def _enrolment(request: CoachRequest) -> Enrolment:
    """The one the address names, or the newest; 404 for whoever has none that leads to a pair."""
    rows, slug = pairs.open_to_consent(request.user), request.GET.get("cohort")
    found = rows.filter(cohort__slug=slug).first() if slug else rows.order_by("-cohort__starts_on", "-pk").first()
    if found is None:
        raise Http404
    return found
