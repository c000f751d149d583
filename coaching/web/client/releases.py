"""What a client releases to whoever pays: looking at a copy as the sponsor would, releasing it, taking it back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients.models import Enrolment
from coaching import check_ins, following, releases, releasing, sponsorships
from coaching.models import Consent
from coaching.releases import Copy
from curriculum.refusals import sentence_of, status_of

from .finding import address, enrolment_of, now_of, page, person_of, posted

SCOPE = Consent.Scope.SPONSOR_NOTES


@require_safe
def my_releases(request: HttpRequest) -> HttpResponse:
    """What stands released, what was taken back, and everything there is to release."""
    enrolment, at = enrolment_of(request, dated=False), now_of(request)
    context = {
        "released": list(releases.of(enrolment)),
        "offered": releases.offered(enrolment, at=at),
        "sponsors": list(sponsorships.sponsors_of(enrolment.cohort)),
        "consent": check_ins.consent_of(enrolment, SCOPE),
        "words": check_ins.WORDS[SCOPE],
        "at": at,
    }
    return page(request, "releases.html", enrolment, context)


@require_http_methods(["GET", "HEAD", "POST"])
def release_new(request: HttpRequest) -> HttpResponse:
    """One thing exactly as the sponsor would read it; a post releases it."""
    enrolment, at = enrolment_of(request, dated=False), now_of(request)
    found, refusal = _copy(request, enrolment), None
    if request.method == "POST":
        try:
            made = releasing.release(enrolment, kind=found.kind, source=found.source, by=person_of(request), at=at)
        except releasing.CannotRelease as problem:
            refusal = problem
        else:
            if made is None:
                raise Http404
            messages.success(request, _("Released. You can take it back here at any time."))
            return redirect(address(request, "my-releases"))
    context = {
        "copy": found,
        "who": enrolment.client,
        "cohort": enrolment.cohort,
        "sponsors": list(sponsorships.sponsors_of(enrolment.cohort)),
        "refusal": sentence_of(refusal) if refusal else "",
    }
    return page(request, "release_new.html", enrolment, context, status=status_of(refusal) if refusal else 200)


@require_safe
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """A copy, to its client and to a sponsor alike; withdrawn it is nobody's but its client's, and without words."""
    found = get_object_or_404(releases.visible_to(person_of(request)), pk=pk)
    is_own = found.enrolment.client_id == person_of(request).pk
    context = {
        "copy": found,
        "kind_name": found.get_kind_display(),
        "who": found.enrolment.client,
        "cohort": found.enrolment.cohort,
        "is_own": is_own,
    }
    return render(request, "coaching/release.html", context)


@posted
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Gone for the sponsor with their next request."""
    found = get_object_or_404(releases.visible_to(person_of(request)), pk=pk)
    releasing.withdraw(found, by=person_of(request), at=now_of(request))
    messages.success(request, _("Taken back. The sponsor does not find it any more."))
    return redirect("my-releases")


@posted
def notes_for_the_sponsor(request: HttpRequest) -> HttpResponse:
    """Whether one's coach may write notes for the sponsor."""
    enrolment, by, at = enrolment_of(request, dated=False), person_of(request), now_of(request)
    if request.POST.get("agree") == "no":
        following.withdraw(enrolment, SCOPE, by=by, at=at)
        messages.success(request, _("It is off from now on. The sponsor finds none of these notes any more."))
    else:
        following.agree(enrolment, SCOPE, by=by, at=at)
        messages.success(request, _("Thank you. You can take it back here at any time."))
    return redirect(address(request, "my-releases"))


def _copy(request: HttpRequest, enrolment: Enrolment) -> Copy:
    named = request.POST if request.method == "POST" else request.GET
    source = named.get("source", "")
    number = int(source) if source.isascii() and source.isdecimal() and len(source) < 19 else 0
    found = releases.copy_of(enrolment, named.get("kind", ""), number, at=now_of(request))
    if found is None:
        raise Http404
    return found
