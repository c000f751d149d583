"""The promotion case a client handed in, as PDF."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from clients import papers
from coaching import caseload, pieces
from coaching.web import pdf

from .desk import CoachRequest, desk


@require_safe
@desk
def case_pdf(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """The last attempt that stands, or the one the address names. Never a draft."""
    given = caseload.handed_to(request.user, at=at).select_related("enrolment__client", "exercise")
    submission = get_object_or_404(given.defer("draft", "meant"), pk=pk)
    number = request.GET.get("attempt", "")
    if number and not number.isdecimal():
        raise Http404
    found = pieces.case_of(submission, request.user, number=int(number) if number else None)
    if found is None:
        raise Http404
    return pdf.answer(papers.of_case(found, at=at))
