"""Every translation of a client, side by side: the distance between the first and the last one."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from clients import attempts, progress
from clients.progress import LOCKED, Standing
from coaching import feedbacks
from curriculum import clock
from curriculum.models import Exercise

from .finding import enrolment_of, page

QUESTIONS = ("what", "why", "wrong", "when")


@dataclass(frozen=True)
class Take:
    """One translation: where it stands, the answer as handed in last or as drafted, what its client heard answered."""

    standing: Standing
    answer: dict
    heard: tuple[bool, ...]
    level: int | None


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
    takes = [_take(one, newest.get(one.submission.pk), coverage.get(one.submission.pk)) for one in found]
    return page(request, "practice.html", enrolment, {"takes": takes, "at": at})


def _take(standing: Standing, attempt, level: int | None) -> Take:
    answer = attempt.answer if attempt else standing.submission.draft
    heard = answer.get("self_check") or []
    return Take(standing, answer, tuple(question in heard for question in QUESTIONS), level)
