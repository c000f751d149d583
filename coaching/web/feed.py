"""One's calendar for a calendar program: the feed by its secret address, and making, renewing, switching that off."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients.models import User
from coaching import feeds, subscribing
from curriculum import clock

TYPE = "text/calendar; charset=utf-8"


def keeps_the_secret(view):
    """The address goes into no referrer, no cache, no search engine and no log of ours."""

    @wraps(view)
    def quiet(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response._has_been_logged = True  # Django logs the path of every answer from 400 on
        return response

    return quiet


@require_safe
@login_not_required
@keeps_the_secret
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The dates of whoever made the address; a wrong one, an old one and that of somebody who left are not there."""
    at = clock.now()
    person = feeds.find(token, at=at)
    if person is None:
        return HttpResponse(_("There is no calendar at this address."), status=404, content_type="text/plain")
    head = {"Content-Disposition": 'inline; filename="across.ics"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(feeds.text(person, at=at), content_type=TYPE, headers=head)


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Whether there is an address and since when; a post makes one or renews it, and shows it this once."""
    person, at = _person(request), clock.now()
    if request.method != "POST" and not feeds.has_dates(person, at=at):
        raise Http404
    link = ""
    if request.method == "POST":
        token = subscribing.subscribe(by=person, at=at)
        link = request.build_absolute_uri(reverse("feed", args=[token]))
    context = {"address": feeds.address_of(person), "link": link, "webcal": _webcal(link), "at": at}
    return render(request, "coaching/calendar_address.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def switch_off(request: HttpRequest) -> HttpResponse:
    """The address opens nothing from now on."""
    if request.method == "POST":
        subscribing.switch_off(by=_person(request), at=clock.now())
        messages.success(request, _("The address is switched off. What it showed stays in calendars until they ask."))
    return redirect("calendar-address")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _webcal(link: str) -> str:
    """The address as calendar programs are opened by it."""
    return f"webcal://{link.partition('://')[2]}" if link else ""
