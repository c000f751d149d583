"""Every "no" of the house as an answer: a page, or problem+json with the same sentence and a code."""

import logging
import sys
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable
from rest_framework import exceptions
from rest_framework.views import exception_handler, set_rollback

from curriculum.refusals import code_of, fields_of, sentence_of, status_of

PROBLEM = "application/problem+json"
logger = logging.getLogger(__name__)


# --- API ------------------------------------------------------------------------------------------

TITLES = {
    400: _("Not understood"),
    401: _("Not signed in"),
    403: _("Not yours"),
    404: _("Not here"),
    405: _("Not offered"),
    406: _("Not acceptable"),
    409: _("Not now"),
    413: _("Too large"),
    415: _("Unsupported media type"),
    422: _("Not yet complete"),
    429: _("Too many requests"),
    500: _("Something broke"),
    503: _("Not this second"),
}
BUSY = _("Somebody is changing this at this very moment. Nothing you sent was changed; try again in a few seconds.")
AWAY = _("Something this page needs does not answer right now. What you had saved is safe; try again in a minute.")
RETRY = {"Retry-After": "5"}
# What the framework says in its own words is said in ours.
SENTENCES = {
    exceptions.NotAuthenticated: _("Sign in first: send a token as “Authorization: Bearer …”."),
    exceptions.AuthenticationFailed: _("This token opens nothing; it has ended, or it was never one of ours."),
    exceptions.NotFound: _("There is nothing for you at this address. Every address ends in a slash."),
    exceptions.MethodNotAllowed: _("This address does not offer that method; “Allow” says what it offers."),
    exceptions.NotAcceptable: _("Answers are JSON; ask for application/json."),
    exceptions.UnsupportedMediaType: _("Send JSON, as application/json."),
    exceptions.ParseError: _("This is not JSON that can be kept. Have a look at its commas and its characters."),
    exceptions.Throttled: _("Too many tries. Wait a few minutes, then go on."),
}


def problem(error: Exception, context: dict) -> HttpResponse | None:
    """DRF's exception handler: RFC 9457 problem details, in JSON whatever was asked for."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, exceptions.APIException):
        return _of_the_framework(error, context)
    set_rollback()
    if _is_busy(error):
        return _problem(503, "busy", BUSY)
    if is_away(error):
        return _away_problem()
    if isinstance(error, RequestDataTooBig):
        return _problem(413, "too_large", _("This is larger than anything that is asked for here."))
    if isinstance(error, (PermissionDenied, ValidationError)):
        extra: dict[str, Any] = error.extra() if hasattr(error, "extra") else {}
        return _problem(status_of(error), code_of(error), sentence_of(error), fields_of(error), **extra)
    return None


def _is_busy(error: Exception) -> bool:
    """A row was held by somebody else for longer than anybody should wait."""
    return isinstance(error, OperationalError) and isinstance(error.__cause__, LockNotAvailable)


def is_away(error: BaseException | None) -> bool:
    """The database or the cache is not there, or does not answer: nobody's fault who asked."""
    if isinstance(error, (OperationalError, InterfaceError)):
        state = getattr(error.__cause__, "sqlstate", None) or "08"  # who lost the connection has no answer to quote
        return state.startswith(("08", "53", "57P"))
    return type(error).__module__ == "redis.exceptions"


def _away_problem() -> JsonResponse:
    answer = _problem(503, "away", AWAY)
    for name, value in RETRY.items():
        answer.headers[name] = value
    return answer


def _of_the_framework(error: exceptions.APIException, context: dict) -> HttpResponse:
    said: tuple[str, object, dict[str, list[str]]]
    if isinstance(error, exceptions.ValidationError):
        said = ("input", _("Some fields need a look."), _by_field(error.detail))
    else:
        said = (error.default_code, SENTENCES.get(type(error)) or error.detail, {})
    response = exception_handler(error, context)
    answer = _problem(response.status_code, *said)
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in response.headers:
            answer.headers[name] = response.headers[name]
    return answer


def _by_field(detail: Any) -> dict[str, list[str]]:
    """Field → sentences. A field inside another is named with a dot."""
    if not isinstance(detail, dict):
        return {"": [str(part) for part in detail]}
    found: dict[str, list[str]] = {}
    for name, parts in detail.items():
        inner = _by_field(parts) if isinstance(parts, dict) else {"": [str(part) for part in parts]}
        found |= {f"{name}.{key}" if key else str(name): sentences for key, sentences in inner.items()}
    return found


def _problem(
    status: int, code: str, detail: object, fields: dict[str, list[str]] | None = None, **extra: object
) -> JsonResponse:
    title = TITLES.get(status, TITLES[400])
    body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail, **extra}
    if fields:
        body["errors"] = fields
    return JsonResponse(body, status=status, content_type=PROBLEM, headers={"Cache-Control": "no-store"})


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


# --- Pages ----------------------------------------------------------------------------------------


def refusals(get_response):
    """A "no" that a view let through becomes a page with its sentence, never a traceback."""

    def respond(request):
        return get_response(request)

    def process_exception(request, error):
        if isinstance(error, ValidationError):
            code = status_of(error)
            context = {"sentence": sentence_of(error), "code": code_of(error)}
            return render(request, "errors/refused.html", context, status=code)
        if _is_busy(error):
            return render(request, "errors/refused.html", {"sentence": BUSY, "code": "busy"}, status=503)
        return away(request) if is_away(error) else None

    respond.process_exception = process_exception
    return respond


def bad_request(request, exception=None):
    if _is_api(request):
        return _problem(400, "bad_request", _("This request could not be understood."))
    return render(request, "errors/400.html", status=400)


def forbidden(request, exception=None):
    if _is_api(request):
        return _problem(403, "forbidden", str(exception or _("This belongs to someone else.")))
    return render(request, "errors/403.html", {"sentence": str(exception or "")}, status=403)


def not_found(request, exception=None):
    if _is_api(request):
        return _problem(404, exceptions.NotFound.default_code, SENTENCES[exceptions.NotFound])
    return render(request, "errors/404.html", status=404)


def away(request):
    """Without the frame of a page, which would ask what is away once more."""
    if _is_api(request):
        return _away_problem()
    words = render_to_string("errors/away.html", {"sentence": AWAY})
    return HttpResponse(words, status=503, headers=RETRY | {"Cache-Control": "no-store"})


def broken(request):
    """Says nothing of what happened but a reference that is in the log as well."""
    if is_away(sys.exc_info()[1]):
        return away(request)
    reference = uuid.uuid4().hex[:8]
    logger.error("reference %s: %s %s", reference, request.method, request.path)
    if _is_api(request):
        sentence = _("Something broke on our side. Nothing you sent was changed; the reference is %(reference)s.")
        return _problem(500, "broken", sentence % {"reference": reference})
    return render(request, "errors/500.html", {"reference": reference}, status=500)


def csrf_failed(request, reason=""):
    return render(request, "errors/403_csrf.html", status=403)
