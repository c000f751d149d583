"""What every page of a coach starts from: the clock, read once, and what was sent a moment ago."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import User
from coaching import caseload, feedbacks
from curriculum import clock
from curriculum.prepared import Asked

View = Callable[..., HttpResponse]


class CoachRequest(HttpRequest):
    """A request after the sign-in wall: somebody is always there."""

    user: User
    at: datetime  # the instant the page was asked for
    waiting: int | None  # how many pieces wait, as `caseload.waiting_count` says it, where the page has read them


def desk(view: View) -> View:
    """Hands the view the present instant as `at`."""

    @wraps(view)
    def at_the_desk(request: CoachRequest, *args, **kwargs) -> HttpResponse:
        request.at = clock.now()
        return view(request, *args, at=request.at, **kwargs)

    return at_the_desk


def posted(view: View) -> View:
    """For addresses that only take posts. Who comes back to one from the sign-in page is sent on to the piece."""

    @wraps(view)
    def post_only(request: CoachRequest, pk: int, **kwargs) -> HttpResponse:
        if request.method != "POST":
            get_object_or_404(caseload.handed_to(request.user, at=clock.now()), pk=pk)
            return redirect("review", pk=pk)
        return view(request, pk, **kwargs)

    return post_only


def asks_toast(request: CoachRequest) -> tuple[Asked, ...]:
    """What `toast` asks, for a page that asks more at once."""
    number = _sent(request)
    return () if number is None else (feedbacks.asks_sent(request.user, number),)


def _sent(request: CoachRequest) -> int | None:
    number = request.GET.get("sent", "")
    return int(number) if number.isascii() and number.isdecimal() else None


def toast(request: CoachRequest, *, at: datetime) -> dict[str, Any] | None:
    """What was sent, as the address says, with the way back: the coach's own, and only while there is one."""
    number = _sent(request)
    sent = feedbacks.sent(request.user, number) if number is not None else None
    if sent is None or at >= sent.shown_from:
        return None
    submission = sent.attempt.submission
    return {
        "text": _("Sent to %(name)s.") % {"name": submission.enrolment.client.first},
        "undo_url": reverse("review-undo", args=[submission.pk]),
        "seconds": int((sent.shown_from - at).total_seconds()) + 1,
    }


def which_cohort(request: CoachRequest, page: str, *, at: datetime) -> HttpResponse:
    """On to this page of one's only cohort, or the list of cohorts to choose from; 404 for whoever coaches none."""
    mine = list(caseload.coached_by(request.user).order_by("closed_at", "-starts_on", "name"))
    if not mine:
        raise Http404
    if len(mine) == 1:
        return redirect(page, slug=mine[0].slug)
    context = {"cohorts": mine, "today": timezone.localdate(at), "page": page}
    return render(request, "coaching/coach/boards.html", context)
