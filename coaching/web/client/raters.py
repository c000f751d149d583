"""What others say about working with one: whom to ask, taking somebody off, and what was said once it may show."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clients.models import Enrolment
from coaching import check_ins, pulse, pulsing
from coaching import raters as asked_people
from coaching.models import Consent
from curriculum.refusals import fields_of, sentence_of, status_of

from .finding import address, enrolment_of, now_of, page, person_of, posted

SCOPE = Consent.Scope.PULSE
TYPED = ("group", "name", "address", "wording", "own_words")


@require_http_methods(["GET", "HEAD", "POST"])
def raters(request: HttpRequest) -> HttpResponse:
    """Who is asked, and what they said; a post asks one more."""
    enrolment, at = enrolment_of(request), now_of(request)
    typed = {name: request.POST.get(name, "") for name in TYPED}
    if request.method != "POST":
        return _shown(request, enrolment, typed | {"group": "peer", "again": True})
    again = bool(request.POST.get("again"))
    try:
        pulsing.ask(enrolment, **typed, again=again, by=person_of(request), at=at)
    except (pulsing.CannotAsk, pulsing.UnclearRater) as refusal:
        return _shown(request, enrolment, typed | {"again": again}, refusal)
    messages.success(request, _("%(name)s is asked.") % {"name": typed["name"]})
    return redirect(address(request, "raters"))


@posted
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody is asked no more."""
    found = get_object_or_404(asked_people.visible_to(person_of(request)).select_related("enrolment"), pk=pk)
    pulsing.withdraw(found, by=person_of(request), at=now_of(request))
    messages.success(request, _("Taken off. No further mail goes there, and the link opens nothing any more."))
    return redirect(address(request, "raters"))


def _shown(
    request: HttpRequest, enrolment: Enrolment, typed: dict[str, Any], refusal: Exception | None = None
) -> HttpResponse:
    at, person = now_of(request), person_of(request)
    questions = asked_people.asked_of(enrolment)
    context = {
        "questions": questions,
        "wordings": [
            (value, label, asked_people.text_for(enrolment, text)) for value, label, text in _wordings(questions)
        ],
        "listed": asked_people.of(enrolment),
        "closed_to_asking": _sentence(pulsing.open_refusal(enrolment, by=person, at=at)),
        "moment": asked_people.moment_of(enrolment, at=at),
        "said": pulse.of(enrolment, person, at=at),
        "consent": check_ins.consent_of(enrolment, SCOPE),
        "words": check_ins.WORDS[SCOPE],
        "typed": typed,
        "problems": fields_of(refusal) if refusal else {},
        "refusal": _sentence(refusal),
        "at": at,
    }
    return page(request, "raters.html", enrolment, context, status=status_of(refusal) if refusal else 200)


def _wordings(questions: Any) -> tuple[tuple[str, str, str], ...]:
    return questions.wordings if questions else ()


def _sentence(refusal: Exception | None) -> str:
    return sentence_of(refusal) if refusal else ""
