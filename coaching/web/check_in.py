"""A graduate’s page months later: what has changed, in three minutes. Open to anyone who holds the link.

Mail scanners open links to look at them, so looking changes nothing; what is posted counts.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from clients.web.links import by_link
from coaching import check_ins, following
from coaching.models import CheckIn
from curriculum import clock, moments
from curriculum.fields import Field
from curriculum.questionnaires import POINTS, Item
from curriculum.refusals import sentence_of

GONE, UNFINISHED = 404, 422


@by_link("check-in")
def check_in(request: HttpRequest, token: str) -> HttpResponse:
    """The questions; or thank you; or why there is nothing to answer."""
    at, found = clock.now(), check_ins.find(token)
    if found is None:
        return _page(request, {"gone": True}, GONE)
    if refusal := following.answer_refusal(found, at=at):
        return _page(request, {"gone": True, "sentence": sentence_of(refusal)}, GONE)
    if request.method != "POST":
        return _page(request, _form(found, {}, {}, token))
    sent = _sent(request, found)
    try:
        following.answer(found, sent=sent, at=at)
    except following.Incomplete as problem:
        return _page(request, _form(found, sent, problem.by_field, token), UNFINISHED)
    return _page(request, {"is_sent": True, "name": found.enrolment.client.first, "token": token})


@by_link("check-in")
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """One button that ends the asking; it is there as long as the link is, whether or not anything can be answered."""
    found = check_ins.find(token)
    if found is None:
        raise Http404
    if request.method == "POST":
        following.stop_asking(found, at=clock.now())
    is_stopped = check_ins.consent_of(found.enrolment) is None
    return render(request, "coaching/check_in_stop.html", {"is_stopped": is_stopped, "name": found.enrolment.client})


# --- Inside ---------------------------------------------------------------------------------------


def _sent(request: HttpRequest, found: CheckIn) -> dict[str, Any]:
    """What the form holds, by the keys of the questions."""
    asked, sent = check_ins.asked_of(found.enrolment), request.POST
    several = {one.key for one in asked.questions if one.kind == "multi"}
    keys = [*(one.key for one in asked.questions), *(one.key for one in asked.items), "proof", "shares"]
    return {key: sent.getlist(key) if key in several else sent.get(key) for key in keys}


def _form(found: CheckIn, sent: dict[str, Any], problems: dict[str, list[str]], token: str) -> dict[str, Any]:
    asked, enrolment = check_ins.asked_of(found.enrolment), found.enrolment
    zone = enrolment.client.zone
    window = check_ins.window_of(found)
    return {
        "token": token,
        "enrolment": enrolment,
        "month": f"{moments.to_wall(enrolment.left_at, zone):%B}",
        "closes": moments.to_wall(window.closes, zone) if window else None,
        "asked": asked,
        "questions": {one.key: _question(one, sent, problems) for one in asked.questions},
        "proof": {
            "options": [(str(value), label) for value, label in check_ins.PROOFS.items()],
            "given": sent.get("proof") or "",
            "problems": problems.get("proof", ()),
        },
        "items": [_item(one, sent, problems) for one in asked.items],
        "shares": sent.get("shares") in ("on", "yes"),
        "problems": problems,
    }


def _question(one: Field, sent: dict[str, Any], problems: dict[str, list[str]]) -> dict[str, Any]:
    given = sent.get(one.key)
    return {
        "field": one,
        "given": given or ([] if one.kind == "multi" else ""),
        "problems": problems.get(one.key, ()),
        "is_optional": not one.required and not one.required_if,
    }


def _item(one: Item, sent: dict[str, Any], problems: dict[str, list[str]]) -> dict[str, Any]:
    given = str(sent.get(one.key) or "")
    points = [(str(point), one.anchors.get(point, "")) for point in POINTS]
    return {"item": one, "points": points, "given": given, "problems": problems.get(one.key, ())}


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "coaching/check_in.html", context, status=status)
