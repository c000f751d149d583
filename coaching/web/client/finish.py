"""The end of the programme for one client: what is done, what stays open, and what they allow afterwards."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clients import deadlines, papers, progress
from clients.models import Enrolment
from coaching import certificates, check_ins, following, graduates, graduation, weekboard
from coaching.models import Consent
from coaching.web import pdf

from .finding import address, enrolment_of, now_of, page, person_of, posted

CASE = "w8-x1"
NAME = "certificate.pdf"
PAGES = {str(Consent.Scope.PULSE): "raters"}  # where something is agreed to, if not on the page of the end


@require_safe
def finish(request: HttpRequest) -> HttpResponse:
    """Before the end what finishing asks; afterwards what it came to."""
    enrolment, at = enrolment_of(request), now_of(request)
    has_finished = enrolment.state == Enrolment.State.COMPLETED
    standings = progress.standings(enrolment, at=at)
    context = {
        "has_finished": has_finished,
        "standing": graduation.of(enrolment, at=at),
        "over_at": graduates.over_at(enrolment.cohort, at=at),
        "record_until": deadlines.record_closes_at(enrolment) if has_finished else None,
        "charter": weekboard.charter_of(standings),
        "has_case": any(one.exercise.key == CASE for one in standings),
        "asks": has_finished and check_ins.has_questions(enrolment),
        "consent": check_ins.consent_of(enrolment),
        "words": check_ins.WORDS[Consent.Scope.CHECK_INS],
        "said": check_ins.of(enrolment, person_of(request)),
        "at": at,
    }
    return page(request, "finish.html", enrolment, context | _certificate(enrolment))


def _certificate(enrolment: Enrolment) -> dict[str, Any]:
    """Its number, and what the PDF has no letters for; empty while there is none."""
    found = certificates.of(enrolment)
    if found is None:
        return {}
    return {
        "certificate": found,
        "missing": papers.of_certificate(certificates.award(found, enrolment)).missing,
        "is_open": check_ins.consent_of(enrolment, Consent.Scope.CERTIFICATE),
        "address": certificates.address_of(found),
        "open_words": check_ins.WORDS[Consent.Scope.CERTIFICATE],
    }


@require_safe
def certificate_pdf(request: HttpRequest) -> HttpResponse:
    """One's own, to keep; 404 for whoever has not finished."""
    enrolment = enrolment_of(request)
    found = certificates.of(enrolment)
    if found is None:
        raise Http404
    return pdf.answer(papers.of_certificate(certificates.award(found, enrolment)), NAME)


@posted
def agree(request: HttpRequest) -> HttpResponse:
    """Allowing something, or taking it back."""
    enrolment, scope = enrolment_of(request), request.POST.get("scope", "")
    if scope not in Consent.Scope.values:
        raise Http404
    by, at = person_of(request), now_of(request)
    if request.POST.get("agree") == "no":
        following.withdraw(enrolment, scope, by=by, at=at)
        messages.success(request, _("It is off from now on."))
    else:
        following.agree(enrolment, scope, by=by, at=at)
        messages.success(request, _("Thank you. You can take it back here at any time."))
    return redirect(address(request, PAGES.get(scope, "finish")))
