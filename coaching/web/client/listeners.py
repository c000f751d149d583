"""Listeners of something one says: a link to hand out, what they remembered, how much of it came across.

The panel stands in the answer's form where there is one, so that nothing typed is lost; a script gets the part.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from clients import listening, progress, receipts
from clients.models import Receipt, Submission
from curriculum import clock
from curriculum.refusals import sentence_of, status_of

from . import listened, sounding
from .finding import is_script, page, person_of, piece_of, posted
from .forms import AnswerForm
from .work import BESIDE, show


@posted
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """A link for one listener, with the take in hand; without one they are told in person."""
    piece, at = piece_of(request, key), clock.now()
    take = sounding.take_of(piece, _number_of_take(request, piece))

    def made() -> str:
        _receipt, token = listening.ask_listener(piece, sound=take, by=person_of(request), at=at)
        return request.build_absolute_uri(reverse("listen", args=[token]))

    return _done(request, piece, made, at)


@posted
def withdraw(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    piece, receipt, at = *_receipt(request, key, pk), clock.now()
    return _done(request, piece, lambda: listening.withdraw(receipt, by=person_of(request), at=at), at)


@posted
def mark(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    piece, receipt, at = *_receipt(request, key, pk), clock.now()
    named = {one: request.POST.get(f"{BESIDE}mark-{pk}-{one}", "") for one in receipts.QUESTIONS}
    marks = {one: int(content) for one, content in named.items() if content in ("0", "1", "2")}
    return _done(request, piece, lambda: listening.mark(receipt, marks=marks, by=person_of(request), at=at), at)


# --- Inside ---------------------------------------------------------------------------------------


def _number_of_take(request: HttpRequest, piece: Submission) -> Any:
    """The take that stands in the form, or the one that was handed in."""
    named = sounding.named(piece, piece.draft)
    return next((request.POST.get(key) or number for key, number in named), None)


def _receipt(request: HttpRequest, key: str, pk: int) -> tuple[Submission, Receipt]:
    piece = piece_of(request, key)
    return piece, get_object_or_404(piece.receipts, pk=pk)


def _done(request: HttpRequest, piece: Submission, operation: Callable[[], Any], at: datetime) -> HttpResponse:
    """The part of the page for a script; for a browser without, the page with everything typed still in it."""
    refusal, link = None, ""
    try:
        link = operation() or ""
    except ValidationError as error:
        if not is_script(request) and status_of(error) == 409:
            raise
        refusal = error
    said: dict[str, Any] = {"link": link if isinstance(link, str) else "", "problem": _problem(refusal)}
    status = status_of(refusal) if refusal else 200
    is_edited = progress.standing(piece, at=at).state in (progress.OPEN, Submission.State.DRAFT)
    if is_script(request):
        shown = listened.of(piece, form="answer" if is_edited else "receipts-form", at=at)
        context = {"listeners": replace(shown, **said) if shown else None, "exercise": piece.exercise, "at": at}
        return page(request, "_receipts.html", piece.enrolment, context, status=status)
    form = AnswerForm(piece, data=request.POST) if is_edited else None
    return show(request, piece, form, at=at, status=status, said=said)


def _problem(refusal: ValidationError | None) -> str:
    if refusal is None:
        return ""
    by_field = getattr(refusal, "by_field", {})
    return " ".join(sorted({sentence for told in by_field.values() for sentence in told})) or sentence_of(refusal)
