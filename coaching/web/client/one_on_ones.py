"""1:1s: what comes next, planning one in four moves, what was heard, what was promised."""

import secrets
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from clients import one_on_ones, planning
from clients.models import Enrolment, OneOnOne
from clients.one_on_ones import Overview
from clients.planning import PlanRejected
from curriculum import clock, moments
from curriculum.refusals import sentence_of

from .finding import address, enrolment_of, go_on, page, person_of, posted
from .record_forms import HeldForm, PlanForm, plan_of, said_of

State = OneOnOne.State
ANSWERS = {"yes": True, "no": False, "open": None}  # did it happen
KEYS = (
    {"keys": ("M",), "label": gettext_lazy("new 1:1")},
    {"keys": ("N",), "label": gettext_lazy("new line in the ledger")},
    {"keys": ("?",), "label": gettext_lazy("these keys")},
)
PLAN_KEYS = (
    {"keys": ("A",), "label": gettext_lazy("add from the ledger")},
    {"keys": ("Ctrl", "↵"), "label": gettext_lazy("save")},
    {"keys": ("?",), "label": gettext_lazy("these keys")},
)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    enrolment, at = enrolment_of(request), clock.now()
    found, today = _overview(enrolment), _today(enrolment, at)
    context = {
        "overview": found,
        "today": today,
        "waiting": found.waiting(today),
        "next": found.next(today),
        "refusal": _refused(planning.plan_refusal(enrolment, by=person_of(request), at=at)),
        "keys": KEYS,
        "at": at,
    }
    return page(request, "one_on_ones.html", enrolment, context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new plan. What the last 1:1 promised is asked about first."""
    enrolment, at = enrolment_of(request), clock.now()
    found = _overview(enrolment)
    if request.method != "POST":
        if planning.plan_refusal(enrolment, by=person_of(request), at=at):
            return redirect(address(request, "one-on-ones"))
        return _plan(request, enrolment, found, PlanForm(found.planner, enrolment, content={}), None, at=at)
    form = PlanForm(found.planner, enrolment, data=request.POST)
    key = request.POST.get("client_key", "")[:64] or secrets.token_urlsafe(24)
    try:
        one = planning.plan(enrolment, client_key=key, by=person_of(request), at=at, **form.plan())
    except PlanRejected as refusal:
        form.complain(refusal.by_field)
        return _plan(request, enrolment, found, form, None, at=at, status=422)
    messages.success(request, _("Planned. After it, write down here what you heard."))
    return go_on(request, address(request, "one-on-one", one.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def one_on_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One 1:1: its plan while it is to come, *Heard* once its day has passed, and then what came of it."""
    enrolment, at, one = enrolment_of(request), clock.now(), _own(request, pk)
    found = _overview(enrolment)
    if request.method == "POST":
        return _change(request, enrolment, found, one, at)
    if _asks_what_was_heard(request, one, _today(enrolment, at)):
        return _heard(request, enrolment, found, one, HeldForm(found.planner, content=said_of(one)), at=at)
    if one.state == State.PLANNED:
        form = PlanForm(found.planner, enrolment, content=plan_of(one))
        return _plan(request, enrolment, found, form, one, at=at)
    entry = one_on_ones.entry(found.planner, one)
    context = {
        "entry": entry,
        "texts": _texts(found, one),
        "today": _today(enrolment, at),
        "refusal": _refused(planning.close_action_refusal(one, by=person_of(request), at=at)),
        "hold_refusal": _refused(planning.hold_refusal(one, by=person_of(request), at=at)),
        "at": at,
    }
    return page(request, "one_on_one.html", enrolment, context)


@posted
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment, at, one = enrolment_of(request), clock.now(), _own(request, pk)
    found = _overview(enrolment)
    form = HeldForm(found.planner, data=request.POST)
    try:
        planning.hold(one, by=person_of(request), at=at, **form.said())
    except PlanRejected as refusal:
        form.complain(refusal.by_field)
        return _heard(request, enrolment, found, one, form, at=at, status=422)
    messages.success(request, _("Kept. The next plan asks about what you said you would do."))
    return go_on(request, address(request, "one-on-one", pk))


@posted
def action(request: HttpRequest, pk: int, index: int) -> HttpResponse:
    """Whether a promise was kept, is open still, or was let go; back to the page it was asked on."""
    done = ANSWERS.get(request.POST.get("done", ""))
    planning.close_action(_own(request, pk), index=index, done=done, by=person_of(request), at=clock.now())
    messages.info(request, SAID[done])
    back = {"new": "one-on-one-new", "all": "one-on-ones"}.get(request.POST.get("then", ""))
    return redirect(address(request, back) if back else address(request, "one-on-one", pk))


SAID = {
    True: gettext_lazy("Done. One line for your ledger, if somebody saw it?"),
    False: gettext_lazy("Let go."),
    None: gettext_lazy("It stays open."),
}


@posted
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    planning.remove(_own(request, pk), by=person_of(request), at=clock.now())
    messages.info(request, _("The 1:1 is gone from your planner."))
    return redirect(address(request, "one-on-ones"))


# --- Inside ---------------------------------------------------------------------------------------


def _overview(enrolment: Enrolment) -> Overview:
    """All of the client's 1:1s; 404 where the edition has no planner."""
    found = one_on_ones.of(enrolment)
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, pk: int) -> OneOnOne:
    """A 1:1 of the planner the address means, or 404."""
    return get_object_or_404(one_on_ones.own(person_of(request).pk).filter(enrolment=enrolment_of(request)), pk=pk)


