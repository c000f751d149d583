"""Calibration: the exemplars of each rubric, scored one by one, and how far from the reference one is."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coaching import calibrating, calibration, caseload
from coaching.calibration import Card, Sheet
from coaching.feedbacks import MarkedCriterion
from curriculum import refusals
from curriculum.models import Criterion

from . import piece
from .desk import CoachRequest, desk
from .forms import LevelsForm


@require_safe
@desk
def sheets(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """What is left before the next review, and each rubric with how many of its exemplars are scored."""
    found = calibration.sheets(request.user, at=at)
    if not found and not caseload.roles_of(request.user, at=at).coach:
        raise Http404
    context = {
        "sheets": found,
        "next": calibration.first_of(found, request.user, at=at),
        "done": sum(one.is_done for one in found),
        "is_let_off": calibration.is_let_off(request.user),
    }
    return render(request, "coaching/coach/calibration.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def sheet(request: CoachRequest, rubric: str, *, at: datetime) -> HttpResponse:
    """The next exemplar to score, and below it what was scored with the reference beside it."""
    found = _sheet(request, rubric, at)
    if request.method != "POST":
        return _page(request, found, _form(found))
    card = next((one for one in found.cards if one.exemplar.key == request.POST.get("exemplar")), None)
    if card is None:
        raise Http404
    form = LevelsForm(calibration.criteria(card.exemplar), request.POST)
    try:
        calibrating.score(card.exemplar, levels=form.levels(), by=request.user, at=at)
    except calibrating.ScoreIncomplete as refusal:
        form.complain(refusal.by_field)
        return _page(request, found, form, card=card, status=422)
    except ValidationError as refusal:
        return _page(request, found, _form(found), refusal=refusal, status=refusals.status_of(refusal))
    return redirect(f"{request.path}#scored-{card.exemplar.key}")


def _sheet(request: CoachRequest, rubric: str, at: datetime) -> Sheet:
    found = calibration.sheets(request.user, at=at, rubric=rubric)
    if not found:
        raise Http404
    return found[0]


def _form(found: Sheet) -> LevelsForm | None:
    return LevelsForm(calibration.criteria(found.next.exemplar)) if found.next else None


def _page(
    request: CoachRequest,
    found: Sheet,
    form: LevelsForm | None,
    *,
    card: Card | None = None,
    refusal: ValidationError | None = None,
    status: int = 200,
) -> HttpResponse:
    card = card or found.next
    every = _criteria(found)
    context = {
        "sheet": found,
        "card": card,
        "number": found.cards.index(card) + 1 if card else 0,
        "form": form,
        "text": piece.answered(card.exemplar.exercise, card.exemplar.answer) if card else [],
        "scored": [_scored(one, every, number) for number, one in enumerate(found.cards, 1) if one.is_scored],
        "distances": calibration.distances(found),
        "refusal": refusal,
    }
    return render(request, "coaching/coach/calibration_sheet.html", context, status=status)


def _criteria(found: Sheet) -> list[Criterion]:
    rows = Criterion.objects.filter(rubric=found.cards[0].exemplar.rubric_id)
    return list(rows.prefetch_related("levels").order_by("position"))


def _scored(card: Card, every: list[Criterion], number: int) -> dict[str, Any]:
    """An exemplar with one's own levels, the reference and why."""
    exemplar = card.exemplar
    rows = [
        {
            "own": MarkedCriterion(one, tuple(one.levels.all()), card.levels[one.key], exemplar.reference[one.key]),
            "why": exemplar.why[one.key],
            "words": calibration.distance("", [card.levels[one.key] - exemplar.reference[one.key]]).words,
        }
        for one in every
        if one.key in card.levels and one.key in exemplar.reference
    ]
    text = piece.answered(exemplar.exercise, exemplar.answer)
    return {"exemplar": exemplar, "rows": rows, "number": number, "text": text, "title": _("Exemplar %d") % number}
