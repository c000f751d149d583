"""What every page of a client starts with: whose enrolment, which piece, in whose time."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients import progress
from clients.models import Enrolment, Submission
from coaching import weekboard

View = Callable[..., HttpResponse]


def own_time(view: View) -> View:
    """Every time on the page is in the person's own zone."""

    @wraps(view)
    def in_zone(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        with timezone.override(ZoneInfo(request.user.zone)):
            return view(request, *args, **kwargs)

    return in_zone


def for_scripts(view: View) -> View:
    """Signed in or not found out: a script gets 401 and keeps its text, a browser gets the sign-in page.

    Afterwards the browser goes on at the piece itself, because these addresses take posts only.
    """

    @login_not_required
    @wraps(view)
    def check(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if is_script(request):
            return JsonResponse({"code": "signed_out", "detail": _("Sign in to go on.")}, status=401)
        return redirect_to_login(reverse("work", args=[kwargs["key"]]) if "key" in kwargs else reverse("home"))

    return check


def is_script(request: HttpRequest) -> bool:
    """Whether a module of the page asks, and wants a part or JSON instead of a page."""
    return request.headers.get("X-Requested-With") == "XMLHttpRequest" or bool(request.headers.get("HX-Request"))


def enrolment_of(request: HttpRequest) -> Enrolment:
    """The enrolment the address means, or 404."""
    enrolment = weekboard.enrolment_of(request.user, request.GET.get("cohort"))
    if enrolment is None:
        raise Http404
    return enrolment


def piece_of(request: HttpRequest, key: str) -> Submission:
    """The person's own submission for an exercise of the enrolment the address means, or 404."""
    enrolment = enrolment_of(request)
    piece = get_object_or_404(progress.submissions_of(enrolment), exercise__key=key)
    piece.enrolment = enrolment
    return piece


def query_of(request: HttpRequest) -> str:
    """What links carry on, so that a person in two cohorts stays in the one they look at."""
    cohort = request.GET.get("cohort")
    return f"?{urlencode({'cohort': cohort})}" if cohort else ""


def address(request: HttpRequest, name: str, *args: object) -> str:
    """A page of the same cohort."""
    return reverse(name, args=args) + query_of(request)


def page(
    request: HttpRequest, template: str, enrolment: Enrolment, context: dict, *, status: int = 200
) -> HttpResponse:
    """The template with what all of a client's pages know."""
    known = {"enrolment": enrolment, "coach": weekboard.coach_of(enrolment), "q": query_of(request)}
    return render(request, f"coaching/client/{template}", known | context, status=status)
