"""A draft of feedback: the shape in which it is kept, and what it still lacks before it can be sent."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from clients.models import Attempt
from curriculum.models import Criterion

from . import asks, feedbacks, margin
from .models import Ask, FeedbackDraft

LONGEST = 5000  # characters of keep and of try

Missing = Iterator[tuple[str, list[str]]]


def parts(draft: FeedbackDraft) -> dict[str, Any]:
    """Everything in it, for a copy."""
    names = ("keep", "try_next", "levels", "another", "live", "asks", "notes", "addressed", "revision", "saved_at")
    return {name: getattr(draft, name) for name in names}


def by_key(levels: dict[Any, Any]) -> dict[str, Any]:
    """Levels by the number of their criterion as text, as a draft keeps them."""
    return {str(key): level for key, level in levels.items()}


def shape(attempt: Attempt, criteria: list[Criterion], asked: list[Ask], content: dict[str, Any]) -> dict[str, Any]:
    """What of `content` is kept: levels of what is marked here, answers to what was asked of this attempt.

    A note in the margin gets its place as the attempt has it; one without a place keeps its words all the same.
    """
    marked, put = {str(criterion.pk) for criterion in criteria}, {str(ask.pk) for ask in asked}
    answers = by_key(content.get("addressed") or {})
    another = bool(content.get("another"))
    return {
        "keep": str(content.get("keep") or "")[:LONGEST],
        "try_next": str(content.get("try_next") or "")[:LONGEST],
        "another": another,
        "live": bool(content.get("live")) and not another,
        "levels": {key: level for key, level in content["levels"].items() if key in marked and level in (1, 2, 3, 4)},
        "asks": [str(text or "")[: asks.LONGEST] for text in (content.get("asks") or [])][: asks.AT_MOST],
        "notes": [
            margin.plain(margin.settled(attempt, note) or note)
            for note in margin.kept(content.get("notes") or [])[: margin.AT_MOST]
        ],
        "addressed": {key: answer for key, answer in answers.items() if key in put and answer in asks.ANSWERS},
    }


def missing(attempt: Attempt, draft: FeedbackDraft) -> dict[str, list[str]]:
    """What keeps it from being sent, by field."""
    return dict([*_words(draft), *_levels(attempt, draft), *_answers(attempt, draft), *_places(attempt, draft)])


def _words(draft: FeedbackDraft) -> Missing:
    if not draft.keep.strip():
        yield "keep", [_("Name one thing to keep, best in their words.")]
    if not draft.try_next.strip():
        yield "try_next", [_("Name one thing to try next.")]


def _levels(attempt: Attempt, draft: FeedbackDraft) -> Missing:
    for criterion in feedbacks.criteria_of(attempt):
        if str(criterion.pk) not in draft.levels:
            yield f"level-{criterion.pk}", [_("%(criterion)s has no level yet.") % {"criterion": criterion}]


def _answers(attempt: Attempt, draft: FeedbackDraft) -> Missing:
    for ask in asks.put_to(attempt):
        if str(ask.pk) not in draft.addressed:
            sentence = _("You asked for something last time: was number %(n)s done?") % {"n": ask.number}
            yield f"addressed-{ask.pk}", [sentence]


def _places(attempt: Attempt, draft: FeedbackDraft) -> Missing:
    for place, note in enumerate(margin.kept(draft.notes)):
        if margin.settled(attempt, note) is None:
            yield f"note-{place}-text", [_("What this note is about is not in the text. Choose its place again.")]


def asks_in(draft: FeedbackDraft) -> list[str]:
    """What it asks of the next attempt, without the lines that were left empty."""
    return [text.strip() for text in draft.asks if text.strip()]


def all_words(draft: FeedbackDraft) -> str:
    """Everything its coach wrote in it."""
    return "\n".join([draft.keep, draft.try_next, *draft.asks, *(note.text for note in margin.kept(draft.notes))])
