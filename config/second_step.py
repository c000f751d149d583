"""Where it is required, coaches and admins have a second step of signing in: without one they see nothing else.

`REQUIRE_SECOND_STEP` switches it on. A page leads to setting the step up; the API says so.
"""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from config import shell

# Setting it up, saying once more who one is, signing out; what programs ask is answered by them.
OPEN = ("/account/2fa/", "/account/reauthenticate/", "/account/logout/", "/healthz", "/readyz", "/api/")
WORDS = "Your role needs a second step of signing in. Set it up now; until then nothing else opens."


def is_missing(request: HttpRequest) -> bool:
    """Whether whoever asks has to have one and has none. No query where it is not required."""
    if not settings.REQUIRE_SECOND_STEP or not request.user.is_authenticated:
        return False
    roles = shell.roles_of(request)
    return (roles.coach or roles.admin or roles.lead) and not is_mfa_enabled(request.user)


def required(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def respond(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN) or not is_missing(request):
            return get_response(request)
        messages.warning(request, _(WORDS))
        return redirect("mfa_index")

    return respond


class HasSecondStep(BasePermission):
    """The same for programs, whether they come with a session or a token."""

    code = "second_step.missing"

    @property
    def message(self) -> str:
        return _(WORDS)

    def has_permission(self, request: Request, view: Any) -> bool:
        inner = request._request
        inner.user = request.user
        return not is_missing(inner)
