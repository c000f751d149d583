"""What a client and their coaches write to each other, and a question about a piece before it is handed in."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from clients import progress
from clients.models import Enrolment, Submission
from coaching import conversations as talks
from coaching import conversing
from coaching.conversations import Partner
from curriculum import clock, refusals

from .finding import address, enrolment_of, is_script, page, person_of, posted


@require_safe
def conversations(request: HttpRequest) -> HttpResponse:
    """Whom one can write to; with one coach that is the conversation itself. `piece` is carried on."""
    at, enrolment = clock.now(), enrolment_of(request, dated=False)
    about = _piece(enrolment, request.GET.get("piece", ""))
    partners = talks.partners_of(enrolment)
    if len(partners) == 1:
        return redirect(_place(request, partners[0], about))
    rows = [(partner, _place(request, partner, about)) for partner in partners]
    return page(request, "conversations.html", enrolment, {"rows": rows, "about": about, "at": at})


@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them. A post writes, and keeps what was typed where it is refused."""
    at, enrolment = clock.now(), enrolment_of(request, dated=False)
    partner = _partner(enrolment, pk)
    about = _piece(enrolment, request.POST.get("piece", "") or request.GET.get("piece", ""))
    if request.method != "POST":
        return _page(request, enrolment, partner, about, at)
    text = request.POST.get("text", "")
    try:
        conversing.write(enrolment, partner.coach, text=text, piece=about, by=person_of(request), at=at)
    except ValidationError as refusal:
        return _page(request, enrolment, partner, about, at, refusal=refusal, typed=text)
    return redirect(f"{address(request, 'conversation', pk)}#newest")


@posted
def opened(request: HttpRequest, pk: int) -> HttpResponse:
    """The client has read what stands there."""
    found = _partner(enrolment_of(request, dated=False), pk).conversation
    if found is None:
        raise Http404
    conversing.read(found, by=person_of(request), at=clock.now())
    return HttpResponse(status=204) if is_script(request) else redirect(address(request, "conversation", pk))


def _partner(enrolment: Enrolment, pk: int) -> Partner:
    found = next((one for one in talks.partners_of(enrolment) if one.coach.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _piece(enrolment: Enrolment, key: str) -> Submission | None:
    return get_object_or_404(progress.submissions_of(enrolment), exercise__key=key) if key else None


def _place(request: HttpRequest, partner: Partner, about: Submission | None) -> str:
    where = address(request, "conversation", partner.coach.pk)
    query = urlencode({"piece": about.exercise.key}) if about else ""
    return f"{where}{'&' if '?' in where else '?'}{query}" if query else where


def _page(
    request: HttpRequest,
    enrolment: Enrolment,
    partner: Partner,
    about: Submission | None,
    at: datetime,
    *,
    refusal: ValidationError | None = None,
    typed: str = "",
) -> HttpResponse:
    found = partner.conversation
    context = {
        "partner": partner.coach,
        "conversation": found,
        "words": talks.words_of(found) if found else [],
        "is_new": partner.is_new,
        "about": about,
        "closed": conversing.begin_refusal(enrolment, partner.coach, by=person_of(request), at=at),
        "refusal": refusal,
        "typed": typed,
        "at": at,
    }
    status = refusals.status_of(refusal) if refusal else 200
    return page(request, "conversation.html", enrolment, context, status=status)
