"""The coaching agreement: reading it, accepting it, and what was agreed to besides."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clients import agreeing, agreements, progress
from clients.models import Enrolment
from coaching import check_ins, following, weekboard
from coaching.models import Consent
from curriculum import markdown
from curriculum.refusals import sentence_of

from .finding import address, enrolment_of, now_of, page, person_of, posted


@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    """One's own, as one's cohort asks for it; whoever is no client reads the newest."""
    enrolment = weekboard.enrolment_of(person_of(request), request.GET.get("cohort"), dated=False)
    if enrolment is None:
        newest = agreements.newest()
        context = {"asked": newest, "text": markdown.render(newest.text) if newest else ""}
        return render(request, "coaching/client/agreement.html", context)
    return _own(request, enrolment)


@posted
def accept(request: HttpRequest) -> HttpResponse:
    """Then on to where one came from: the piece that was to be handed in, else the week."""
    enrolment = enrolment_of(request, dated=False)
    try:
        agreeing.accept(enrolment, sha256=request.POST.get("sha256", ""), by=person_of(request), at=now_of(request))
    except agreeing.CannotAccept as refusal:
        return _own(request, enrolment, refusal)
    key = request.POST.get("piece", "")
    if key and progress.piece_of(enrolment, key):
        return redirect(address(request, "work", key))
    return redirect(address(request, "this-week"))


@posted
def withdraw(request: HttpRequest) -> HttpResponse:
    """Something agreed to besides, from now on not any more."""
    enrolment, scope = enrolment_of(request, dated=False), request.POST.get("scope", "")
    if scope not in Consent.Scope.values:
        raise Http404
    following.withdraw(enrolment, scope, by=person_of(request), at=now_of(request))
    messages.success(request, _("It is off from now on."))
    return redirect(address(request, "agreement"))


def _own(request: HttpRequest, enrolment: Enrolment, refusal: agreeing.CannotAccept | None = None) -> HttpResponse:
    asked = agreements.asked_of(enrolment)
    accepted = [one for one in agreements.accepted_by(person_of(request)) if one.enrolment_id == enrolment.pk]
    context = {
        "asked": asked,
        "text": markdown.render(asked.text) if asked else "",
        "accepted": accepted,
        "stands": next((one for one in accepted if asked and one.agreement_id == asked.pk), None),
        "can_accept": asked and enrolment.is_active,
        "refusal": sentence_of(refusal) if refusal else "",
        "piece": request.POST.get("piece") or request.GET.get("piece", ""),
        "consents": check_ins.consents_of(enrolment),
        "at": now_of(request),
    }
    return page(request, "agreement.html", enrolment, context, status=409 if refusal else 200)
