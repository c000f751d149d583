"""Rating clients: a grid of a cohort at one time, and one client with the anchors beside; never what they said."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from clients import deadlines
from clients.models import Cohort, Enrolment
from coaching import caseload, rating
from coaching import ratings as beside
from coaching.models.rating import LONGEST
from curriculum import refusals
from curriculum.questionnaires import POINTS, CoachRating, Item

from .desk import CoachRequest, desk, which_cohort

KEYS = (
    {"keys": ("1", "–", "5"), "label": gettext_lazy("the point of the competency in hand")},
    {"keys": ("↑", "↓"), "label": gettext_lazy("competency before, after")},
)


@dataclass(frozen=True)
class Asked:
    """One competency as the form asks for it: what was typed, and what stands in its way."""

    item: Item
    points: tuple[tuple[int, str], ...]
    point: str
    evidence: str
    problems: tuple[str, ...]


@require_safe
@desk
def everywhere(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """The ratings of one's only cohort, or the list of cohorts; 404 for whoever coaches none."""
    return which_cohort(request, "ratings", at=at)


@require_safe
@desk
def ratings(request: CoachRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Clients by competencies, at the time that is open or at the one asked for."""
    cohort, asked = _cohort(request, slug)
    keys = [time.key for time in asked.times]
    begun = [time.key for time in asked.times if beside.opens_at(cohort, time, at=at) <= at]
    shown = request.GET.get("time", begun[-1] if begun else keys[0])
    if shown not in keys:
        raise Http404
    rows = beside.grid(cohort, request.user, shown)
    is_open = beside.is_open(cohort, asked, shown, at=at) and not cohort.is_closed
    context = {
        "cohort": cohort,
        "asked": asked,
        "time": asked.time(shown),
        "opens_at": beside.opens_at(cohort, asked.time(shown), at=at),
        "is_open": is_open,
        "rows": rows,
        "next": next((row for row in rows if not row.is_rated), None) if is_open else None,
        "left": sum(not row.is_rated for row in rows),
        "at": at,
    }
    return render(request, "coaching/coach/ratings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def rate(request: CoachRequest, slug: str, moment: str, pk: int, *, at: datetime) -> HttpResponse:
    """One client: five anchored points a competency, and what was seen. A post saves it and goes on to the next."""
    cohort, asked = _cohort(request, slug)
    enrolment = get_object_or_404(beside.rated_by(request.user).filter(cohort=cohort), pk=pk)
    enrolment.cohort = cohort
    if moment not in [time.key for time in asked.times]:
        raise Http404
    if request.method != "POST":
        refusal = rating.rate_refusal(enrolment, moment, by=request.user, at=at)
        return _form(request, enrolment, asked, moment, refusal=refusal)
    try:
        rating.rate(enrolment, moment, given=_sent(request, asked), by=request.user, at=at)
    except (rating.CannotRate, rating.Unfinished) as refusal:
        return _form(request, enrolment, asked, moment, refusal=refusal, status=refusals.status_of(refusal))
    messages.success(
        request, _("%(name)s is rated. What they said themselves is on their page now.") % _named(enrolment)
    )
    following = next((row for row in beside.grid(cohort, request.user, moment) if not row.is_rated), None)
    if following:
        return redirect("rate", slug=slug, moment=moment, pk=following.enrolment)
    return redirect("ratings", slug=slug)


# --- Inside ---------------------------------------------------------------------------------------


def _cohort(request: CoachRequest, slug: str) -> tuple[Cohort, CoachRating]:
    mine = caseload.coached_by(request.user).prefetch_related(*deadlines.OF_A_COHORT)
    cohort = get_object_or_404(mine, slug=slug)
    asked = beside.questionnaire_of(cohort)
    if asked is None:
        raise Http404
    return cohort, asked


def _named(enrolment: Enrolment) -> dict[str, str]:
    return {"name": str(enrolment.client)}


def _sent(request: CoachRequest, asked: CoachRating) -> dict[str, dict[str, str]]:
    keys = [item.competency for item in asked.items]
    return {key: {name: request.POST.get(f"{name}-{key}", "") for name in ("point", "evidence")} for key in keys}


def _form(
    request: CoachRequest,
    enrolment: Enrolment,
    asked: CoachRating,
    moment: str,
    *,
    refusal: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    problems = refusal.by_field if isinstance(refusal, rating.Unfinished) else {}
    context = {
        "cohort": enrolment.cohort,
        "enrolment": enrolment,
        "asked": asked,
        "time": asked.time(moment),
        "items": [_asked(request, item, problems.get(item.competency, [])) for item in asked.items],
        "refusal": None if problems else refusal,
        "is_typed": request.method == "POST",
        "problems": problems,
        "longest": LONGEST,
        "keys": KEYS,
    }
    return render(request, "coaching/coach/rate.html", context, status=status)


def _asked(request: CoachRequest, item: Item, problems: list[str]) -> Asked:
    key, points = item.competency, tuple((point, item.anchors.get(point, "")) for point in POINTS)
    typed = request.POST.get(f"point-{key}", ""), request.POST.get(f"evidence-{key}", "")
    return Asked(item, points, *typed, tuple(problems))
