"""The exercise page: writing, saving, the first read, handing in, taking back, another attempt."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clients import choosing, submitting
from clients.models import Submission
from clients.submitting import StaleDraft
from curriculum import answers, clock
from curriculum.answers import AnswerRejected
from curriculum.refusals import code_of, sentence_of, status_of

from . import bench, entries, lines, noticed, showing, views
from .finding import address, is_script, now_of, page, person_of, piece_of, posted
from .forms import AnswerForm
from .instruments import workbench


@require_safe
def work(request, key):
    return show(request, piece_of(request, key), at=now_of(request))


@posted
def draft(request, key):
    """Keep what was typed. A script hears what became of it; a browser comes back to the page."""
    piece, at = piece_of(request, key), clock.now()
    form = AnswerForm(piece, data=request.POST)
    try:
        saved = submitting.save_draft(piece, answer=form.answer(), revision=_revision(request), by=request.user, at=at)
    except StaleDraft as refusal:
        return _conflict(request, piece, form, refusal)
    except ValidationError as refusal:
        if not is_script(request):
            raise
        return JsonResponse({"code": code_of(refusal), "detail": sentence_of(refusal)}, status=status_of(refusal))
    if is_script(request):
        return JsonResponse({"revision": saved.draft_revision, "saved": bench.clock_time(saved, at=at)})
    if request.POST.get("then") == "log":
        return redirect(entries.address_of_new(piece))
    if request.POST.get("then") == "ledger":
        return redirect(lines.address_of_new(piece))
    messages.success(request, _("Draft saved."))
    return redirect(views.in_address(request, address(request, "work", key)))


@posted
def sentences(request, key):
    """The tags of what stands in the form, following its text, and all that follows from them. Writes nothing."""
    piece = piece_of(request, key)
    if answers.tagging_of(piece.exercise) is None:
        raise Http404
    typed = answers.shape(piece.exercise, AnswerForm(piece, data=request.POST).answer())
    tool = workbench.parts(piece, typed, noticed.to_mark(piece, typed))
    return page(
        request, "instruments/workbench_parts.html", piece.enrolment, {"exercise": piece.exercise, "tool": tool}
    )


@posted
def first_read(request, key):
    """The first read of what stands in the form, saved or not. Writes nothing."""
    return _read_again(request, piece_of(request, key, dated=False))


@posted
def meant(request, key):
    """The client keeps something on purpose. What is typed stays typed, also where it is not saved."""
    piece, at = piece_of(request, key), clock.now()
    rules = " ".join(request.POST.getlist("rule")).split()
    for rule in rules:
        piece.meant = submitting.mean_it(piece, rule=rule, by=request.user, at=at).meant
    if is_script(request):
        return _read_again(request, piece)
    return show(request, piece, AnswerForm(piece, data=request.POST), at=at)


@posted
def known(request, key):
    """The client's listener knows a word. What is typed stays typed, also where it is not saved."""
    piece, at = piece_of(request, key), clock.now()
    person = choosing.know(request.user, word=request.POST.get("word", ""), at=at)
    piece.enrolment.client.known_words = person.known_words
    if is_script(request):
        return _read_again(request, piece)
    return show(request, piece, AnswerForm(piece, data=request.POST), at=at)


@posted
def hand_in(request, key):
    piece, at = piece_of(request, key), clock.now()
    form = AnswerForm(piece, data=request.POST)
    try:
        submitting.hand_in(
            piece,
            answer=form.answer(),
            revision=_revision(request),
            client_key=request.POST.get("client_key", "")[:64],
            by=request.user,
            at=at,
        )
    except StaleDraft as refusal:
        return _conflict(request, piece, form, refusal)
    except submitting.Unagreed as refusal:
        return _keep_and_say(request, piece, form, refusal, at)
    except AnswerRejected as refusal:
        form.complain(refusal.by_field)
        return show(request, piece, form, at=at, status=422)
    return redirect(address(request, "work", key))


@posted
def take_back(request, key):
    submitting.take_back(piece_of(request, key), by=request.user, at=clock.now())
    messages.info(request, _("It is a draft again."))
    return redirect(address(request, "work", key))


@posted
def try_again(request, key):
    submitting.try_again(piece_of(request, key), by=request.user, at=clock.now())
    return redirect(address(request, "work", key))


# --- Inside ---------------------------------------------------------------------------------------


def show(
    request: HttpRequest,
    piece: Submission,
    form: AnswerForm | None = None,
    *,
    at: datetime,
    status: int = 200,
    said: Any = None,
    unagreed: str = "",
) -> HttpResponse:
    """The page for where the piece stands; with a form it shows what was typed instead of what is saved.

    `said` is what the panel of listeners says this once, `unagreed` why nothing is handed in without the agreement.
    """
    template, context = bench.of(piece, by=person_of(request), at=at, form=form)
    if said:
        context["listeners"] = replace(context["listeners"], **said)
    context["unagreed"] = unagreed
    context["shows_examples"] = request.GET.get("show") == "examples"
    context |= views.of(request, context.get("tool", {}), form.errors if form and status != 200 else {})
    return page(request, template, piece.enrolment, context, status=status)


def _keep_and_say(
    request: HttpRequest, piece: Submission, form: AnswerForm, refusal: submitting.Unagreed, at: datetime
) -> HttpResponse:
    """What was typed is the draft before anybody goes to read the agreement; the sentence, and the way there."""
    try:
        submitting.save_draft(piece, answer=form.answer(), revision=_revision(request), by=person_of(request), at=at)
    except StaleDraft as stale:
        return _conflict(request, piece, form, stale)
    kept = piece_of(request, piece.exercise.key)
    return show(request, kept, at=at, status=409, unagreed=sentence_of(refusal))


def _read_again(request: HttpRequest, piece: Submission) -> HttpResponse:
    typed = answers.shape(piece.exercise, AnswerForm(piece, data=request.POST).answer())
    context = {"piece": piece, "exercise": piece.exercise, "first_read": noticed.first_read(piece, typed)}
    return page(request, "_first_read.html", piece.enrolment, context)


def _conflict(request: HttpRequest, piece: Submission, form: AnswerForm, refusal: StaleDraft) -> HttpResponse:
    """Both texts, and the choice. Nothing is saved and nothing is lost."""
    stored = refusal.submission
    mine = answers.shape(piece.exercise, form.answer())
    context = {
        "piece": stored,
        "exercise": piece.exercise,
        "differences": showing.differences(stored, mine, stored.draft),
        "posted": [(name, text) for name, texts in request.POST.lists() for text in texts if _is_typed(name)],
        "at": clock.now(),
    }
    if not is_script(request):
        return page(request, "conflict.html", piece.enrolment, context, status=409)
    html = render_to_string("coaching/client/_conflict.html", context, request)
    told = {"code": code_of(refusal), "detail": sentence_of(refusal), "revision": stored.draft_revision, "html": html}
    return JsonResponse(told, status=409)


BESIDE = "beside-"  # fields that stand in the form and are no part of the answer
_NOT_TYPED = {"csrfmiddlewaretoken", "revision", "client_key", "showing", "then", "view"}


def _is_typed(name: str) -> bool:
    return name not in _NOT_TYPED and not name.startswith(BESIDE)


def _revision(request: HttpRequest) -> int:
    """The revision the writer started from. One that is missing or no number is nobody's: never overwrite by it."""
    try:
        return int(request.POST.get("revision", ""))
    except ValueError:
        return -1
