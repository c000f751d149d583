"""Moving a cohort's dates: weeks off, shifts, pauses, with what they would do said before they are made."""

from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from clients import moving, pausing
from clients.models import BreakWeek, Cohort
from coaching import roster
from coaching.web.seeing import Change, seen_or_made

from .cohorts import page_of
from .desk import OfficeRequest, office, posted
from .forms import BreakForm, ReasonForm, ShiftForm


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


# --- Inside ---------------------------------------------------------------------------------------


def _found(request: OfficeRequest, slug: str) -> Cohort:
    return get_object_or_404(roster.cohorts_set_up_by(request.user), slug=slug)


def _of(found: Cohort, name: str, *args: Any) -> dict[str, Any]:
    """Where a change of this cohort posts to, and where it leads back to."""
    return {"url": reverse(name, args=args), "back": reverse("cohort", args=[found.slug]), "home": found.name}


def _again(request: OfficeRequest, found: Cohort, at: datetime, **forms_: forms.Form) -> HttpResponse:
    """The cohort's page with what was typed."""
    return page_of(request, found, at, status=422, **forms_)
