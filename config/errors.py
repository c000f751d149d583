"""Every "no" of the house as an answer: a page, or problem+json with the same sentence and a code."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from curriculum.refusals import code_of, fields_of, sentence_of, status_of

PROBLEM = "application/problem+json"


# --- API ------------------------------------------------------------------------------------------


def problem(error: Exception, context: dict) -> Response | None:
    """DRF's exception handler: RFC 9457 problem details."""
    if isinstance(error, (PermissionDenied, ValidationError)) and not isinstance(error, exceptions.APIException):
        set_rollback()
        return _problem(status_of(error), code_of(error), sentence_of(error), fields_of(error), error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    response = exception_handler(error, context)
    if response is None:
        return None
    code, detail, fields = _of_the_framework(error)
    answer = _problem(response.status_code, code, detail, fields)
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in response.headers:
            answer.headers[name] = response.headers[name]
    return answer


def _of_the_framework(error: exceptions.APIException) -> tuple[str, str, dict[str, list[str]]]:
    if isinstance(error, exceptions.ValidationError):
        detail = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        fields = {name: [str(part) for part in (found if isinstance(found, list) else [found])] for name, found in detail.items()}
        return "input", _("Some fields need a look."), fields
    return str(getattr(error, "default_code", "error")), str(error.detail), {}


def _problem(code: int, name: str, detail: str, fields: dict[str, list[str]], error: Exception | None = None) -> Response:
    body = {"type": "about:blank", "title": _title(code), "status": code, "code": name, "detail": detail}
    if fields:
        body["errors"] = fields
    if extra := getattr(error, "extra", None):
        body |= extra()
    return Response(body, status=code, content_type=PROBLEM)


def _title(code: int) -> str:
    return {
        400: "Bad request", 401: "Not signed in", 403: "Not yours", 404: "Not found", 405: "Method not allowed",
        406: "Not acceptable", 409: "Not now", 415: "Unsupported media type", 422: "Not yet complete", 429: "Too many requests",
    }.get(code, status.HTTP_500_INTERNAL_SERVER_ERROR and "Error")


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
        return None

    respond.process_exception = process_exception
    return respond


def bad_request(request, exception=None):
    return render(request, "errors/400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "errors/403.html", {"sentence": str(exception or "")}, status=403)


def not_found(request, exception=None):
    return render(request, "errors/404.html", status=404)


def broken(request):
    """Says nothing of what happened but a reference that is in the log as well."""
    reference = uuid.uuid4().hex[:8]
    return render(request, "errors/500.html", {"reference": reference}, status=500)


def csrf_failed(request, reason=""):
    return render(request, "errors/403_csrf.html", status=403)
