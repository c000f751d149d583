"""What is said in a recording, on the exercise page: how far it is, the words to put right, what they come to.

Its fields stand in the answer's form, so that nothing typed is lost where there are no scripts; a script gets the part.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from clients import sounds, transcribing, transcripts
from clients.models import Recording, Transcript
from curriculum import clock
from curriculum.refusals import sentence_of, status_of

from . import sounding
from .finding import is_script, page, person_of, piece_of, posted
from .forms import AnswerForm
from .work import BESIDE, show

TEXT = f"{BESIDE}transcript"


@require_safe
def panel(request: HttpRequest, key: str) -> HttpResponse:
    """The part of the page, for the take that is named or for the draft's."""
    piece = piece_of(request, key)
    named = next((request.GET.get(key) or number for key, number in sounding.named(piece, piece.draft)), None)
    return _panel(request, sounding.take_of(piece, named), piece)


@posted
def ask(request: HttpRequest, key: str, recording: Any) -> HttpResponse:
    """Hear this recording; once more where it failed."""
    found = _take(request, key, recording)
    return _answered(request, found, lambda at: transcribing.ask(found, by=person_of(request), at=at))


@posted
def keep(request: HttpRequest, key: str, recording: Any) -> HttpResponse:
    """That is what I said: the words as they stand in the field."""
    found = _take(request, key, recording)
    transcript = get_object_or_404(Transcript, recording=found)
    text = request.POST.get(TEXT, "")
    return _answered(request, found, lambda at: transcribing.edit(transcript, text=text, by=person_of(request), at=at))


def _take(request: HttpRequest, key: str, recording: Any) -> Recording:
    piece = piece_of(request, key)
    found = get_object_or_404(sounds.of(piece), key=recording)
    found.submission = piece
    return found


def _answered(request: HttpRequest, found: Recording, operation: Callable[[Any], Any]) -> HttpResponse:
    """The part of the page for a script, the page with everything typed still in it for a browser without."""
    at, piece, refusal = clock.now(), found.submission, None
    try:
        operation(at)
    except ValidationError as error:
        if not is_script(request):
            raise
        refusal = error
    if is_script(request):
        return _panel(request, found, piece, refusal)
    return show(request, piece, AnswerForm(piece, data=request.POST), at=at)


def _panel(
    request: HttpRequest, take: Recording | None, piece: Any, refusal: ValidationError | None = None
) -> HttpResponse:
    context = {
        "said": transcripts.of(take) if take else None,
        "exercise": piece.exercise,
        "piece": piece,
        "problem": sentence_of(refusal) if refusal else "",
        "typed": request.POST.get(TEXT) if refusal else None,
    }
    return page(request, "_transcript.html", piece.enrolment, context, status=status_of(refusal) if refusal else 200)
