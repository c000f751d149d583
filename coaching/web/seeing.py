"""A change that can be looked at before it is made: one page says what it would do, its button does it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from clients.models import Cohort, Enrolment, User
from coaching import foreseeing
from coaching.foreseen import Effect


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
    request: HttpRequest,
    change: Change,
    people: Iterable[Enrolment],
    cohort: Cohort,
    *,
    at: datetime,
    reader: User | None = None,
) -> HttpResponse:
    """What it would do, with the button that does it; or done. `reader` is told of calls they may see."""
    if not is_looked_at(request):
        return made(request, change)
    effect = foreseeing.foresee(change.make, people, cohort, at=at, since=change.since, reader=reader)
    return seen(request, change, effect)


def is_looked_at(request: HttpRequest) -> bool:
    """Whether what it would do is asked for, and not the change itself."""
    return request.POST.get("show") == "effect"


def seen(request: HttpRequest, change: Change, effect: Effect) -> HttpResponse:
    """What it would do, with the button that does it."""
    return render(request, "coaching/effect.html", {"change": change, "effect": effect})


def made(request: HttpRequest, change: Change) -> HttpResponse:
    """Done, and back to where it was asked for."""
    change.make()
    messages.success(request, change.done)
    return redirect(change.back)


def as_sent(sent: QueryDict, *names: str) -> dict[str, str]:
    """What was typed into these fields, to be posted once more."""
    return {name: str(sent[name]) for name in names if name in sent}
