"""Blind pairs at a coach's desk. The address is a random word; nothing here says whose texts these are, or when."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from coaching import caseload, pairing, pairs
from coaching.models import PairRating
from curriculum import refusals

from .desk import CoachRequest, desk
from .forms import LevelsForm


@require_safe
@desk
def mine(request: CoachRequest, *, at: datetime) -> HttpResponse:
    """The pairs this coach was asked to read, in no order."""
    if not caseload.coached_by(request.user).exists():
        raise Http404
    return render(request, "coaching/coach/pairs.html", {"pairs": pairs.waiting(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def pair(request: CoachRequest, token: str, *, at: datetime) -> HttpResponse:
    """Two texts with a level for each criterion; once saved, a word of thanks."""
    rating = pairs.find(request.user, token)
    if rating is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    forms = {side: LevelsForm(pairs.criteria(rating), posted, prefix=side) for side in pairing.SIDES}
    if posted is None:
        return _page(request, rating, forms)
    levels = {side: form.levels() for side, form in forms.items()}
    try:
        pairing.rate(rating, levels=levels, by=request.user, at=at)
    except pairing.RatingIncomplete as refusal:
        for side, form in forms.items():
            form.complain(
                {
                    name.removeprefix(f"{side}-"): said
                    for name, said in refusal.by_field.items()
                    if name.startswith(side)
                }
            )
        return _page(request, rating, forms, status=422)
    except ValidationError as refusal:
        return _page(request, rating, forms, refusal=refusal, status=refusals.status_of(refusal))
    return redirect("pair", token=token)


def _page(
    request: CoachRequest,
    rating: PairRating,
    forms: dict[str, LevelsForm],
    *,
    refusal: ValidationError | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = pairs.blind(rating)
    sides = [(side, text, forms[side]) for side, text in zip(pairing.SIDES, shown.texts, strict=False)]
    left = pairs.waiting(request.user) if shown.is_rated else []
    context = {"pair": shown, "sides": sides, "left": left, "refusal": refusal}
    return render(request, "coaching/coach/pair.html", context, status=status)
