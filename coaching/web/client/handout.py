"""The ledger and the promotion case to take along: one page to print, and the same as Markdown."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from clients import cases, evidence, handouts
from clients.evidence import Ledger
from clients.models import Enrolment
from curriculum import clock

from .finding import enrolment_of, page


@require_safe
def printed(request: HttpRequest) -> HttpResponse:
    enrolment, at = enrolment_of(request), clock.now()
    whole = evidence.of(enrolment)
    found = cases.newest(enrolment)
    context = {
        "ledger": _chosen(request, whole),
        "private": whole.private,
        "with_private": request.GET.get("private") == "1",
        "case": found,
        "day": found.day(at) if found else None,
        "at": at,
    }
    return page(request, "ledger_print.html", enrolment, context)


@require_safe
def markdown(request: HttpRequest) -> HttpResponse:
    enrolment: Enrolment = enrolment_of(request)
    text = handouts.in_markdown(_chosen(request, evidence.of(enrolment)), cases.newest(enrolment))
    head = {"Content-Disposition": 'attachment; filename="evidence.md"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(text, content_type="text/markdown; charset=utf-8", headers=head)


def _chosen(request: HttpRequest, whole: Ledger) -> Ledger:
    """What is taken along is handed on, so private lines come only where the address asks for them."""
    return whole if request.GET.get("private") == "1" else handouts.for_others(whole)
