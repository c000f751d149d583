"""The promotion case to look at, to print and to take along as PDF: one's own, as a draft or as it was handed in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from clients import cases, papers
from clients.cases import Case
from clients.models import Submission
from coaching import pieces
from coaching.web import pdf
from curriculum import clock

from .finding import address, page, person_of, piece_of


@require_safe
def case(request: HttpRequest, key: str) -> HttpResponse:
    """As it prints. What the PDF has no letters for is said here, where the browser has them."""
    piece, at = piece_of(request, key), clock.now()
    found = _found(request, piece)
    missing = () if found.is_blank else papers.of_case(found, at=at).missing
    context = {"piece": piece, "exercise": piece.exercise, "case": found, "missing": missing, "day": found.day(at)}
    return page(request, "case.html", piece.enrolment, context)


@require_safe
def case_pdf(request: HttpRequest, key: str) -> HttpResponse:
    piece, at = piece_of(request, key), clock.now()
    found = _found(request, piece)
    if found.is_blank:
        return redirect(address(request, "work", key))
    return pdf.answer(papers.of_case(found, at=at))


def _found(request: HttpRequest, piece: Submission) -> Case:
    """The case of the piece: the attempt the address names, else the one it stands at; 404 for any other exercise."""
    number = request.GET.get("attempt", "")
    if not cases.is_case(piece.exercise) or (number and not number.isdecimal()):
        raise Http404
    found = pieces.case_of(piece, person_of(request), number=int(number) if number else None)
    if found is None:
        raise Http404
    return found
