"""A spoken answer: sent as one file, by a script that recorded it or by a form."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect

from clients import uploading
from coaching import voicing
from curriculum import refusals

from .desk import CoachRequest, desk, posted
from .review import given, page


@posted
@desk
def voice(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Keep what was said, or take it out. What is written is saved by its own form."""
    submission = given(request, pk, at)
    file = request.FILES.get("file")
    try:
        if "drop" in request.POST:
            voicing.drop(submission, by=request.user, at=at)
        else:
            parts = file.chunks(uploading.PART) if file else ()
            voicing.say(submission, parts=parts, by=request.user, at=at)
    except ValidationError as refusal:
        if request.headers.get("X-Requested-With") != "XMLHttpRequest":
            return page(request, given(request, pk, at), at, refusal=refusal)
        told = {"code": refusals.code_of(refusal), "detail": refusals.sentence_of(refusal)}
        return JsonResponse(told, status=refusals.status_of(refusal))
    return redirect("review", pk=pk)
