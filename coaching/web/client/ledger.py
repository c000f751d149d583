"""The evidence ledger: four factors, lines by week, one line at a time."""

import secrets
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from clients import deadlines, evidence, evidencing, ledger_fields, one_on_ones, progress
from clients.evidence import Ledger
from clients.evidencing import LineRejected
from clients.models import Enrolment, LedgerLine
from curriculum import clock, moments, moves
from curriculum.refusals import sentence_of

from .finding import address, enrolment_of, go_on, page, person_of, posted
from .record_forms import LineForm

KEYS = (
    {"keys": ("N",), "label": gettext_lazy("new line")},
    {"keys": ("M",), "label": gettext_lazy("new 1:1")},
    {"keys": ("?",), "label": gettext_lazy("these keys")},
)
LINE_KEYS = (
    {"keys": ("Ctrl", "↵"), "label": gettext_lazy("save, for whom the filled button says")},
    {"keys": ("?",), "label": gettext_lazy("these keys")},
)


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    enrolment, at = enrolment_of(request), clock.now()
    whole = evidence.of(enrolment)
    factor, unseen = request.GET.get("factor", ""), request.GET.get("unseen") == "1"
    factor = factor if factor in ledger_fields.FACTORS else ""
    shown = [line for line in whole.lines if (not factor or line.factor == factor) and not (unseen and line.who_saw)]
    refusal = evidencing.write_refusal(enrolment, by=person_of(request), at=at)
    planner = _planner(enrolment, at)
    context = {
        "ledger": whole,
        "headline": headline(whole),
        "weeks": evidence.by_week(shown),
        "factor": factor,
        "unseen": unseen,
        "refusal": sentence_of(refusal) if refusal else "",
        "opens_at": deadlines.opens_at(enrolment, evidencing.FIRST_WEEK, at=at),
        **planner,
        "keys": [key for key in KEYS if planner or key["keys"] != ("M",)],
        "at": at,
    }
    return page(request, "ledger.html", enrolment, context)


@require_http_methods(["GET", "HEAD", "POST"])
def ledger_new(request: HttpRequest) -> HttpResponse:
    enrolment, at = enrolment_of(request), clock.now()
    piece = _piece(request, enrolment)
    if request.method != "POST":
        if evidencing.write_refusal(enrolment, by=person_of(request), at=at):
            return redirect(address(request, "ledger"))
        today = moments.to_wall(at, enrolment.client.zone).date().isoformat()
        return _form(request, enrolment, LineForm(content={"date": today}, begins=True), None, at=at)
    form = LineForm(data=request.POST)
    try:
        evidencing.add_line(enrolment, line=form.raw(), client_key=_key(request), by=person_of(request), at=at)
    except LineRejected as refusal:
        form.complain(refusal.by_field)
        return _form(request, enrolment, form, None, at=at, status=422)
    messages.success(request, _("The line is kept."))
    return go_on(request, address(request, "work", piece) if piece else address(request, "ledger"))


@require_http_methods(["GET", "HEAD", "POST"])
def ledger_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a line right."""
    enrolment, at, row = enrolment_of(request), clock.now(), _own(request, pk)
    if request.method != "POST":
        return _form(request, enrolment, LineForm(content=ledger_fields.line_of(row)), row, at=at)
    form = LineForm(data=request.POST)
    try:
        evidencing.change_line(row, line=form.raw(), by=person_of(request), at=at)
    except LineRejected as refusal:
        form.complain(refusal.by_field)
        return _form(request, enrolment, form, row, at=at, status=422)
    messages.success(request, _("The line is kept as it reads now."))
    return go_on(request, address(request, "ledger"))


@posted
def ledger_remove(request: HttpRequest, pk: int) -> HttpResponse:
    evidencing.remove_line(_own(request, pk), by=person_of(request), at=clock.now())
    messages.info(request, _("The line is gone. What you handed in with it keeps its copy."))
    return redirect(address(request, "ledger"))


# --- Inside ---------------------------------------------------------------------------------------


def _own(request: HttpRequest, pk: int) -> LedgerLine:
    """A line of the ledger the address means, or 404."""
    return get_object_or_404(evidence.own(person_of(request).pk).filter(enrolment=enrolment_of(request)), pk=pk)


def _planner(enrolment: Enrolment, at: datetime) -> dict[str, Any]:
    """What stands beside the ledger: the next 1:1 and the moves of the last ones. Nothing before the planner opens."""
    planner = moves.of_edition(enrolment.cohort.edition_id)
    if planner is None or not deadlines.is_open(enrolment, planner.week, at=at):
        return {}
    found, today = one_on_ones.of(enrolment), moments.to_wall(at, enrolment.client.zone).date()
    assert found is not None  # there is a planner
    return {"overview": found, "today": today, "waiting": found.waiting(today), "next": found.next(today)}


def _piece(request: HttpRequest, enrolment: Enrolment) -> str:
    """The piece of homework the line is written for, where the address names one of theirs."""
    key = request.POST.get("for") or request.GET.get("for", "")
    return key if key and progress.submissions_of(enrolment).filter(exercise__key=key).exists() else ""


def _key(request: HttpRequest) -> str:
    return request.POST.get("client_key", "")[:64] or secrets.token_urlsafe(24)


def _form(
    request: HttpRequest,
    enrolment: Enrolment,
    form: LineForm,
    row: LedgerLine | None,
    *,
    at: datetime,
    status: int = 200,
) -> HttpResponse:
    refusal = evidencing.write_refusal(enrolment, by=person_of(request), at=at)
    context = {
        "form": form,
        "row": row,
        "refusal": sentence_of(refusal) if refusal else "",
        "piece": _piece(request, enrolment),
        "client_key": request.POST.get("client_key") or secrets.token_urlsafe(24),
        "keys": LINE_KEYS,
        "at": at,
    }
    return page(request, "ledger_line.html", enrolment, context, status=status)


def headline(whole: Ledger) -> str:
    """The ledger in one sentence, what it lacks first."""
    count, missing, unseen = len(whole.lines), whole.missing, len(whole.unseen)
    if not count:
        return _("One line a week")
    lines = ngettext("%(n)s line", "%(n)s lines", count) % {"n": count}
    if missing:
        names = [column.name.lower() for column in missing]
        rest = _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
        told = {"lines": lines, "names": rest if len(names) > 1 else names[0]}
        return _("%(lines)s so far, and nothing yet for %(names)s") % told
    if unseen:
        said = {"lines": lines, "n": unseen}
        return (
            ngettext(
                "%(lines)s in all four factors; nobody saw %(n)s of them yet",
                "%(lines)s in all four factors; nobody saw %(n)s of them yet",
                unseen,
            )
            % said
        )
    return _("%(lines)s in all four factors, each seen by somebody") % {"lines": lines}
