"""A cohort's dates: weeks off, shifts, pauses, live sessions, and who leaves. What each changes is shown first."""

from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from clients import joining, moving, pausing
from clients.models import BreakWeek, Cohort, Enrolment
from coaching import convening, roster
from coaching.web.seeing import Change, as_sent, seen_or_made

from .cohorts import page_of
from .desk import OfficeRequest, office, posted
from .forms import BreakForm, ReasonForm, RuleForm, ShiftForm


@office
@posted("cohort")
def set_break(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """All later weeks come seven days later."""
    found, form = _found(request, slug), BreakForm(request.POST)
    if not form.is_valid():
        return _again(request, found, at, break_form=form)
    day = {"day": f"{form.cleaned_data['first_day']:%-d %B %Y}"}
    change = Change(
        **_of(found, "cohort-break", slug),
        title=_("The week from %(day)s is off") % day,
        button=_("Set it off"),
        done=_("The week from %(day)s is off. All later weeks come seven days later.") % day,
        make=partial(moving.set_break, found, by=request.user, at=at, **form.cleaned_data),
        sent=form.cleaned_data | {"first_day": form.cleaned_data["first_day"].isoformat()},
    )
    return seen_or_made(request, change, found.enrolments.active(), found, at=at)


@office
@posted("cohort")
def drop_break(request: OfficeRequest, slug: str, pk: int, *, at: datetime) -> HttpResponse:
    """The week takes place after all."""
    found = _found(request, slug)
    week_off = get_object_or_404(BreakWeek.objects.select_related("cohort"), cohort=found, pk=pk)
    day = {"day": f"{week_off.first_day:%-d %B %Y}"}
    change = Change(
        **_of(found, "cohort-break-drop", slug, pk),
        title=_("The week from %(day)s takes place after all") % day,
        button=_("Take it back"),
        done=_("The week from %(day)s takes place after all.") % day,
        make=partial(moving.drop_break, week_off, by=request.user, at=at),
    )
    return seen_or_made(request, change, found.enrolments.active(), found, at=at)


@office
@posted("cohort")
def shift(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Everything still to come lies some days later or earlier."""
    found, form = _found(request, slug), ShiftForm(request.POST)
    if not form.is_valid():
        return _again(request, found, at, shift_form=form)
    days = {"days": f"{form.cleaned_data['days']:+}"}
    change = Change(
        **_of(found, "cohort-shift", slug),
        title=_("Everything to come moves by %(days)s days") % days,
        button=_("Move it"),
        done=_("Everything to come has moved by %(days)s days.") % days,
        make=partial(moving.shift, found, by=request.user, at=at, **form.cleaned_data),
        sent=form.cleaned_data,
    )
    return seen_or_made(request, change, found.enrolments.active(), found, at=at)


@office
@posted("cohort")
def pause(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Nothing is sent until it goes on."""
    found, form = _found(request, slug), ReasonForm(request.POST)
    if not form.is_valid():
        return _again(request, found, at, pause_form=form)
    change = Change(
        **_of(found, "cohort-pause", slug),
        title=_("%(name)s stands still") % {"name": found},
        button=_("Pause the cohort"),
        done=_("%(name)s is paused. Nothing is sent until you let it go on.") % {"name": found},
        make=partial(pausing.pause, found, by=request.user, at=at, **form.cleaned_data),
        sent=form.cleaned_data,
    )
    return seen_or_made(request, change, found.enrolments.active(), found, at=at)


@office
@posted("cohort")
def resume(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """It goes on: everything still to come has moved by the days it stood still."""
    found = _found(request, slug)
    change = Change(
        **_of(found, "cohort-resume", slug),
        title=_("%(name)s goes on") % {"name": found},
        button=_("Let the cohort go on"),
        done=_("%(name)s goes on. Everything still to come has moved by the days it stood still.") % {"name": found},
        make=partial(pausing.resume, found, by=request.user, at=at),
        since=roster.paused_since(found),
    )
    return seen_or_made(request, change, found.enrolments.active(), found, at=at)


@office
@posted("cohort")
def arrange(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """When its live sessions are: those to come are planned, or follow."""
    found, form = _found(request, slug), RuleForm(request.POST)
    try:
        if form.is_valid():
            change = Change(
                **_of(found, "cohort-arrange", slug) | _sessions_of(found),
                title=_("The live sessions of %(name)s are at another time") % {"name": found},
                button=_("Set it"),
                done=_("The live sessions of %(name)s stand as you said.") % {"name": found},
                make=partial(convening.arrange, found, **form.cleaned_data, by=request.user, at=at),
                sent=as_sent(request.POST, *form.fields),
            )
            return seen_or_made(request, change, found.enrolments.active(), found, at=at)
    except convening.NotLikeThis as refusal:
        form.add_error(refusal.field, refusal)
    return _again(request, found, at, rule_form=form)


@office
@posted("cohort")
def withdraw(request: OfficeRequest, slug: str, pk: int, *, at: datetime) -> HttpResponse:
    """A client leaves: messages stop, what they handed in stays readable to them."""
    found, form = _found(request, slug), ReasonForm(request.POST)
    enrolment = get_object_or_404(Enrolment.objects.select_related("client"), cohort=found, pk=pk)
    name, reason = {"name": enrolment.client}, form.cleaned_data["reason"] if form.is_valid() else ""
    change = Change(
        **_of(found, "cohort-withdraw", slug, pk),
        title=_("%(name)s leaves this cohort") % name,
        button=_("Withdraw %(name)s") % name,
        done=_("%(name)s has left this cohort.") % name,
        make=partial(joining.withdraw, enrolment, by=request.user, at=at, reason=reason),
        sent={"reason": reason},
    )
    return seen_or_made(request, change, [enrolment], found, at=at, reader=request.user)


# --- Inside ---------------------------------------------------------------------------------------


def _found(request: OfficeRequest, slug: str) -> Cohort:
    return get_object_or_404(roster.cohorts_set_up_by(request.user), slug=slug)


def _of(found: Cohort, name: str, *args: Any) -> dict[str, Any]:
    """Where a change of this cohort posts to, and where it leads back to."""
    return {"url": reverse(name, args=args), "back": reverse("cohort", args=[found.slug]), "home": found.name}


def _sessions_of(found: Cohort) -> dict[str, str]:
    """Where its live sessions stand."""
    return {"back": reverse("sessions", args=[found.slug]), "home": _("Sessions of %(cohort)s") % {"cohort": found}}


def _again(request: OfficeRequest, found: Cohort, at: datetime, **forms_: forms.Form) -> HttpResponse:
    """The cohort's page with what was typed."""
    return page_of(request, found, at, status=422, **forms_)
