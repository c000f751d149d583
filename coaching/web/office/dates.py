"""Moving a cohort's dates: weeks off and shifts, with what they would do said before they are made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients import moving
from clients.models import BreakWeek, Cohort
from coaching import foreseeing, roster

from .cohorts import page_of
from .desk import OfficeRequest, office, posted
from .forms import BreakForm, ShiftForm


@dataclass(frozen=True)
class Change:
    """A change that can be looked at before it is made: where it posts to, with what, and in which words."""

    url: str
    sent: dict[str, Any]
    title: str
    done: str
    make: Callable[[], object]


@office
@posted("cohort")
def set_break(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """All later weeks come seven days later."""
    found, form = _found(request, slug), BreakForm(request.POST)
    if not form.is_valid():
        return _again(request, found, at, break_form=form)
    day = {"day": f"{form.cleaned_data['first_day']:%-d %B %Y}"}
    change = Change(
        reverse("cohort-break", args=[slug]),
        form.cleaned_data | {"first_day": form.cleaned_data["first_day"].isoformat()},
        _("The week from %(day)s is off") % day,
        _("The week from %(day)s is off. All later weeks come seven days later.") % day,
        partial(moving.set_break, found, by=request.user, at=at, **form.cleaned_data),
    )
    return _seen_or_made(request, found, change, at)


@office
@posted("cohort")
def drop_break(request: OfficeRequest, slug: str, pk: int, *, at: datetime) -> HttpResponse:
    """The week takes place after all."""
    found = _found(request, slug)
    week_off = get_object_or_404(BreakWeek.objects.select_related("cohort"), cohort=found, pk=pk)
    day = {"day": f"{week_off.first_day:%-d %B %Y}"}
    change = Change(
        reverse("cohort-break-drop", args=[slug, pk]),
        {},
        _("The week from %(day)s takes place after all") % day,
        _("The week from %(day)s takes place after all.") % day,
        partial(moving.drop_break, week_off, by=request.user, at=at),
    )
    return _seen_or_made(request, found, change, at)


@office
@posted("cohort")
def shift(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Everything still to come lies some days later or earlier."""
    found, form = _found(request, slug), ShiftForm(request.POST)
    if not form.is_valid():
        return _again(request, found, at, shift_form=form)
    days = {"days": f"{form.cleaned_data['days']:+}"}
    change = Change(
        reverse("cohort-shift", args=[slug]),
        form.cleaned_data,
        _("Everything to come moves by %(days)s days") % days,
        _("Everything to come has moved by %(days)s days.") % days,
        partial(moving.shift, found, by=request.user, at=at, **form.cleaned_data),
    )
    return _seen_or_made(request, found, change, at)


# --- Inside ---------------------------------------------------------------------------------------


def _found(request: OfficeRequest, slug: str) -> Cohort:
    return get_object_or_404(roster.cohorts_set_up_by(request.user), slug=slug)


def _seen_or_made(request: OfficeRequest, found: Cohort, change: Change, at: datetime) -> HttpResponse:
    """What it would do, with the button that does it; or done."""
    if request.POST.get("show") != "effect":
        change.make()
        messages.success(request, change.done)
        return redirect("cohort", slug=found.slug)
    people = found.enrolments.active()
    effect = foreseeing.foresee(change.make, people, found, at=at)
    return render(request, "coaching/office/effect.html", {"cohort": found, "change": change, "effect": effect})


def _again(request: OfficeRequest, found: Cohort, at: datetime, **forms_: forms.Form) -> HttpResponse:
    """The cohort's page with what was typed."""
    return page_of(request, found, at, status=422, **forms_)
