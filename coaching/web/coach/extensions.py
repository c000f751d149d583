"""A client asks for more time: one page with yes and no, also behind the link in the mail."""

from datetime import datetime
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clients import deadlines
from clients.models import Enrolment, Extension
from coaching import caseload, deciding, foreseeing

from .desk import CoachRequest, desk

YES, NO = "yes", "no"


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def extension(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """What yes would do, and both answers. Reading changes nothing: a scanner that follows the link says neither."""
    asked = get_object_or_404(caseload.asked_by_clients_of(request.user, at=at), pk=pk)
    said = request.POST.get("answer") if request.method == "POST" else None
    if said not in (YES, NO):
        return _page(request, asked, at)
    decided = deciding.decide(asked, grant=said == YES, by=request.user, at=at)
    named = {"name": asked.enrolment.client, "day": f"{asked.until:%-d %B}"}
    granted = decided.state == Extension.State.GRANTED
    messages.success(
        request,
        _("%(name)s has until %(day)s.") % named if granted else _("%(name)s keeps the day it was due on.") % named,
    )
    return redirect("queue")


def _page(request: CoachRequest, asked: Extension, at: datetime) -> HttpResponse:
    enrolment = deadlines.with_calendar(Enrolment.objects.all()).get(pk=asked.enrolment_id)
    refusal = deciding.decide_refusal(asked, by=request.user, at=at)
    change = partial(deciding.decide, asked, grant=True, by=request.user, at=at)
    context = {
        "asked": asked,
        "client": asked.enrolment.client,
        "due_at": deadlines.exercise_due_at(enrolment, asked.exercise, at=at),
        "refusal": refusal,
        "effect": None if refusal else foreseeing.foresee(change, [enrolment], enrolment.cohort, at=at),
        "at": at,
    }
    return render(request, "coaching/coach/extension.html", context)
