"""What every page of a client starts with: whose enrolment, which piece, and who may ask."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients import progress
from clients.models import Enrolment, Submission, User
from coaching import weekboard
from curriculum import clock

View = Callable[..., HttpResponse]


def posted(view: View) -> View:
    """For addresses that take posts only, and are posted to by scripts too.

    Signed out, a script gets 401 and keeps its text. A browser that comes here in another way, for instance
    from the sign-in page, goes on at the piece or at the lesson itself.
    """

    @login_not_required
    @wraps(view)
    def check(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs) if request.method == "POST" else redirect(_page_of(request, kwargs))
        if is_script(request):
            return JsonResponse({"code": "signed_out", "detail": _("Sign in to go on.")}, status=401)
        return redirect_to_login(_page_of(request, kwargs))

    return check


def _page_of(request: HttpRequest, kwargs: dict) -> str:
    """The page that posts here: named in PAGES with the same arguments, else the piece or the lesson."""
    named = PAGES.get(request.resolver_match.url_name or "")
    if named:
        return address(request, named[0], *(kwargs[name] for name in named[1:]))
    return address(request, "work" if "key" in kwargs else "lesson", *kwargs.values())


# Where an address that takes posts only is posted to from: the page's name and which of the arguments it takes.
PAGES = {
    "agreement-accept": ("agreement",),
    "agreement-withdraw": ("agreement",),
    "assessment-save": ("assessment", "moment"),
    "assessment-finish": ("assessment", "moment"),
    "look-back": ("looking-back",),
    "conversation-read": ("conversation", "pk"),
    "feedback-reply": ("feedback-of", "key"),
    "feedback-used": ("feedback-of", "key"),
    "focus": ("this-week",),
    "finish-agree": ("finish",),
    "log-remove": ("log-meeting", "pk"),
    "call-book": ("my-call",),
    "call-move": ("my-call",),
    "call-cancel": ("my-call",),
    "call-focus": ("my-call",),
    "release-notes": ("my-releases",),
    "release-withdraw": ("my-releases",),
    "rater-withdraw": ("raters",),
    "session-decline": ("this-week",),
    "session-come": ("this-week",),
    "recording-part": ("work", "key"),
    "recording-remove": ("work", "key"),
    "receipt-withdraw": ("work", "key"),
    "receipt-mark": ("work", "key"),
    "transcript-ask": ("work", "key"),
    "transcript-keep": ("work", "key"),
    "ledger-remove": ("ledger-line", "pk"),
    "one-on-one-hold": ("one-on-one", "pk"),
    "one-on-one-action": ("one-on-one", "pk"),
    "one-on-one-remove": ("one-on-one", "pk"),
}


def is_script(request: HttpRequest) -> bool:
    """Whether a module of the page asks, and wants a part or JSON instead of a page."""
    return request.headers.get("X-Requested-With") == "XMLHttpRequest" or bool(request.headers.get("HX-Request"))


def person_of(request: HttpRequest) -> User:
    """Who is signed in; every page here needs somebody who is."""
    assert isinstance(request.user, User)
    return request.user


def now_of(request: HttpRequest) -> datetime:
    """The instant the page is asked for, read once; the frame shows what there is at the same one."""
    if "at" not in vars(request):
        vars(request)["at"] = clock.now()
    found: datetime = vars(request)["at"]
    return found


def enrolment_of(request: HttpRequest, *, dated: bool = True) -> Enrolment:
    """The enrolment the address means, or 404. What asks for no date asks for one that is not `dated`."""
    enrolment = weekboard.enrolment_of(person_of(request), request.GET.get("cohort"), dated=dated)
    if enrolment is None:
        raise Http404
    return enrolment


def piece_of(request: HttpRequest, key: str, *, dated: bool = True) -> Submission:
    """The person's own submission for an exercise of the enrolment the address means, or 404."""
    enrolment = enrolment_of(request, dated=dated)
    piece = progress.piece_of(enrolment, key)
    if piece is None:
        raise Http404
    piece.enrolment = enrolment
    return piece


def query_of(request: HttpRequest) -> str:
    """What links carry on, so that a person in two cohorts stays in the one they look at."""
    cohort = request.GET.get("cohort")
    return f"?{urlencode({'cohort': cohort})}" if cohort else ""


def address(request: HttpRequest, name: str, *args: object) -> str:
    """A page of the same cohort."""
    return reverse(name, args=args) + query_of(request)


def go_on(request: HttpRequest, where: str) -> HttpResponse:
    """To where it goes on after something was kept: a browser is sent there, a script is told."""
    return JsonResponse({"address": where}) if is_script(request) else redirect(where)


def page(
    request: HttpRequest, template: str, enrolment: Enrolment, context: dict, *, status: int = 200
) -> HttpResponse:
    """The template with what all of a client's pages know."""
    known = {"enrolment": enrolment, "coach": weekboard.coach_of(enrolment), "q": query_of(request)}
    return render(request, f"coaching/client/{template}", known | context, status=status)
