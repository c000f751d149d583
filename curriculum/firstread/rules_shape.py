"""H1, H3 and H8 to H11: how long a text is, and what a reader finds in it and where."""

import re
from collections.abc import Iterator

from curriculum.firstread.context import Draft
from curriculum.firstread.notes import NO_DECISION, Note, listed, note
from curriculum.firstread.shapes import DATE, is_agentless_passive, measurements, numbers
from curriculum.firstread.texts import Span

SHORTEST, LONGEST, WORDS_A_MINUTE = 60, 160, 140
LONG_SENTENCE, LONG_ON_AVERAGE, SHORT_ON_AVERAGE = 32, 22, 18

_QUESTIONS = {
    "what": ("*what it is*", "what are you changing, and for whom?"),
    "why": ("*why it matters*", "what does somebody gain, or lose without it?"),
    "wrong": ("*what the risk is*", "what could go another way, and what do you do then?"),
    "when": ("*when*", "by which date, or how sure are you of it?"),
}
_CONJUNCTION = re.compile(
    r"[;:]|(?<=,\s)(?:and|but|so|which|because|while|although|as)\b|\b(?:because|but|which|so|and|while|although)\b"
)


def seconds(draft: Draft) -> int:
    """How long the text takes to say at a calm pace."""
    return round(draft.text.words / WORDS_A_MINUTE * 60)


def h1(draft: Draft) -> Note | None:
    """A note where a minute is too short or too long for the text; marks the words past the end."""
    words = draft.text.words
    if words > LONGEST:
        rest = (draft.text.word_spans[LONGEST][0], draft.text.word_spans[-1][1])
        return note("H1", "H1-over", [rest], words=words, seconds=seconds(draft))
    if words < SHORTEST:
        return note("H1", "H1-short", words=words, seconds=seconds(draft))
    return None


def h3(draft: Draft) -> Note | None:
    """A note on questions a listener would still have. It marks nothing: there is no place for what is absent."""
    missing = [question for question in _QUESTIONS if not _answers(draft, question)]
    if not missing:
        return None
    questions = listed([_QUESTIONS[question][0].strip("*") for question in missing])
    title = "One question open" if len(missing) == 1 else f"{len(missing)} questions open"
    return note("H3", "H3", title=title, questions=f"“{questions}”", prompt=_QUESTIONS[missing[0]][1])


def h8(draft: Draft) -> Note | None:
    """A note on sentences that are long, one by one or on average."""
    lengths = draft.text.sentence_lengths
    mean, longest = sum(lengths) / len(lengths), max(lengths)
    if longest <= LONG_SENTENCE and mean <= LONG_ON_AVERAGE:
        return None
    limit = LONG_SENTENCE if longest > LONG_SENTENCE else LONG_ON_AVERAGE
    long = [span for span, length in zip(draft.text.sentences, lengths, strict=True) if length > limit]
    cut = _cut(draft, draft.text.sentences[lengths.index(longest)])
    if longest <= LONG_SENTENCE:
        return note("H8", "H8-mean", long, mean=round(mean), longest=longest, cut=cut)
    title = f"One sentence has {longest} words" if len(long) == 1 else f"{len(long)} long sentences"
    noticed = (
        f"{title}." if len(long) == 1 else f"{len(long)} sentences have more than {LONG_SENTENCE} words."
    )
    return note("H8", "H8-one", long, title=title, noticed=noticed, cut=cut)


def short_sentences(draft: Draft) -> bool:
    """Whether the sentences are short enough to say so."""
    lengths = draft.text.sentence_lengths
    return len(lengths) > 1 and sum(lengths) / len(lengths) <= SHORT_ON_AVERAGE


def h9(draft: Draft) -> Note | None:
    """A note on many facts without a use: three of five signs with no ask, or all the other four."""
    dense, passive = list(_dense(draft)), list(_passive(draft))
    signs = [
        bool(dense),
        not draft.has_ask,
        len(passive) >= 0.25 * len(draft.text.sentences),
        not any(draft.lexicon.hits(draft.text, "feel_markers")),
        draft.opening.kind not in ("leads", "plain"),
    ]
    if sum(signs) < (4 if draft.has_ask else 3):
        return None
    spans = [*dense, *passive] or [draft.opening.span]
    return note("H9", "H9-feel", spans) if draft.has_ask else note("H9", "H9", spans, NO_DECISION)


def h10(draft: Draft) -> Note | None:
    """A note on tags in another order than know, feel, decide. Marks the tags it means."""
    core = [(letter, span) for letter, span in draft.text.tags if letter != "C"]
    strip = " ".join(letter for letter, _ in draft.text.tags)
    letters = [letter for letter, _ in core]
    if not strip or _in_order(letters):
        return None
    known = [letter for letter in "KFD" if letter in letters]
    lacking = {"K": "the facts", "F": "how to take them", "D": "what to do"}
    missing = [lacking[letter] for letter in "KFD" if letter not in letters]
    suggested = " ".join([*sorted(letters + [x for x in "KFD" if x not in known], key="KFD".index)])
    return note(
        "H10", "H10", [_out_of_order(draft)], "" if "D" in letters else NO_DECISION,
        strip=strip, missing=listed(missing) if missing else "the facts", suggested=suggested,
    )  # fmt: skip


def in_order(draft: Draft) -> bool:
    """Whether there are tags, and they run know, feel, decide."""
    return bool(draft.text.tags) and h10(draft) is None


def h11(draft: Draft) -> Note | None:
    """A note where no ask is in sight; marks the last sentence, where one is looked for."""
    return None if draft.has_ask else note("H11", "H11", [draft.text.sentences[-1]], NO_DECISION)


def _answers(draft: Draft, question: str) -> bool:
    if draft.lexicon.answers(draft.text, question):
        return True
    if question == "when":
        return bool(DATE.search(draft.text.folded))
    return question == "what" and draft.opening.kind == "leads"


def _cut(draft: Draft, span: Span) -> str:
    """Where to cut a sentence in two: at the joining word nearest its middle."""
    middle = (span[0] + span[1]) // 2
    joints = [
        m for m in _CONJUNCTION.finditer(draft.text.folded, *span) if span[0] + 10 < m.start() < span[1] - 10
    ]
    if not joints:
        return "Cut it in two."
    return f"Cut it at “{min(joints, key=lambda m: abs(m.start() - middle)).group()}”."


def _dense(draft: Draft) -> Iterator[Span]:
    """Sentences full of figures: two measurements, or every one with a figure where the average is over one."""
    heard = [(span, draft.text.heard(span)) for span in draft.text.sentences]
    crowded = sum(numbers(words) for _, words in heard) > len(heard)
    return (span for span, words in heard if measurements(words) >= 2 or (crowded and numbers(words) >= 1))


def _passive(draft: Draft) -> Iterator[Span]:
    return (span for span in draft.text.sentences if is_agentless_passive(draft.text.heard(span)))


def _in_order(letters: list[str]) -> bool:
    return letters[:1] == ["K"] and "D" in letters and "F" in letters[: letters.index("D")]


def _out_of_order(draft: Draft) -> Span:
    """The tag to look at: the first if it is not Know, else the Decide that comes too early, else the last."""
    tags = [(letter, span) for letter, span in draft.text.tags if letter != "C"] or list(draft.text.tags)
    if tags[0][0] != "K":
        return tags[0][1]
    return next((span for letter, span in tags if letter == "D"), tags[-1][1])
