"""Who has opened one's own record for a reason, and what they read of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clients.models import User
from coaching import inspections


def who_read_mine(request: HttpRequest) -> HttpResponse:
    """Every time, the latest first; for whoever was never read, one sentence."""
    assert isinstance(request.user, User)
    return render(request, "coaching/read_mine.html", {"rows": inspections.of_client(request.user)})
