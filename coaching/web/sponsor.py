"""What a sponsor sees: reports handed to them, how many take part, and what was released to them.

To everybody else it is not there; an admin reads a report as its sponsor does."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clients.models import User
from coaching import handouts, participation, releases
from coaching.models import Handout
from curriculum import clock

from . import frozen

KINDS = ("pdf", "csv")


@require_safe
def sponsor(request: HttpRequest) -> HttpResponse:
    """The cohorts somebody is a sponsor of, in numbers of ten or more, and the copies released to them."""
    assert isinstance(request.user, User)
    at = clock.now()
    found = participation.of_sponsor(request.user, at=at)
    if not found:
        raise Http404
    return render(
        request,
        "coaching/sponsor.html",
        {
            "cohorts": found,
            "reports": list(handouts.to_sponsor(request.user)),
            "released": list(releases.to_sponsor(request.user)),
            "at": at,
        },
    )


@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """A snapshot that was handed to them, as it was frozen."""
    found = _handout(request, pk)
    context = {"handout": found, "snapshot": found.snapshot, "at": clock.now(), **frozen.context(found.snapshot)}
    return render(request, "coaching/report.html", context)


@require_safe
def report_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The same numbers, to take along."""
    return frozen.file(_handout(request, pk).snapshot, kind, kinds=KINDS)


def _handout(request: HttpRequest, pk: int) -> Handout:
    assert isinstance(request.user, User)
    return get_object_or_404(handouts.visible_to(request.user), pk=pk)
