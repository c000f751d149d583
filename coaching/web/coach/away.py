"""A coach goes away: who reads meanwhile, for their coach and for admins; and the handover for whoever does."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients.models import Cohort
from coaching import caseload, handovers, substituting, substitutions
from curriculum import refusals

from .away_form import AwayForm
from .desk import CoachRequest, desk


@require_safe
@desk
def everywhere(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """The only cohort one coaches, or each of them with who is away; 404 for whoever coaches nobody."""
    mine = list(caseload.coached_by(request.user).order_by("closed_at", "-starts_on", "name"))
    if not mine:
        raise Http404
    if len(mine) == 1:
        return redirect("away", slug=mine[0].slug)
    windows = list(substitutions.ahead(request.user, at=at))
    rows = [(cohort, [one for one in windows if one.cohort_id == cohort.pk]) for cohort in mine if not cohort.closed_at]
    free = [cohort for cohort, found in rows if not found]
    first = next(iter(substitutions.where_somebody_could(free) or free), None)
    return render(request, "coaching/coach/away_where.html", {"rows": rows, "first": first, "at": at})


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def away(request: CoachRequest, slug: str, *, at: datetime) -> HttpResponse:
    """The windows of a cohort, and a new one: of oneself, or as an admin of any of its coaches."""
    cohort = get_object_or_404(caseload.boards_visible_to(request.user), slug=slug)
    form = AwayForm(request.POST if request.method == "POST" else None, cohort=cohort, by=request.user)
    if request.method != "POST":
        return _page(request, cohort, form, at)
    if not form.is_valid():
        return _page(request, cohort, form, at, status=422)
    try:
        window = substituting.set_window(cohort, by=request.user, at=at, **form.cleaned_data)
    except ValidationError as refusal:
        return _page(request, cohort, form, at, refusal=refusal, status=refusals.status_of(refusal))
    named = {"name": window.substitute, "away": window.away}
    messages.success(request, _("%(name)s reads for %(away)s in that time. Everybody concerned is told.") % named)
    return redirect("away", slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def call_off(request: CoachRequest, slug: str, pk: int, *, at: datetime) -> HttpResponse:
    """The colleague stops reading with the next request."""
    cohort = get_object_or_404(caseload.boards_visible_to(request.user), slug=slug)
    window = get_object_or_404(substitutions.visible_to(request.user).select_related("away"), cohort=cohort, pk=pk)
    if request.method == "POST":
        substituting.call_off(window, by=request.user, at=at)
        messages.success(request, _("Nobody stands in any more. Whoever was told of it hears that it is off."))
    return redirect("away", slug=slug)


@require_safe
@desk
def handover(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """What is open, agreed and to be known. For whoever stands in only while they do."""
    window = get_object_or_404(substitutions.briefs_visible_to(request.user, at=at), pk=pk)
    context = {"brief": handovers.of(window, at=at), "window": window, "at": at}
    return render(request, "coaching/coach/handover.html", context)


def _page(
    request: CoachRequest,
    cohort: Cohort,
    form: AwayForm,
    at: datetime,
    *,
    refusal: ValidationError | None = None,
    status: int = 200,
) -> HttpResponse:
    coaches = caseload.coaches(request.user, cohort)
    context = {
        "cohort": cohort,
        "windows": list(substitutions.of_cohort(cohort, at=at)),
        "form": form,
        "coaches": coaches,
        "is_offered": substitutions.offered(cohort).exists(),
        "refusal": refusal,
        "at": at,
        "sees_all": caseload.is_admin(request.user),
    }
    return render(request, "coaching/coach/away.html", context, status=status)
