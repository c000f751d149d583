"""Recording on the exercise page: a script announces and sends part by part; a browser without scripts sends a file."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from clients import sounds, uploading
from clients.models import Recording
from clients.uploading import NoSound
from curriculum import clock
from curriculum.refusals import code_of, sentence_of, status_of

from .finding import address, person_of, piece_of, posted
from .forms import AnswerForm
from .work import show


@posted
def begin(request: HttpRequest, key: str) -> JsonResponse:
    """Announce a recording. Sent again with the same key it tells where its upload stands."""
    piece, at, sent = piece_of(request, key), clock.now(), request.POST
    try:
        found = uploading.begin(
            piece,
            size=_number(sent.get("size")),
            client_key=sent.get("client_key", "")[:64],
            field=sent.get("field", "audio"),
            media_type=sent.get("media_type", ""),
            name=sent.get("name", ""),
            by=person_of(request),
            at=at,
        )
    except ValidationError as refusal:
        return _refused(refusal)
    return JsonResponse(_told(found), status=201)


@posted
def part(request: HttpRequest, key: str, recording: Any) -> JsonResponse:
    """The next part, as bytes."""
    found, at = _recording(request, key, recording), clock.now()
    offset = _number(request.headers.get("Upload-Offset"))
    try:
        found = uploading.append(found, offset=offset, data=request.body, by=person_of(request), at=at)
    except ValidationError as refusal:
        return _refused(refusal)
    return JsonResponse(_told(found))


@posted
def remove(request: HttpRequest, key: str, recording: Any):
    uploading.remove(_recording(request, key, recording), by=person_of(request), at=clock.now())
    return redirect(address(request, "work", key))


@posted
def whole(request: HttpRequest, key: str):
    """The form with a file in it, without scripts. What was typed is saved whatever becomes of the file."""
    piece, at = piece_of(request, key), clock.now()
    form = AnswerForm(piece, data=request.POST)
    file = request.FILES.get("file")
    try:
        uploading.receive_whole(
            piece,
            parts=file.chunks(uploading.PART) if file else (),
            size=file.size if file else _declared(request),
            client_key=f"file-{request.POST.get('client_key', '')}"[:64],
            answer=form.answer(),
            media_type=(file.content_type or "") if file else "",
            name=file.name if file else "",
            by=person_of(request),
            at=at,
        )
    except NoSound as refusal:
        form.complain({refusal.field: [sentence_of(refusal)]})
        return show(request, piece, form, at=at, status=422)
    return redirect(address(request, "work", key))


@require_safe
def player(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """How a recording of one's own is heard, as a part of the page."""
    found = get_object_or_404(sounds.ready().filter(submission=piece_of(request, key)), pk=number)
    context = {"key": found.key, "seconds": found.seconds, "peaks": found.peaks}
    return render(request, "coaching/parts/_player.html", context)


# --- Inside ---------------------------------------------------------------------------------------


def _recording(request: HttpRequest, key: str, recording: Any) -> Recording:
    return get_object_or_404(sounds.of(piece_of(request, key)), key=recording)


def _declared(request: HttpRequest) -> int:
    """The size of a file that was cut off because it is too large; 0 where none came."""
    return uploading.BIGGEST + 1 if getattr(request, "is_file_too_big", False) else 0


def _number(text: str | None) -> int:
    try:
        return int(text or "")
    except ValueError:
        raise Http404 from None


def _told(found: Recording) -> dict[str, Any]:
    """What a script needs to go on, and to show."""
    return {
        "id": found.pk,
        "key": str(found.key),
        "state": found.state,
        "received": found.received,
        "size": found.size,
        "part": uploading.part_of(found),
        "seconds": found.seconds,
        "peaks": found.peaks,
        "refusal": found.refusal,
    }


def _refused(refusal: ValidationError) -> JsonResponse:
    extra = refusal.extra() if hasattr(refusal, "extra") else {}
    return JsonResponse({"code": code_of(refusal), "detail": sentence_of(refusal), **extra}, status=status_of(refusal))
