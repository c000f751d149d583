"""What a sponsor sees: how many take part, and what was released to them. To everybody else it is not there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clients.models import User
from coaching import releases, sponsorships
from curriculum import clock


@require_safe
def sponsor(request: HttpRequest) -> HttpResponse:
    """The cohorts somebody is a sponsor of, in numbers of ten or more, and the copies released to them."""
    assert isinstance(request.user, User)
    at = clock.now()
    found = sponsorships.participation(request.user, at=at)
    if not found:
        raise Http404
    return render(
        request,
        "coaching/sponsor.html",
        {"cohorts": found, "released": list(releases.to_sponsor(request.user)), "at": at},
    )
