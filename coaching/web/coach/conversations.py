"""What a coach and their clients write to each other; whoever stands in answers what waits."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients.models import Enrolment, User
from coaching import caseload, conversing
from coaching import conversations as talks
from coaching.models import Conversation
from curriculum import refusals

from .desk import CoachRequest, desk

METHODS = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 50


@require_safe
@desk
def conversations(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """Who waits for an answer, the longest wait first, then the others; 404 for whoever coaches nobody."""
    if not caseload.roles_of(request.user, at=at).coach:
        raise Http404
    found = list(talks.at_the_desk(request.user, at=at)[:PAGE])
    rows = [(one, talks.is_new_to(one, request.user)) for one in found]
    return render(request, "coaching/coach/conversations.html", {"rows": rows, "at": at})


@METHODS
@desk
def conversation(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """One with one client. A post writes, and keeps what was typed where it is refused."""
    enrolment, coach, found = _between(request, pk, at)
    if request.method != "POST":
        return _page(request, enrolment, coach, found, at)
    text = request.POST.get("text", "")
    try:
        conversing.write(enrolment, coach, text=text, by=request.user, at=at)
    except ValidationError as refusal:
        return _page(request, enrolment, coach, found, at, refusal=refusal, typed=text)
    messages.success(request, _("Sent to %(name)s.") % {"name": enrolment.client.first})
    return redirect(f"{reverse('client-conversation', args=[pk])}#newest")


@desk
def opened(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """The coach has read what stands there; whoever comes back from the sign-in page finds it."""
    _enrolment, _coach, found = _between(request, pk, at)
    if found is None:
        raise Http404
    if request.method != "POST":
        return redirect("client-conversation", pk=pk)
    conversing.read(found, by=request.user, at=at)
    is_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    return HttpResponse(status=204) if is_script else redirect("client-conversation", pk=pk)


def _between(request: CoachRequest, pk: int, at: datetime) -> tuple[Enrolment, User, Conversation | None]:
    """A client of theirs, in whose name they write, and what there is so far; else 404."""
    theirs = Enrolment.objects.filter(cohort__in=caseload.desks_of(request.user, at=at)).exclude(client=request.user)
    enrolment = get_object_or_404(theirs.select_related("client", "cohort"), pk=pk)
    coach = talks.coach_for(request.user, enrolment.cohort, at=at)
    found = talks.visible_to(request.user, at=at).filter(enrolment=enrolment, coach=coach).first()
    if coach is None or (coach != request.user and found is None):
        raise Http404
    return enrolment, coach, found


def _page(
    request: CoachRequest,
    enrolment: Enrolment,
    coach: User,
    found: Conversation | None,
    at: datetime,
    *,
    refusal: ValidationError | None = None,
    typed: str = "",
) -> HttpResponse:
    context = {
        "enrolment": enrolment,
        "client": enrolment.client,
        "coach": coach,
        "conversation": found,
        "words": talks.words_of(found) if found else [],
        "is_new": bool(found and talks.is_new_to(found, request.user)),
        "closed": conversing.begin_refusal(enrolment, coach, by=request.user, at=at),
        "refusal": refusal,
        "typed": typed,
        "at": at,
    }
    status = refusals.status_of(refusal) if refusal else 200
    return render(request, "coaching/coach/conversation.html", context, status=status)
