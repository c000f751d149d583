"""The bell's page: what came, the newest first, each with the way to what it is about."""

from datetime import datetime

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from clients import notices, noticing
from curriculum import clock


@require_safe
def bell(request):
    """A page of it. What lost its reason since is taken out before anybody reads it."""
    at = clock.now()
    noticing.settle(person=request.user, at=at)
    after = request.GET.get("after", "")
    before = get_object_or_404(notices.of(request.user, at=at), pk=after) if after.isdecimal() else None
    found = notices.lines_of(request.user, at=at, after=before)
    context = {"found": found, "at": at, "until": at.isoformat(), "is_first": before is None}
    return render(request, "clients/notices.html", context)


@require_POST
def open_notice(request, pk):
    """It is read, and on to what it is about."""
    at = clock.now()
    notice = noticing.read(_own(request, pk, at), by=request.user, at=at)
    told = notices.told_of([notice], request.user, at=at)
    return redirect(told[notice.key].link or "notices")


@require_POST
def read_notice(request, pk):
    """It is read, and the list stays."""
    at = clock.now()
    noticing.read(_own(request, pk, at), by=request.user, at=at)
    return redirect("notices")


@require_POST
def read_all(request):
    """All that stood there when the page was made; what came since stays new."""
    noticing.read_all(request.user, at=clock.now(), until=_instant(request.POST.get("until", "")))
    return redirect("notices")


def _own(request, pk, at):
    return get_object_or_404(notices.of(request.user, at=at).select_related("cohort__edition"), pk=pk)


def _instant(sent: str) -> datetime | None:
    try:
        found = parse_datetime(sent)
    except ValueError:
        return None
    return found if found and found.tzinfo else None
