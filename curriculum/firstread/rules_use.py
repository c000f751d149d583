"""H9 to H11: whether a reader finds out what to do with a text, and in which order."""

from collections.abc import Iterator

from curriculum.firstread.context import Draft
from curriculum.firstread.notes import NO_DECISION, Note, listed, note
from curriculum.firstread.shapes import is_agentless_passive, measurements, numbers
from curriculum.firstread.texts import Span

ORDER = "KFD"
_CARRIES = {"K": "the facts", "F": "how to take them", "D": "what to do"}
PASSIVE_SHARE = 0.25


def h9(draft: Draft) -> Note | None:
    """A note on many facts without a use: three of five signs where no ask is found, else the other four.

    Marks the sentences full of figures and those that do not say who did it.
    """
    dense, passive = list(_dense(draft)), list(_passive(draft))
    signs = [
        bool(dense),
        len(passive) >= PASSIVE_SHARE * len(draft.text.sentences),
        not any(draft.lexicon.hits(draft.text, "feel_markers")),
        draft.opening.builds_up,
    ]
    spans = [*dense, *passive] or [draft.opening.span]
    if draft.has_ask:
        return note("H9", "H9-feel", spans) if all(signs) else None
    return note("H9", "H9", spans, NO_DECISION) if sum(signs) >= 2 else None


def h10(draft: Draft) -> Note | None:
    """A note on tags in another order than know, feel, decide; marks the tag to look at."""
    letters = [letter for letter, _ in draft.text.tags]
    if not letters or in_order(draft):
        return None
    present = sorted({*ORDER, *letters} - {"C"}, key=ORDER.index)
    wanted = [letter for each in present for letter in [each] * max(1, letters.count(each))]
    return note(
        "H10",
        "H10",
        [_to_look_at(draft)],
        "" if "D" in letters else NO_DECISION,
        strip=" ".join(letters),
        missing=listed(_lacking(letters)),
        suggested=" ".join([*wanted, *["C"] * letters.count("C")]),
    )


def in_order(draft: Draft) -> bool:
    """Whether there are tags, and they run know, feel, decide."""
    letters = [letter for letter, _ in draft.text.tags if letter != "C"]
    return letters[:1] == ["K"] and "D" in letters and "F" in letters[: letters.index("D")]


def h11(draft: Draft) -> Note | None:
    """A note where no ask is in sight; marks the last sentence, where one is looked for."""
    return None if draft.has_ask else note("H11", "H11", [draft.text.sentences[-1]], NO_DECISION)


def asks(draft: Draft) -> bool:
    """Whether an ask is in sight."""
    return draft.has_ask


def _dense(draft: Draft) -> Iterator[Span]:
    """Sentences with two measurements, or with any figure in a text of more figures than sentences."""
    heard = [(span, draft.text.heard(span)) for span in draft.text.sentences]
    crowded = sum(numbers(words) for _, words in heard) > len(heard)
    return (span for span, words in heard if measurements(words) >= 2 or (crowded and numbers(words)))


def _passive(draft: Draft) -> Iterator[Span]:
    return (span for span in draft.text.sentences if is_agentless_passive(draft.text.heard(span)))


def _lacking(letters: list[str]) -> list[str]:
    """What a reader leaves without: what has no tag, or else what comes too late."""
    absent = [_CARRIES[letter] for letter in ORDER if letter not in letters]
    return absent or [_CARRIES["F" if letters.index("K") < letters.index("D") else "K"]]


def _to_look_at(draft: Draft) -> Span:
    """The first tag if it is not Know, else the Decide that comes too early, else the last one."""
    tags = [tag for tag in draft.text.tags if tag[0] != "C"] or list(draft.text.tags)
    if tags[0][0] != "K":
        return tags[0][1]
    return next((span for letter, span in tags if letter == "D"), tags[-1][1])
