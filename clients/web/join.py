"""From an invitation to being in. Open to anyone who holds the link, and to nobody else."""

from datetime import datetime
from functools import wraps
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from clients import deadlines, invitations, joining
from clients.models import Enrolment, Invitation, User
from curriculum import clock
from curriculum.refusals import sentence_of

from .forms import JoinForm

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GONE, UNFINISHED, NOT_NOW = 410, 422, 409


def keeps_the_token(view):
    """The token in the address goes into no referrer, no cache and no log of ours."""

    @wraps(view)
    def quiet(request, token):
        response = view(request, token)
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers["Cache-Control"] = "no-store"
        response._has_been_logged = True  # Django logs the path of every answer from 400 on
        return response

    return quiet


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@sensitive_post_parameters("password")
@keeps_the_token
def join(request, token):
    at, invitation = clock.now(), invitations.find(token)
    if invitation is None:
        raise Http404
    if refusal := joining.accept_refusal(invitation, at=at):
        return _page(request, invitation, {"refusal": refusal}, at, status=GONE)
    if request.user.is_authenticated:
        return _as_member(request, invitation, request.user, at)
    if invitation.email and _has_account(invitation.email):
        return _page(request, invitation, {"sign_in": True, "here": request.path}, at)
    return _as_newcomer(request, invitation, at)


def _as_member(request: HttpRequest, invitation: Invitation, person: User, at: datetime) -> HttpResponse:
    """Somebody with an account: one button, or which account it takes."""
    is_other = bool(invitation.email) and person.email.lower() != invitation.email
    if request.method == "POST" and not is_other:
        try:
            joining.accept(invitation, person=person, at=at)
        except ValidationError as refusal:
            return _page(request, invitation, {"refusal": refusal}, at, status=NOT_NOW)
        return redirect("/")
    context = {"is_other": is_other, "here": request.path}
    return _page(request, invitation, context, at, status=NOT_NOW if request.method == "POST" else 200)


def _as_newcomer(request: HttpRequest, invitation: Invitation, at: datetime) -> HttpResponse:
    """Somebody without an account: make it, join and be signed in."""
    zone = invitation.zone or (invitation.cohort.zone if invitation.cohort else "UTC")
    data = request.POST if request.method == "POST" else None
    form = JoinForm(data, email=invitation.email, zone=zone, initial={"name": invitation.name})
    if not form.is_bound:
        return _page(request, invitation, {"form": form}, at)
    if not form.is_valid():
        return _page(request, invitation, {"form": form}, at, status=UNFINISHED)
    try:
        person = joining.accept_as_newcomer(invitation, at=at, **{"email": invitation.email} | form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, sentence_of(refusal))
        return _page(request, invitation, {"form": form}, at, status=UNFINISHED)
    _welcome(request, person)
    return redirect("/")


def _welcome(request: HttpRequest, person: User) -> None:
    """The link came by mail, so the address is theirs; they are signed in."""
    address = EmailAddress(user=person, email=person.email, verified=True, primary=True)
    setup_user_email(request, person, [address])
    login(request, person, backend=BACKEND)


def _has_account(email: str) -> bool:
    return User.objects.filter(email__iexact=email).exists()


def _page(request: HttpRequest, invitation: Invitation, context: dict, at: datetime, status: int = 200) -> HttpResponse:
    cohort = invitation.cohort
    zone = request.user.zone if request.user.is_authenticated else cohort.zone if cohort else "UTC"
    known = {"invitation": invitation, "cohort": cohort, "at": at}
    if cohort:
        plan = Enrolment(cohort=cohort)
        known |= {name: deadlines.opens_at(plan, week, at=at) for name, week in (("starts", 0), ("week_1", 1))}
    with timezone.override(ZoneInfo(zone)):
        return render(request, "clients/join.html", known | context, status=status)
