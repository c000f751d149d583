"""Rating oneself: one competency a page, what else is asked, the result, looking back, the focus."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from clients import assessing, assessments
from clients.assessing import Unanswered
from clients.assessments import Moment
from clients.models import Assessment, Enrolment
from coaching import ratings
from curriculum import clock, questionnaires
from curriculum.fields import Field
from curriculum.questionnaires import DID_NOT_COME_UP, POINTS, Item, Questionnaire, Section
from curriculum.refusals import code_of, sentence_of, status_of

from . import plots
from .finding import address, enrolment_of, is_script, page, person_of, posted
from .forms import control_of

REST = "rest"  # the step after the competencies
TITLES = {
    Moment.BASELINE: gettext_lazy("Where you are today"),
    Moment.MIDPOINT: gettext_lazy("Where you are halfway"),
    Moment.FINAL: gettext_lazy("Where you are now"),
}
KEYS = (
    {"keys": ("1", "–", "5"), "label": gettext_lazy("the point")},
    {"keys": ("0",), "label": gettext_lazy("did not come up")},
    {"keys": ("↑", "↓"), "label": gettext_lazy("statement before, after")},
    {"keys": ("?",), "label": gettext_lazy("these keys")},
)


@dataclass(frozen=True)
class Statement:
    """A statement with the answer it has. `points` are (point, what it stands for)."""

    item: Item
    given: int | None
    points: tuple[tuple[int, str], ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One page of the questionnaire, and how much of it is answered."""

    key: str
    name: str
    answered: int
    of: int
    is_shown: bool


@require_safe
def assessment(request: HttpRequest, moment: str) -> HttpResponse:
    enrolment, at = _enrolment(request, moment), clock.now()
    if at < assessments.opens_at(enrolment, moment, at=at):
        opens = assessments.opens_at(enrolment, moment, at=at)
        return page(request, "locked.html", enrolment, {"title": TITLES[Moment(moment)], "opens_at": opens})
    found = assessments.of(enrolment, moment)
    if found and found.finished_at:
        return page(request, "assessment_done.html", enrolment, _result(enrolment, found, at))
    return page(request, "assessment.html", enrolment, _step(request, enrolment, moment, found, at=at))


@posted
def save(request: HttpRequest, moment: str) -> HttpResponse:
    """Keep what was answered. A script sends one answer at a time, a browser the page and goes on to the next."""
    enrolment, at = _enrolment(request, moment), clock.now()
    asked = assessments.questionnaire_of(enrolment)
    try:
        found = assessing.keep(enrolment, moment, by=person_of(request), at=at, **_sent(request, asked))
    except (Unanswered, assessing.NotAsked) as refusal:
        if is_script(request):
            return JsonResponse({"code": code_of(refusal), "detail": sentence_of(refusal)}, status=status_of(refusal))
        if not isinstance(refusal, Unanswered):
            raise
        known = assessments.of(enrolment, moment)
        context = _step(request, enrolment, moment, known, at=at, problems=refusal.by_field)
        return page(request, "assessment.html", enrolment, context, status=422)
    if is_script(request):
        return JsonResponse({"answered": assessments.answered(found, asked), "of": len(asked.items)})
    return redirect(_address(request, moment, _next(request.POST.get("step", ""), asked)))


@posted
def finish(request: HttpRequest, moment: str) -> HttpResponse:
    """Keep the last page too, then close it; what is missing is shown where it is missing."""
    enrolment, at, person = _enrolment(request, moment), clock.now(), person_of(request)
    asked = assessments.questionnaire_of(enrolment)
    found = assessing.keep(enrolment, moment, by=person, at=at, **_sent(request, asked))
    try:
        assessing.finish(enrolment, moment, by=person, at=at)
    except Unanswered as refusal:
        context = _step(request, enrolment, moment, found, at=at, problems=refusal.by_field)
        return page(request, "assessment.html", enrolment, context, status=422)
    return redirect(address(request, "assessment", moment))


@require_safe
def looking_back(request: HttpRequest) -> HttpResponse:
    enrolment, at = _enrolment(request), clock.now()
    refusal = assessing.look_back_refusal(enrolment, by=person_of(request), at=at)
    return page(
        request,
        "looking_back.html",
        enrolment,
        _back(enrolment, {}, {}) | {"refusal": refusal and sentence_of(refusal)},
    )


