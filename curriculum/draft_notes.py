"""The first read of an answer: which text of an exercise is read, and what comes of it.

`known` are words the writer's listeners know; nothing is said about them.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from functools import lru_cache, partial
from typing import Any

from . import answers, tags
from .firstread import PROFILES, Lexicon, Note, Reading, Unreadable, merged, read
from .models import Edition, Exercise

Span = tuple[int, int]
FEWEST_OF_A_SENTENCE = 4  # words; fewer with a full stop are words at the end of one


def first_read(exercise: Exercise, answer: dict[str, Any], *, known: Iterable[str] = ()) -> Reading | None:
    """None where the exercise has no first read or nothing is written yet. Raises Unreadable with a sentence."""
    text = answers.for_first_read(exercise, answer)
    if not is_read(exercise) or not text:
        return None
    read_one = partial(
        read,
        profile=profile_of(exercise, answer),
        lexicon=lexicon_for(exercise.edition_id, tuple(sorted(known))),
        technical=exercise.first_read.get("audience") == "technical",
    )
    if not exercise.first_read.get("each"):
        return read_one(text)
    texts = answers.read_apart(exercise, answer)
    return _together(texts, [read_one(one) for one in texts])


def _together(texts: list[str], readings: list[Reading]) -> Reading:
    """Texts that were read one by one, as one reading of them under each other: a rule speaks once, of all of them."""
    found: dict[str, Note] = {}
    start = 0
    for text, reading in zip(texts, readings, strict=True):
        for note in (_moved(note, start) for note in reading.notes):
            found[note.rule] = _joined(found[note.rule], note) if note.rule in found else note
        start += len(text) + 1
    works = [line for line in readings[0].working if all(line in reading.working for reading in readings)]
    notes = sorted(found.values(), key=lambda note: int(note.rule[1:]))  # in the order of the rules
    return Reading(tuple(notes), tuple(works), sum(reading.words for reading in readings))


def _moved(note: Note, start: int) -> Note:
    return replace(note, spans=tuple((begin + start, end + start) for begin, end in note.spans))


def _joined(one: Note, other: Note) -> Note:
    noticed = dict.fromkeys((one.noticed, other.noticed))
    return replace(one, noticed=" ".join(noticed), spans=(*one.spans, *other.spans), words=(*one.words, *other.words))


def profile_of(exercise: Exercise, answer: dict[str, Any]) -> str:
    """A page about what went wrong is read for blame too."""
    profile = exercise.first_read["profile"]
    return "incident" if profile == "page" and answer.get("doc_type") in ("incident", "post-mortem") else profile


def is_read(exercise: Exercise) -> bool:
    """Whether it has a first read whose profile is known here; an edition may name one that is still to come."""
    return exercise.first_read.get("profile") in PROFILES


def marks(exercise: Exercise, answer: dict[str, Any], notes: Iterable[Note]) -> list[tuple[Span, ...]]:
    """For every tagged sentence the words these notes mean, as offsets into it. A whole sentence is not marked."""
    tagging = answers.tagging_of(exercise)
    tagged = (answer.get(tagging.key) or []) if tagging else []
    passage = answers.read_as(exercise, answer, tagging.extra["of"]) if tagging else ""
    start = answers.for_first_read(exercise, answer).rfind(passage)
    spans = [(begin - start, end - start) for note in notes for begin, end in note.spans]
    spans = [(begin, end) for begin, end in spans if not _is_a_sentence(passage[max(begin, 0) : max(end, 0)])]
    return [merged(_within(where, spans)) for where in tags.places(passage, tagged)]


def _is_a_sentence(words: str) -> bool:
    return words.rstrip('"”’)').endswith((".", "!", "?", "…")) and len(words.split()) >= FEWEST_OF_A_SENTENCE


def _within(where: list[int], spans: list[Span]) -> Iterator[Span]:
    """The spans as far as they lie in a sentence whose characters stand at these places."""
    found = ((bisect_left(where, begin), bisect_left(where, end)) for begin, end in spans)
    return (span for span in found if 0 < span[1] - span[0] < len(where))


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
