"""The first read of an answer: which text of an exercise is read, and what comes of it.

`known` are words the writer's listeners know; nothing is said about them.
"""

from collections.abc import Iterable
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from . import answers
from .firstread import PROFILES, Lexicon, Reading, Unreadable, read
from .models import Edition, Exercise


def first_read(exercise: Exercise, answer: dict[str, Any], *, known: Iterable[str] = ()) -> Reading | None:
    """None where the exercise has no first read or nothing is written yet. Raises Unreadable with a sentence."""
    text = answers.for_first_read(exercise, answer)
    if not is_read(exercise) or not text:
        return None
    return read(
        text,
        profile=exercise.first_read["profile"],
        lexicon=lexicon_for(exercise.edition_id, tuple(sorted(known))),
        technical=exercise.first_read.get("audience") == "technical",
    )


def is_read(exercise: Exercise) -> bool:
    """Whether it has a first read whose profile is known here; an edition may name one that is still to come."""
    return exercise.first_read.get("profile") in PROFILES


@lru_cache(maxsize=8)
def lexicon_of(edition_id: int) -> Lexicon:
    """The word lists frozen with the edition; parsed once a process."""
    return Lexicon.from_mapping(Edition.objects.values_list("lexicon", flat=True).get(pk=edition_id))


@lru_cache(maxsize=256)
def lexicon_for(edition_id: int, known: tuple[str, ...]) -> Lexicon:
    """The same for somebody whose listeners know these words."""
    return lexicon_of(edition_id).knowing(known)


def for_the_record(
    exercise: Exercise, answer: dict[str, Any], *, meant: list[str], known: Iterable[str] = ()
) -> list[dict]:
    """What was shown when it was handed in, and what was kept on purpose. Never counted anywhere."""
    try:
        reading = first_read(exercise, answer, known=known)
    except Unreadable:
        return []
    return [{**_plain(note), "kept": note.rule in meant} for note in reading.notes] if reading else []


def _plain(note: Any) -> dict[str, Any]:
    data = asdict(note)
    return {"rule": data["rule"], "title": data["title"], "noticed": data["noticed"], "spans": data["spans"]}