@posted
def look_back(request: HttpRequest) -> HttpResponse:
    enrolment, at = _enrolment(request), clock.now()
    sent = {item.key: request.POST.get(item.key) for item in assessments.questionnaire_of(enrolment).looking_back}
    try:
        assessing.look_back(enrolment, ratings=sent, by=person_of(request), at=at)
    except Unanswered as refusal:
        context = _back(enrolment, sent, refusal.by_field)
        return page(request, "looking_back.html", enrolment, context, status=422)
    return redirect(address(request, "assessment", Moment.FINAL.value))


@posted
def focus(request: HttpRequest) -> HttpResponse:
    enrolment, at = _enrolment(request), clock.now()
    sent = {"sentence": request.POST.get("sentence", ""), "competency": request.POST.get("competency", "")}
    try:
        assessing.agree_focus(enrolment, by=person_of(request), at=at, **sent)
    except Unanswered as refusal:
        found = assessments.of(enrolment, Moment.MIDPOINT)
        context = _result(enrolment, found, at) | {"focus": sent, "focus_problems": refusal.by_field}
        return page(request, "assessment_done.html", enrolment, context, status=422)
    messages.success(request, _("Your focus stands on your week from now on."))
    return redirect(address(request, "this-week"))


# --- Inside ---------------------------------------------------------------------------------------


def _enrolment(request: HttpRequest, moment: str = Moment.FINAL) -> Enrolment:
    """The enrolment the address means; 404 where its edition has no assessment, or none at that moment."""
    enrolment = enrolment_of(request)
    if moment not in Moment.values:
        raise Http404
    try:
        assessments.questionnaire_of(enrolment)
    except questionnaires.Instrument.DoesNotExist:
        raise Http404 from None
    return enrolment


def _address(request: HttpRequest, moment: str, step: str) -> str:
    base = address(request, "assessment", moment)
    return f"{base}{'&' if '?' in base else '?'}step={step}"


def _next(step: str, asked: Questionnaire) -> str:
    keys = [section.key for section in asked.sections] + [REST]
    return keys[min(keys.index(step) + 1, len(keys) - 1)] if step in keys else keys[0]


def _sent(request: HttpRequest, asked: Questionnaire) -> dict[str, Any]:
    """What the form holds, shaped into the operation's words. What it does not hold is not touched."""
    sent = request.POST
    further = asked.midpoint if REST in sent.get("step", REST) else ()
    extra = {one.key: sent.getlist(one.key) if one.kind == "multi" else sent.get(one.key) for one in further}
    return {
        "answers": {item.key: sent[item.key] for item in asked.items if sent.get(item.key)},
        "readiness": {item.key: sent[item.key] for item in asked.readiness if item.key in sent},
        "remark": sent.get(asked.remark.key),
        "extra": {one.key: extra[one.key] for one in further if one.key in sent or one.kind == "multi"},
    }


def _step(
    request: HttpRequest,
    enrolment: Enrolment,
    moment: str,
    found: Assessment | None,
    *,
    at: datetime,
    problems: dict[str, list[str]] | None = None,
) -> dict[str, Any]:
    asked, problems = assessments.questionnaire_of(enrolment), problems or {}
    shown = _shown(request, found, asked, problems)
    section = next((one for one in asked.sections if one.key == shown), None)
    seed = f"{enrolment.pk}:{moment}"
    return {
        "asked": asked,
        "moment": moment,
        "title": TITLES[Moment(moment)],
        "step": shown,
        "steps": _steps(found, asked, shown),
        "section": section,
        "statements": _statements(section, found, asked, seed, problems) if section else (),
        "rest": None if section else _rest(asked, assessments.further(enrolment, moment, at=at), found, problems),
        "answered": assessments.answered(found, asked),
        "of": len(asked.items),
        "problems": problems,
        "missing": _missing(asked, problems),
        "keys": KEYS,
    }


def _missing(asked: Questionnaire, problems: dict[str, list[str]]) -> list[tuple[str, str, list[str]]]:
    """(step, its name, what is said there), for the steps with something to mend."""
    homes = {item.key: section for section in asked.sections for item in section.items}
    found: dict[str, tuple[str, list[str]]] = {}
    for key, sentences in problems.items():
        home = homes.get(key)
        step, name = (home.key, home.name) if home else (REST, str(_("And then")))
        said = found.setdefault(step, (name, []))[1]
        said += [sentence for sentence in sentences if sentence not in said]
    return [(step, name, said) for step, (name, said) in found.items()]


