"""What every page of the office starts from: an admin, the clock, the admin's own time."""

from collections.abc import Callable
from functools import wraps
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from clients.models import User
from coaching import caseload
from curriculum import clock

View = Callable[..., HttpResponse]


class OfficeRequest(HttpRequest):
    """A request as the office sees it: whoever is not signed in was stopped before."""

    user: User  # type: ignore[assignment]  # never anonymous here
    htmx: HtmxDetails


def office(view: View) -> View:
    """For admins; for everybody else there is nothing here. Hands the view the present instant as `at`."""

    @wraps(view)
    def in_the_office(request: OfficeRequest, *args, **kwargs) -> HttpResponse:
        if not caseload.is_admin(request.user):
            raise Http404
        with timezone.override(ZoneInfo(request.user.zone)):
            return view(request, *args, at=clock.now(), **kwargs)

    return in_the_office


def posted(home: str) -> Callable[[View], View]:
    """For addresses that only take posts: whoever comes back to one from the sign-in page goes to `home`."""

    def to_posts(view: View) -> View:
        @wraps(view)
        def post_only(request: OfficeRequest, *args, **kwargs) -> HttpResponse:
            if request.method != "POST":
                return redirect(home, slug=kwargs["slug"]) if "slug" in kwargs else redirect(home)
            return view(request, *args, **kwargs)

        return post_only

    return to_posts
