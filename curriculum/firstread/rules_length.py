"""H1 and H8: how long a text takes to say, and how long its sentences are."""

import re

from curriculum.firstread.context import Draft
from curriculum.firstread.notes import Note, note
from curriculum.firstread.texts import SPOKEN, Span

FEWEST_WORDS, MOST_WORDS, WORDS_A_MINUTE = 60, 160, 140
LONG_SENTENCE, LONG_ON_AVERAGE, SHORT_ON_AVERAGE = 32, 22, 18

_JOINT = re.compile(r"[;:]|\b(?:and|but|so|which|because|while|although)\b")
# A cut this near the start or the end of a sentence would not make two.
_MARGIN = 10


def seconds(draft: Draft) -> int:
    """How long the text takes to say at a calm pace."""
    return round(draft.text.words / WORDS_A_MINUTE * 60)


def h1(draft: Draft) -> Note | None:
    """A note where a minute is too short or too long for the text.

    Over the limit it marks the words past the end; under it, it marks nothing.
    """
    words = draft.text.words
    if words > MOST_WORDS:
        rest = (draft.text.word_spans[MOST_WORDS][0], draft.text.word_spans[-1][1])
        return note("H1", "H1-over", [rest], words=words, seconds=seconds(draft))
    if words < FEWEST_WORDS:
        return note("H1", "H1-short", words=words, seconds=seconds(draft))
    return None


def h8(draft: Draft) -> Note | None:
    """A note on sentences that are long, one by one or on average; marks those sentences.

    A semicolon lets a listener breathe: a sentence is as long as its longest part between two of them.
    """
    lengths, breaths = draft.text.sentence_lengths, [_breath(draft, span) for span in draft.text.sentences]
    mean, longest = sum(lengths) / len(lengths), lengths[breaths.index(max(breaths))]
    if max(breaths) <= LONG_SENTENCE and mean <= LONG_ON_AVERAGE:
        return None
    cut = _cut(draft, draft.text.sentences[breaths.index(max(breaths))])
    if max(breaths) <= LONG_SENTENCE:
        long = [span for span, length in zip(draft.text.sentences, lengths, strict=True) if length > LONG_ON_AVERAGE]
        return note("H8", "H8-mean", long, mean=round(mean), longest=max(lengths), cut=cut)
    long = [span for span, words in zip(draft.text.sentences, breaths, strict=True) if words > LONG_SENTENCE]
    if len(long) == 1:
        return note("H8", "H8-one", long, longest=longest, cut=cut)
    return note("H8", "H8-some", long, n=len(long), limit=LONG_SENTENCE, cut=cut)


def short_sentences(draft: Draft) -> bool:
    """Whether the sentences are short enough to say so."""
    lengths = draft.text.sentence_lengths
    return len(lengths) > 1 and sum(lengths) / len(lengths) <= SHORT_ON_AVERAGE


def _breath(draft: Draft, span: Span) -> int:
    return max(len(SPOKEN.findall(part)) for part in draft.text.said(span).split(";"))


def _cut(draft: Draft, span: Span) -> str:
    """Where to cut a sentence in two: at the joining word nearest its middle."""
    middle = (span[0] + span[1]) // 2
    joints = list(_JOINT.finditer(draft.text.folded, span[0] + _MARGIN, max(span[0] + _MARGIN, span[1] - _MARGIN)))
    if not joints:
        return "Cut it in two."
    return f"Cut it at “{min(joints, key=lambda joint: abs(joint.start() - middle)).group()}”."
