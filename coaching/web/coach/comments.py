"""The comment bank: the programme's starter lines, one's own, and what colleagues share."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from clients.models import User
from coaching import bank, banking, caseload
from curriculum import refusals
from curriculum.models import Edition

from .desk import CoachRequest, desk
from .forms import LineForm


def edition_of(coach: User) -> Edition:
    """The newest edition of the cohorts somebody coaches; 404 for whoever coaches none."""
    found = caseload.coached_by(coach).select_related("edition").order_by("-edition__number", "-pk").first()
    if found is None:
        raise Http404
    return found.edition


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def comments(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """All lines with what came of them, and a form for one more."""
    edition = edition_of(request.user)
    form = LineForm(bank.criteria(edition), request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, edition, form, status=422 if form.is_bound else 200)
    try:
        banking.add(**form.cleaned_data, by=request.user, at=at)
    except banking.CannotKeep as refusal:
        form.add_error(refusal.field, refusal)
        return _page(request, edition, form, status=refusals.status_of(refusal))
    return redirect("comments")


@require_POST
@desk
def share(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Let colleagues use a line, or nobody else any more."""
    banking.share(_own(request, pk), shared=request.POST.get("shared") == "yes", by=request.user, at=at)
    return redirect("comments")


@require_POST
@desk
def drop(request: CoachRequest, pk: int, *, at: datetime) -> HttpResponse:
    """Take a line out of the bank."""
    banking.drop(_own(request, pk), by=request.user, at=at)
    return redirect("comments")


def _own(request: CoachRequest, pk: int):
    return get_object_or_404(bank.visible_to(request.user), pk=pk)


def _page(request: CoachRequest, edition: Edition, form: LineForm, *, status: int) -> HttpResponse:
    lines = bank.lines(request.user, edition)
    sides = [(kind, [line for line in lines if line.kind == kind]) for kind in ("keep", "try")]
    return render(request, "coaching/coach/comments.html", {"sides": sides, "form": form}, status=status)