def _today(enrolment: Enrolment, at: datetime) -> date:
    return moments.to_wall(at, enrolment.client.zone).date()


def _refused(refusal: Exception | None) -> str:
    return sentence_of(refusal) if refusal else ""


def _asks_what_was_heard(request: HttpRequest, one: OneOnOne, today: date) -> bool:
    """Once its day has passed; on the day, and to put right what was heard, where the address asks for it."""
    if one.state == State.PLANNED:
        asked = request.GET.get("plan") != "1" if one.date < today else request.GET.get("heard") == "1"
        return one.date <= today and asked
    return one.state == State.HELD and request.GET.get("heard") == "1"


def _texts(found: Overview, one: OneOnOne) -> list[tuple[Any, list[tuple[str, str]]]]:
    """The moves that have words, each with its questions and what was written."""
    written = [
        (move, [(field.label, one.content[field.key]) for field in move.fields if one.content.get(field.key)])
        for move in found.planner.moves
    ]
    return [(move, texts) for move, texts in written if texts]


def _change(request: HttpRequest, enrolment: Enrolment, found: Overview, one: OneOnOne, at: datetime) -> HttpResponse:
    form = PlanForm(found.planner, enrolment, data=request.POST)
    try:
        planning.change(one, by=person_of(request), at=at, **form.plan())
    except PlanRejected as refusal:
        form.complain(refusal.by_field)
        return _plan(request, enrolment, found, form, one, at=at, status=422)
    messages.success(request, _("The plan is kept as it reads now."))
    return go_on(request, address(request, "one-on-ones"))


def _plan(
    request: HttpRequest,
    enrolment: Enrolment,
    found: Overview,
    form: PlanForm,
    one: OneOnOne | None,
    *,
    at: datetime,
    status: int = 200,
) -> HttpResponse:
    last, today = found.last_held(), _today(enrolment, at)
    check = planning.change_refusal(one, by=person_of(request), at=at) if one else None
    context = {
        "form": form,
        "one": one,
        "asks": last.open if last and one is None else (),
        "overview": found,
        "today": today,
        "is_day": one is not None and one.date <= today,
        "refusal": _refused(check or planning.plan_refusal(enrolment, by=person_of(request), at=at)),
        "client_key": request.POST.get("client_key") or secrets.token_urlsafe(24),
        "keys": PLAN_KEYS,
        "at": at,
    }
    return page(request, "one_on_one_plan.html", enrolment, context, status=status)


def _heard(
    request: HttpRequest,
    enrolment: Enrolment,
    found: Overview,
    one: OneOnOne,
    form: HeldForm,
    *,
    at: datetime,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "one": one,
        "entry": one_on_ones.entry(found.planner, one),
        "texts": _texts(found, one),
        "today": _today(enrolment, at),
        "refusal": _refused(planning.hold_refusal(one, by=person_of(request), at=at)),
        "keys": PLAN_KEYS[1:],
        "at": at,
    }
    return page(request, "one_on_one_heard.html", enrolment, context, status=status)
