"""The meeting log: what is in it, what it comes to, one more entry, an entry put right."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from clients import deadlines, meeting_fields, meetings, practising, progress
from clients.models import Enrolment, Meeting
from clients.practising import EntryRejected
from curriculum import clock, moments
from curriculum.refusals import code_of, fields_of, sentence_of, status_of

from . import trends
from .finding import address, enrolment_of, is_script, page, person_of, posted
from .meeting_form import MeetingForm, begun

LAST_WORKDAY = 4  # Friday: where a week is over, its meeting was at the latest on this day
MORE = ("prepared", "first_minute", "felt_like_me")
RECENT = 3  # meetings of other names to begin like
KEYS = (
    {"keys": ("0", "–", "9"), "label": gettext_lazy("how many times you spoke")},
    {"keys": ("Ctrl", "↵"), "label": gettext_lazy("save")},
    {"keys": ("?",), "label": gettext_lazy("these keys")},
)
LOG_KEYS = (
    {"keys": ("N",), "label": gettext_lazy("log a meeting")},
    {"keys": ("?",), "label": gettext_lazy("these keys")},
)


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    at, enrolment = clock.now(), enrolment_of(request)
    rows = list(meetings.of(enrolment))
    found = meetings.trend(enrolment, rows, at=at)
    today = _today(enrolment, at)
    context = {
        "today": [row for row in rows if row.date == today],
        "weeks": meetings.by_week(enrolment, [row for row in rows if row.date != today], at=at),
        "rows": rows,
        "words": meetings.in_words(found),
        "trend": found,
        "panels": trends.panels(found) if found.is_enough else (),
        "axis": trends.axis(),
        "refusal": _sentence(enrolment, request, at),
        "keys": LOG_KEYS,
        "at": at,
    }
    return page(request, "log.html", enrolment, context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """One more entry. A script hears what became of it; a browser goes on to the log, or to the piece it came from."""
    at, enrolment = clock.now(), enrolment_of(request)
    if request.method == "POST":
        return _kept(request, enrolment, at)
    if _sentence(enrolment, request, at):
        return redirect(address(request, "log"))
    rows = list(meetings.of(enrolment).order_by("-logged_at", "-pk"))
    like = _like(request, rows)
    entry = begun(like, day=_day(request, enrolment, at), spoke=request.GET.get("times", ""))
    context = {"recent": _recent(rows, like), "piece": _piece(request, enrolment, request.GET.get("for", ""))}
    return _form(request, enrolment, MeetingForm(entry=entry), context)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry, to look at and to put right."""
    at, found = clock.now(), _own(request, pk)
    if request.method != "POST":
        form = MeetingForm(entry=meeting_fields.entry_of(found))
        return _form(request, found.enrolment, form, _changing(request, found, at))
    form = MeetingForm(data=request.POST)
    try:
        practising.change_meeting(found, entry=form.entry(), by=person_of(request), at=at)
    except EntryRejected as refusal:
        form.complain(refusal.by_field)
        return _form(request, found.enrolment, form, _changing(request, found, at), status=422)
    messages.success(request, _("Changed. What you handed in with it stays as it was."))
    return redirect(address(request, "log"))


@posted
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    practising.remove_meeting(_own(request, pk), by=person_of(request), at=clock.now())
    messages.info(request, _("Removed from your log."))
    return redirect(address(request, "log"))


# --- Keeping one ----------------------------------------------------------------------------------


def _kept(request: HttpRequest, enrolment: Enrolment, at: datetime) -> HttpResponse:
    form = MeetingForm(data=request.POST)
    key = request.POST.get("client_key", "")[:64] or secrets.token_urlsafe(24)
    piece = _piece(request, enrolment, request.POST.get("for", ""))
    try:
        found = practising.log_meeting(enrolment, entry=form.entry(), client_key=key, by=person_of(request), at=at)
    except ValidationError as refusal:
        if is_script(request):
            told = {"code": code_of(refusal), "detail": sentence_of(refusal), "errors": fields_of(refusal)}
            return JsonResponse(told, status=status_of(refusal))
        if not isinstance(refusal, EntryRejected):
            raise
        form.complain(refusal.by_field)
        return _form(request, enrolment, form, {"client_key": key, "piece": piece}, status=422)
    messages.success(request, _("Logged: %(title)s.") % {"title": found.title})
    after = address(request, "work", piece) if piece else address(request, "log")
    if is_script(request):
        return JsonResponse({"id": found.pk, "title": found.title, "address": after})
    return redirect(after)


def _form(
    request: HttpRequest, enrolment: Enrolment, form: MeetingForm, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    known = {
        "form": form,
        "client_key": secrets.token_urlsafe(24),
        "is_typed": form.is_bound,
        "send_url": f"{reverse('log-new')}?cohort={enrolment.cohort.slug}",
        "opens_more": _opens_more(form),
        "keys": KEYS,
    }
    return page(request, "meeting.html", enrolment, known | context, status=status)


def _opens_more(form: MeetingForm) -> bool:
    """Whether what is seldom asked has something to show."""
    return any(form[name].value() not in (None, "") or form[name].errors for name in MORE)


def _changing(request: HttpRequest, found: Meeting, at: datetime) -> dict[str, Any]:
    return {"meeting": found, "refusal": _sentence(found.enrolment, request, at), "at": at}


# --- What a new entry begins with -----------------------------------------------------------------


def _like(request: HttpRequest, rows: list[Meeting]) -> Meeting | None:
    """The meeting to begin like: the one the address names, or the last one that was logged."""
    wanted = request.GET.get("like", "")
    named = next((row for row in rows if str(row.pk) == wanted), None)
    return named or (rows[0] if rows else None)


def _recent(rows: list[Meeting], like: Meeting | None) -> list[Meeting]:
    """The last meetings of other names, one a name."""
    by_title = {row.title: row for row in reversed(rows) if like is None or row.title != like.title}
    return sorted(by_title.values(), key=lambda row: (row.logged_at, row.pk), reverse=True)[:RECENT]


def _day(request: HttpRequest, enrolment: Enrolment, at: datetime) -> date:
    """Today, or where the address names a week that is over its Friday."""
    today, number = _today(enrolment, at), request.GET.get("week", "")
    if not (number.isdecimal() and int(number) in deadlines.WEEKS):
        return today
    return min(today, deadlines.mondays(enrolment, at=at)[int(number)] + timedelta(days=LAST_WORKDAY))


def _today(enrolment: Enrolment, at: datetime) -> date:
    return moments.to_wall(at, enrolment.client.zone).date()


def _piece(request: HttpRequest, enrolment: Enrolment, key: str) -> str:
    """The piece of homework the entry is for, where the address names one of theirs."""
    return key if key and progress.submissions_of(enrolment).filter(exercise__key=key).exists() else ""


def _own(request: HttpRequest, pk: int) -> Meeting:
    """An entry of the log the address means, or 404."""
    enrolment = enrolment_of(request)
    found = get_object_or_404(meetings.of(enrolment), pk=pk)
    found.enrolment = enrolment
    return found


def _sentence(enrolment: Enrolment, request: HttpRequest, at: datetime) -> str:
    refusal = practising.log_refusal(enrolment, by=person_of(request), at=at)
    return sentence_of(refusal) if refusal else ""
