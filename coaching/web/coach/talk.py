"""That a piece was talked about, said by its coach on the page of the piece."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from coaching import talking, talks

from .desk import CoachRequest, desk, posted
from .review import given, page


@posted
@desk
def talked(request: CoachRequest, pk: int, *, number: int, at: datetime) -> HttpResponse:
    """On which day, and a line of it; `talked=no` takes that back."""
    submission, by = given(request, pk, at), request.user
    found = get_object_or_404(talks.markable(by, at=at), attempt__submission=submission, attempt__number=number)
    if request.POST.get("talked") == "no":
        talking.reopen(found, by=by, at=at)
    else:
        try:
            talking.mark(found, day=_day(request, at), line=request.POST.get("line", ""), by=by, at=at)
        except ValidationError as refusal:
            return page(request, given(request, pk, at), at, refusal=refusal)
    return redirect(f"{reverse('review', args=[pk])}?attempt={number}#talk")


def _day(request: CoachRequest, at: datetime) -> date:
    """The day that was typed; today where it cannot be read."""
    try:
        found = parse_date(request.POST.get("day", ""))
    except ValueError:
        found = None
    return found or timezone.localdate(at)
