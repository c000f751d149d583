"""A listener's page: hear it, then four questions from memory, once. Open to anyone who holds the link, and to nobody
else; a link that is over and one that never was are both not there."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from clients import listening, receipts, sounds
from clients.models import Receipt
from curriculum import clock
from curriculum.refusals import sentence_of, status_of

from . import playing
from .forms import ListenForm
from .links import by_link

GONE = 404


@by_link("listen")
def listen(request: HttpRequest, token: str) -> HttpResponse:
    at, receipt = clock.now(), receipts.find(token)
    if receipt is None:
        return _page(request, {"gone": True}, status=GONE)
    if refusal := listening.answer_refusal(receipt, at=at):
        return _page(request, {"gone": True, "sentence": sentence_of(refusal)}, status=GONE)
    if request.method != "POST":
        return _page(request, _step(receipt, ListenForm()))
    if "begin" in request.POST:
        listening.begin(receipt, at=at)
        return redirect("listen", token=token)
    return _answered(request, receipt, at)


@by_link("listen", ("GET", "HEAD"))
def sound(request: HttpRequest, token: str) -> HttpResponseBase:
    """The recording, until its listener goes on to the questions."""
    receipt = receipts.find(token)
    if receipt is None or receipt.begun_at or listening.answer_refusal(receipt, at=clock.now()):
        raise Http404
    if receipt.recording is None or not sounds.ready().filter(pk=receipt.recording_id).exists():
        raise Http404
    return playing.sound(request, receipt.recording)


def _answered(request: HttpRequest, receipt: Receipt, at: datetime) -> HttpResponse:
    form = ListenForm(request.POST)
    form.full_clean()
    try:
        listening.answer(receipt, **form.told(), at=at)
    except ValidationError as refusal:
        form.add_error(None, sentence_of(refusal))
        problem = {} if receipt.begun_at else {"problem": sentence_of(refusal)}
        return _page(request, _step(receipt, form) | problem, status=status_of(refusal))
    return _page(request, {"receipt": receipt, "sent": True, "name": receipt.submission.enrolment.client.first})


def _step(receipt: Receipt, form: ListenForm) -> dict[str, Any]:
    """Hearing it, or the questions once they were gone on to. Never both."""
    return {
        "receipt": receipt,
        "name": receipt.submission.enrolment.client.first,
        "form": form if receipt.begun_at else None,
        "has_sound": receipt.recording is not None and receipt.recording.state == "ready",
    }


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "clients/listen.html", context, status=status)
