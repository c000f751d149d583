"""The end of a cohort: who has done what is asked, confirming that they have finished, and taking it back."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients import closing
from clients.models import Cohort, Enrolment
from coaching import graduates, graduating, roster
from coaching.web.coach.desk import CoachRequest
from coaching.web.seeing import Change, seen_or_made

from .desk import OfficeRequest, office
from .waivers import found_of


@office
def graduations(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Everybody in the cohort; a post finishes whoever is ready."""
    cohort = get_object_or_404(roster.cohorts_set_up_by(request.user), slug=slug)
    everybody = graduates.of_cohort(cohort, at=at)
    if request.method == "POST":
        return _all(request, cohort, everybody, at)
    context = {
        "cohort": cohort,
        "over_at": graduates.over_at(cohort, at=at),
        "refusal": graduating.cohort_refusal(cohort, at=at),
        "ready": [one for one in everybody if one.is_ready],
        "going_on": [one for one in everybody if not one.is_ready and not one.has_finished],
        "finished": [one for one in everybody if one.has_finished],
        "close_refusal": closing.close_refusal(cohort),
        "at": at,
    }
    return render(request, "coaching/office/graduations.html", context)


def _all(request: OfficeRequest, cohort: Cohort, everybody: list[graduates.Candidate], at: datetime) -> HttpResponse:
    names = [one.name for one in everybody if one.is_ready]
    told = {"names": ", ".join(names), "n": len(names)}
    change = Change(
        url=reverse("graduations", args=[cohort.slug]),
        back=reverse("graduations", args=[cohort.slug]),
        home=_("Graduation of %(cohort)s") % {"cohort": cohort},
        title=ngettext("%(names)s has finished", "%(n)s people have finished: %(names)s", len(names)) % told,
        button=_("Confirm it"),
        done=_("Confirmed: %(names)s.") % told,
        make=partial(graduating.graduate_all, cohort, by=request.user, at=at),
    )
    return seen_or_made(request, change, [one.enrolment for one in everybody if one.is_ready], cohort, at=at)


@office
def close(request: OfficeRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Nothing of the cohort goes on."""
    cohort = get_object_or_404(roster.cohorts_set_up_by(request.user), slug=slug)
    if request.method != "POST":
        return redirect("graduations", slug=slug)
    change = Change(
        url=reverse("cohort-close", args=[slug]),
        back=reverse("graduations", args=[slug]),
        home=_("Graduation of %(cohort)s") % {"cohort": cohort},
        title=_("%(cohort)s is closed") % {"cohort": cohort},
        button=_("Close the cohort"),
        done=_("%(cohort)s is closed. What was handed in stays readable.") % {"cohort": cohort},
        make=partial(closing.close, cohort, by=request.user, at=at),
    )
    return seen_or_made(request, change, cohort.enrolments.active(), cohort, at=at)


@office
def graduate(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """One client has finished."""
    return _of_one(
        request,
        pk,
        "client-graduate",
        graduating.graduate,
        at=at,
        title=_("%(name)s has finished"),
        button=_("Confirm it"),
        done=_("%(name)s has finished. Nothing reminds them from now on."),
    )


@office
def take_back(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """They have not, after all."""
    return _of_one(
        request,
        pk,
        "client-graduation-back",
        graduating.take_back,
        at=at,
        title=_("%(name)s has not finished after all"),
        button=_("Take it back"),
        done=_("%(name)s goes on where they were."),
    )


def _of_one(
    request: CoachRequest,
    pk: int,
    url: str,
    act: Callable[..., Enrolment],
    *,
    at: datetime,
    title: str,
    button: str,
    done: str,
) -> HttpResponse:
    """Seen first, then done to one client. The words name them."""
    found = found_of(request, pk)
    if request.method != "POST":
        return redirect("client-dates", pk=pk)
    told = {"name": found.client}
    change = Change(
        url=reverse(url, args=[pk]),
        back=reverse("client-dates", args=[pk]),
        home=_("Dates of %(name)s") % told,
        title=title % told,
        button=button,
        done=done % told,
        make=partial(act, found, by=request.user, at=at),
    )
    return seen_or_made(request, change, [found], found.cohort, at=at)
