"""Notes about a client, for their coaches, for whoever stands in, and for admins; and those about a cohort."""

from datetime import datetime

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clients.models import Cohort, Enrolment
from coaching import caseload, notes, noting
from curriculum import refusals

from .desk import CoachRequest, desk

METHODS = require_http_methods(["GET", "HEAD", "POST"])


@METHODS
@desk
def client_notes(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """What this reader may read about a client, and a new note."""
    theirs = caseload.looked_after_by(request.user) | _read_about(request, at)
    found = theirs.distinct().select_related("client", "cohort")
    enrolment = get_object_or_404(found, pk=pk)
    return _kept_or_shown(request, enrolment.cohort, enrolment, at)


def _read_about(request: CoachRequest, at: datetime):
    """Clients whoever stands in reads something about."""
    mine = notes.visible_to(request.user, at=at).filter(enrolment=OuterRef("pk"))
    desks = caseload.desks_of(request.user, at=at)
    return Enrolment.objects.filter(Exists(mine), cohort__in=desks).exclude(client=request.user)


@METHODS
@desk
def cohort_notes(request: CoachRequest, slug: str, *, at: datetime) -> HttpResponse:
    """What is about a cohort and about nobody in it."""
    cohort = get_object_or_404(caseload.boards_visible_to(request.user), slug=slug)
    return _kept_or_shown(request, cohort, None, at)


def _kept_or_shown(request: CoachRequest, cohort: Cohort, enrolment: Enrolment | None, at: datetime) -> HttpResponse:
    """A post keeps what was typed for the readers its button named."""
    refusal = None
    if request.method == "POST":
        said = {"visibility": request.POST.get("visibility", ""), "text": request.POST.get("text", "")}
        try:
            noting.write(cohort, enrolment, **said, by=request.user, at=at)
        except (noting.NothingSaid, noting.CannotNote) as problem:
            refusal = problem
        else:
            messages.success(request, _("The note is kept."))
            return redirect(request.path)
    found = notes.about(request.user, enrolment, at=at) if enrolment else notes.of_cohort(request.user, cohort, at=at)
    context = {
        "cohort": cohort,
        "enrolment": enrolment,
        "notes": list(found),
        "offers": notes.offers(request.user, cohort, enrolment, at=at),
        "refusal": refusal,
        "typed": request.POST.get("text", "") if refusal else "",
        "coaches": caseload.coaches(request.user, cohort),
        "at": at,
    }
    status = refusals.status_of(refusal) if refusal else 200
    return render(request, "coaching/coach/notes.html", context, status=status)
