"""A change that can be looked at before it is made: one page says what it would do, its button does it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from clients.models import Cohort, Enrolment
from coaching import foreseeing


@dataclass(frozen=True)
class Change:
    """Where it posts to, with what, in which words, and where it leads back to.

    `home` is that page's name. `since`: dates that move day by day are compared with where they stood then.
    """

    url: str
    back: str
    home: str
    title: str
    button: str
    done: str
    make: Callable[[], object]
    sent: dict[str, Any] = field(default_factory=dict)
    since: datetime | None = None


def seen_or_made(
    request: HttpRequest, change: Change, people: Iterable[Enrolment], cohort: Cohort, *, at: datetime
) -> HttpResponse:
    """What it would do, with the button that does it; or done."""
    if request.POST.get("show") != "effect":
        change.make()
        messages.success(request, change.done)
        return redirect(change.back)
    effect = foreseeing.foresee(change.make, people, cohort, at=at, since=change.since)
    return render(request, "coaching/effect.html", {"change": change, "effect": effect})
