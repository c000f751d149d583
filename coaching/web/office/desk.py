"""What every page of the office starts from: an admin, the clock, the admin's own time."""

from collections.abc import Callable
from functools import wraps
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from coaching import caseload
from curriculum import clock

View = Callable[..., HttpResponse]


def office(view: View) -> View:
    """For admins; for everybody else there is nothing here. Hands the view the present instant as `at`."""

    @wraps(view)
    def in_the_office(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not caseload.is_admin(request.user):
            raise Http404
        with timezone.override(ZoneInfo(request.user.zone)):
            return view(request, *args, at=clock.now(), **kwargs)

    return in_the_office


def posted(home: str) -> Callable[[View], View]:
    """For addresses that only take posts: whoever comes back to one from the sign-in page goes to `home`."""

    def to_posts(view: View) -> View:
        @wraps(view)
        def post_only(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.method != "POST":
                return redirect(home, slug=kwargs["slug"]) if "slug" in kwargs else redirect(home)
            return view(request, *args, **kwargs)

        return post_only

    return to_posts
