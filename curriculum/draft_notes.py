"""The first read of an answer: which text of an exercise is read, and what comes of it."""

from dataclasses import asdict
from functools import lru_cache
from typing import Any

from . import answers
from .firstread import Lexicon, Reading, Unreadable, read
from .models import Edition, Exercise


def first_read(exercise: Exercise, answer: dict[str, Any]) -> Reading | None:
    """None where the exercise has no first read or nothing is written yet. Raises Unreadable with a sentence."""
    text = answers.for_first_read(exercise, answer)
    if not exercise.first_read or not text:
        return None
    return read(
        text,
        profile=exercise.first_read["profile"],
        lexicon=lexicon_of(exercise.edition_id),
        technical=exercise.first_read.get("audience") == "technical",
    )


@lru_cache(maxsize=8)
def lexicon_of(edition_id: int) -> Lexicon:
    """The word lists frozen with the edition; parsed once a process."""
    return Lexicon.from_mapping(Edition.objects.values_list("lexicon", flat=True).get(pk=edition_id))


def for_the_record(exercise: Exercise, answer: dict[str, Any], *, meant: list[str]) -> list[dict]:
    """What was shown when it was handed in, and what was kept on purpose. Never counted anywhere."""
    try:
        reading = first_read(exercise, answer)
    except Unreadable:
        return []
    return [{**_plain(note), "kept": note.rule in meant} for note in reading.notes] if reading else []


def _plain(note: Any) -> dict[str, Any]:
    data = asdict(note)
    return {"rule": data["rule"], "title": data["title"], "noticed": data["noticed"], "spans": data["spans"]}
