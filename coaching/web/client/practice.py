"""Every translation of a client, side by side: the distance between the first and the last one."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from clients import attempts, copies, progress, sounds
from clients.models import Attempt
from clients.progress import LOCKED, Standing
from coaching import feedbacks
from curriculum import clock
from curriculum.fields import count_words
from curriculum.models import Exercise

from .finding import enrolment_of, page
from .forms import WORDS_A_MINUTE

QUESTIONS = ("what", "why", "wrong", "when")


@dataclass(frozen=True)
class Take:
    """One translation: where it stands, the answer as handed in last or as drafted, what its client heard answered.

    `sound` is the recording as an attempt keeps it. `heard` is empty where nothing was ticked. `seconds` are those of
    the recording, or what the script takes at a calm pace.
    """

    standing: Standing
    answer: dict[str, Any]
    sound: dict[str, Any] | None
    heard: tuple[bool, ...]
    seconds: int
    level: int | None

    @property
    def covered(self) -> int:
        return sum(self.heard)


@require_safe
def practice(request: HttpRequest) -> HttpResponse:
    enrolment, at = enrolment_of(request), clock.now()
    roles = (Exercise.Role.TRANSLATION, Exercise.Role.BASELINE)
    found = [
        one
        for one in progress.standings(enrolment, at=at)
        if one.exercise.kind == Exercise.Kind.AUDIO60 and one.exercise.role in roles and one.state != LOCKED
    ]
    newest = attempts.newest_of([one.submission for one in found])
    coverage = feedbacks.levels_by_key(enrolment, "coverage", at=at)
    recorded = _recorded(found)
    takes = [_take(one, newest.get(one.submission.pk), recorded, coverage.get(one.submission.pk)) for one in found]
    return page(request, "practice.html", enrolment, {"takes": takes, "at": at})


def _recorded(found: list[Standing]) -> dict[int, dict[str, Any]]:
    """Number → recording, for what a draft names and no attempt holds a copy of yet."""
    mine = sounds.ready().filter(submission__in=[one.submission for one in found]).select_related("transcript")
    return {one.pk: copies.sound(one) for one in mine}


def _take(standing: Standing, attempt: Attempt | None, recorded: dict[int, dict[str, Any]], level: int | None) -> Take:
    answer = attempt.answer if attempt else standing.submission.draft
    named, ticked = answer.get("audio") or {}, answer.get("self_check") or []
    sound = named if named.get("key") else recorded.get(named.get("id", 0))
    spoken = count_words(str(answer.get("script") or "")) / WORDS_A_MINUTE * 60
    return Take(
        standing=standing,
        answer=answer,
        sound=sound,
        heard=tuple(question in ticked for question in QUESTIONS) if ticked else (),
        seconds=round(sound["seconds"] if sound else spoken),
        level=level,
    )