def _shown(request: HttpRequest, found: Assessment | None, asked: Questionnaire, problems: dict) -> str:
    """The page the address names; after a refusal the first one with something missing; else the first open one."""
    keys = [section.key for section in asked.sections] + [REST]
    missing = [one.key for one in asked.sections if any(item.key in problems for item in one.items)]
    if problems:
        return next(iter(missing), REST)
    wanted = request.GET.get("step", "")
    return wanted if wanted in keys else next(iter(assessments.open_sections(found, asked)), REST)


def _steps(found: Assessment | None, asked: Questionnaire, shown: str) -> list[Step]:
    given, ready = (found.answers, found.readiness) if found else ({}, {})
    steps = [
        Step(one.key, one.name, sum(item.key in given for item in one.items), len(one.items), one.key == shown)
        for one in asked.sections
    ]
    done = sum(item.key in ready for item in asked.readiness)
    return [*steps, Step(REST, _("And then"), done, len(asked.readiness), shown == REST)]


def _statements(
    section: Section, found: Assessment | None, asked: Questionnaire, seed: str, problems: dict[str, list[str]]
) -> list[Statement]:
    given = found.answers if found else {}
    return [
        Statement(item, given.get(item.key), _points(item, asked.not_seen), tuple(problems.get(item.key, ())))
        for item in questionnaires.shuffled(section, f"{seed}:{section.key}")
    ]


def _points(item: Item, not_seen: str = "") -> tuple[tuple[int, str], ...]:
    """Points with their anchors; those between two have none. *Did not come up* stands last, where it is offered."""
    found = tuple((point, item.anchors.get(point, "")) for point in POINTS)
    return (*found, (DID_NOT_COME_UP, not_seen)) if not_seen else found


def _rest(
    asked: Questionnaire, further: tuple[Field, ...], found: Assessment | None, problems: dict[str, list[str]]
) -> dict[str, Any]:
    """Readiness, the free line and, at the midpoint, what only it asks."""
    ready, extra = (found.readiness, found.extra) if found else ({}, {})
    return {
        "readiness": [(item, ready.get(item.key, ""), problems.get(item.key, ())) for item in asked.readiness],
        "options": asked.readiness_options,
        "fields": [_bound(one, extra.get(one.key), problems.get(one.key, ())) for one in further]
        + [_bound(asked.remark, found.remark if found else "", problems.get(asked.remark.key, ()))],
    }


def _bound(field: Any, content: Any, problems: Any) -> dict[str, Any]:
    """A field of the questionnaire as the page shows it."""
    control = control_of(field, field.label)
    attrs = {"id": f"id_{field.key}"} | ({"aria-invalid": "true"} if problems else {})
    html = control.widget.render(field.key, content, attrs=attrs)
    return {"field": field, "control": html, "problems": problems, "is_group": field.kind in ("multi", "scale")}


def _is_of(one: ratings.Beside, found: Assessment) -> bool:
    """Whether this is what a coach saw at the time of the assessment, and there is something."""
    return one.rating is not None and ratings.OWN[ratings.Moment(one.key)] == found.moment


def _result(enrolment: Enrolment, found: Assessment | None, at: datetime) -> dict[str, Any]:
    asked = assessments.questionnaire_of(enrolment)
    assert found is not None
    scores = assessments.scores(found, asked)
    chosen = found.extra.get("focus_competency", "")
    return {
        "found": found,
        "asked": asked,
        "title": TITLES[Moment(found.moment)],
        "scores": scores,
        "rows": plots.dumbbells(scores, assessments.distances(enrolment)),
        "looks_back": found.moment == Moment.FINAL and found.looked_back_at is None,
        "asks_focus": found.moment == Moment.MIDPOINT and not enrolment.cohort.is_closed,
        "focus": {"sentence": enrolment.focus, "competency": enrolment.focus_competency or chosen},
        "theirs": next((one for one in ratings.beside(enrolment, enrolment.client) if _is_of(one, found)), None),
        "at": at,
    }


def _back(enrolment: Enrolment, sent: dict[str, Any], problems: dict[str, list[str]]) -> dict[str, Any]:
    asked = assessments.questionnaire_of(enrolment)
    statements = [
        Statement(
            item,
            int(sent[item.key]) if str(sent.get(item.key) or "").isdecimal() else None,
            _points(item),
            tuple(problems.get(item.key, ())),
        )
        for item in asked.looking_back
    ]
    names = {section.key: section.name for section in asked.sections}
    return {"asked": asked, "statements": statements, "names": names, "problems": problems, "keys": KEYS}
