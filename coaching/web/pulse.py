"""A rater's page: three statements and two lines, once. Open to anyone who holds the link.

Mail scanners open links to look at them, so looking changes nothing; what is posted counts.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from clients.web.links import by_link
from coaching import pulsing, raters
from coaching.models import PulseLink
from curriculum import clock, moments
from curriculum.questionnaires import POINTS, Pulse
from curriculum.refusals import sentence_of

GONE, UNFINISHED = 404, 422


@by_link("pulse")
def pulse(request: HttpRequest, token: str) -> HttpResponse:
    """The statements; or thank you; or why there is nothing to answer."""
    at, found = clock.now(), raters.find(token)
    if found is None:
        return _page(request, {"gone": True}, GONE)
    if refusal := pulsing.answer_refusal(found, at=at):
        return _page(request, {"gone": True, "sentence": sentence_of(refusal)}, GONE)
    if request.method != "POST":
        return _page(request, _form(found, {}, {}, token))
    sent = request.POST.dict()
    try:
        pulsing.answer(found, sent=sent, at=at)
    except pulsing.IncompletePulse as problem:
        return _page(request, _form(found, sent, problem.by_field, token), UNFINISHED)
    return _page(request, {"is_sent": True, "name": found.rater.enrolment.client.first, "token": token})


@by_link("pulse")
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """One button, there as long as the link is, whether or not anything can be answered."""
    found = raters.find(token)
    if found is None:
        raise Http404
    if request.method == "POST":
        pulsing.decline(found, at=clock.now())
        found = raters.find(token) or found
    context = {"is_stopped": found.rater.declined_at is not None, "name": found.rater.enrolment.client.first}
    return render(request, "coaching/pulse_stop.html", context)


# --- Inside ---------------------------------------------------------------------------------------


def _form(found: PulseLink, sent: dict[str, Any], problems: dict[str, list[str]], token: str) -> dict[str, Any]:
    enrolment = found.rater.enrolment
    asked, window = raters.asked_of(enrolment), raters.window_of(found)
    assert asked is not None and window is not None, "what is open has questions and an end"
    return {
        "token": token,
        "name": enrolment.client.first,
        "minutes": asked.minutes,
        "closes": moments.to_wall(window.closes, enrolment.cohort.zone),
        "who_sees": raters.text_for(enrolment, asked.who_sees[found.rater.group]),
        "items": [_item(asked, found, key, text, sent, problems) for key, text in _texts(asked, found)],
        "lines": [(one, sent.get(one.key, ""), problems.get(one.key, ())) for one in asked.lines],
        "is_manager": found.rater.group == raters.MANAGER,
        "named": sent.get("named") in ("on", "yes"),
        "problems": problems,
    }


def _texts(asked: Pulse, found: PulseLink) -> list[tuple[str, str]]:
    return [(one.key, raters.text_for(found.rater.enrolment, one.text)) for one in asked.items]


def _item(
    asked: Pulse, found: PulseLink, key: str, text: str, sent: dict[str, Any], problems: dict[str, list[str]]
) -> dict[str, Any]:
    ends = {POINTS[0]: asked.ends[0], POINTS[-1]: asked.ends[1]}
    points = [(str(point), ends.get(point, "")) for point in POINTS]
    return {
        "key": key,
        "text": text,
        "points": points,
        "not_seen": asked.not_seen,
        "given": str(sent.get(key) or ""),
        "problems": problems.get(key, ()),
    }


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "coaching/pulse.html", context, status=status)
