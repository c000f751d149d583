"""API tokens: made with a password and, where it is on, a code; kept as hashes; listed without secrets.

A wrong address, a wrong password and a wrong code are one answer, and they count against the same limits
as signing in on the page: by network address and by e-mail address.
"""

from dataclasses import dataclass
from datetime import datetime

from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed, Throttled

from clients import recording
from clients.models import JournalEntry, User

MADE, ENDED = "made an API token", "ended an API token"
WAIT = 5 * 60  # seconds after which another try is worth it, as on the sign-in page
CODES = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


class NotSignedIn(AuthenticationFailed):
    """Which of the three was wrong is nobody's business."""

    default_code = "token.refused"
    default_detail = _("This address, password and code do not go together. Leave the code out where you use none.")


class TooManyTokens(ValidationError):
    """A person has a limited number of them."""


@dataclass(frozen=True)
class Token:
    """A token without its secret. `pk` is its public beginning; `secret` is there once, when it is made."""

    pk: str
    name: str
    created: datetime
    expiry: datetime
    secret: str = ""


def sign_in(request: HttpRequest, *, email: str, password: str, code: str) -> User:
    """The person these belong to. Raises NotSignedIn, or Throttled after too many wrong ones."""
    key = f"{get_current_site(request).domain}:{email.lower()}"
    usage = ratelimit.consume(request, app="allauth.account", action="login_failed", key=key)
    if not usage:
        raise Throttled(WAIT)
    person = authenticate(request, email=email, password=password)
    if not isinstance(person, User) or not _code_fits(person, code):
        raise NotSignedIn
    usage.rollback()
    return person


def _code_fits(person: User, code: str) -> bool:
    """Always so without a second step; with it, when the code is one of the app's or one to recover with."""
    if not is_mfa_enabled(person):
        return True
    for authenticator in Authenticator.objects.filter(user=person, type__in=CODES):
        if code and authenticator.wrap().validate_code(code):
            authenticator.record_usage()
            return True
    return False


@transaction.atomic
def make(person: User, *, name: str, at: datetime) -> Token:
    """A token, named so that its owner knows it again; the name is in the journal's line."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if AuthToken.objects.filter(user=person, expiry__gt=at).count() >= settings.REST_KNOX["TOKEN_LIMIT_PER_USER"]:
        raise TooManyTokens(_("You have as many tokens as one person may have. End one first."), code="token.too_many")
    row, secret = AuthToken.objects.create(person)
    token = Token(row.token_key, name, row.created, row.expiry, secret)
    recording.record(MADE, token, by=person, at=at, note=name)
    return token


def of(person: User, *, at: datetime) -> list[Token]:
    """The person's tokens that still open something, the newest first."""
    rows = AuthToken.objects.filter(user=person, expiry__gt=at).order_by("-created")
    made = JournalEntry.objects.filter(action=MADE, actor_id=person.pk).values_list("subject", "note")
    names = dict(made)
    return [Token(row.token_key, names.get(f"token:{row.token_key}", ""), row.created, row.expiry) for row in rows]


@transaction.atomic
def end(person: User, pk: str, *, at: datetime) -> bool:
    """From the next request on this token opens nothing. False where the person has no such token."""
    ended, _rows = AuthToken.objects.filter(user=person, token_key=pk).delete()
    if ended:
        recording.record(ENDED, f"token {pk}", by=person, at=at)
    return bool(ended)
