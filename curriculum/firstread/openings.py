"""How a text opens: with its conclusion, or on the way to it.

A first sentence leads when it carries a verdict (a recommendation, a decision, a plan, a request),
a result, or a figure that changed. It builds up when it starts with a build-up phrase, tells what
was done, sets a scene or announces a topic, and carries no such thing. Everything between the two
is left alone: a plain statement may well be the conclusion.
"""

from dataclasses import dataclass

from curriculum.firstread import build_up_shapes as built
from curriculum.firstread import opening_shapes as shapes
from curriculum.firstread.lexicon import Lexicon
from curriculum.firstread.texts import Span, Text

# A reader has decided by then.
HEAD_WORDS = 25
HEADING_WORDS = 8
# A first sentence longer than this, with so many "and" in it, tells a story.
CHAIN_WORDS, CHAIN_ANDS = 32, 3
# So many commas make a list.
LISTED = 2


@dataclass(frozen=True)
class Opening:
    """The sentence a reader meets first, greetings and headings passed over, and what it does.

    `kind` is "build-up", "narration", "scene" or "topic" where it builds up; "leads" where it
    plainly carries the conclusion; "plain" where the rules cannot tell. `opener` is the phrase
    that starts a build-up, as written.
    """

    span: Span
    kind: str
    opener: str = ""

    @property
    def builds_up(self) -> bool:
        """Whether the sentence is plainly on the way to the point."""
        return self.kind not in ("leads", "plain")


def opening(text: Text, lexicon: Lexicon) -> Opening:
    """How the text opens."""
    span = _first_sentence(text)
    heard = " ".join(text.heard(span).split())
    kind = _building(text, span, heard, lexicon)
    if kind == "build-up":
        length = len(lexicon.opens(text.heard(span), "build_up_openers") or "")
        return Opening(span, kind, text.said((span[0], span[0] + length)))
    if kind:
        return Opening(span, kind)
    return Opening(span, "leads" if _carries_conclusion(text, span, heard, lexicon) else "plain")


def verdict_after(text: Text, span: Span, lexicon: Lexicon) -> int | None:
    """The number, from 1, of the first later sentence that carries a verdict."""
    for number, each in enumerate(text.sentences, start=1):
        if each[0] > span[0] and any(lexicon.hits(text, "verdict_markers", each)):
            return number
    return None


def _building(text: Text, span: Span, heard: str, lexicon: Lexicon) -> str:
    """How the first sentence builds up, or nothing."""
    if lexicon.opens(heard, "build_up_openers") and not shapes.SO_FAR.match(heard):
        return "build-up"
    clause = built.core(heard)
    if lexicon.opens(heard, "topic_openers") or built.ANNOUNCES.match(heard) or built.ANNOUNCES.match(clause):
        return "" if _passes_news_on(heard) else "topic"
    if _has_verdict(text, span, lexicon) or shapes.CHANGE.search(heard):
        return ""
    if _runs_on(heard):
        return "narration"
    if built.NARRATION.match(clause) or built.DONE_TO.match(clause):
        return "" if built.CAME_OF_IT.search(heard) else "narration"
    if _has_outcome(text, span, lexicon):
        return "scene" if built.SCENE.match(clause) else ""
    return "scene" if _sets_scene(heard, clause, lexicon) or _turns_late(text, lexicon) else ""


def _runs_on(heard: str) -> bool:
    """Whether one thing is told after another, with "and"."""
    return len(heard.split()) > CHAIN_WORDS and heard.count(" and ") >= CHAIN_ANDS


def _passes_news_on(heard: str) -> bool:
    """Whether an announcement goes on to the news itself. A list of what was done is not news yet."""
    found = built.PASSED_ON.search(heard)
    if not found or built.DESCRIBES.search(heard):
        return False
    return not found["news"] or found["news"].count(",") < LISTED or bool(shapes.STATE.search(found["news"]))


def _sets_scene(heard: str, clause: str, lexicon: Lexicon) -> bool:
    """Whether the first sentence is background: what exists, when it began, what broke."""
    if built.SCENE.match(clause) or built.TROUBLE.match(clause) or built.TIMELINE.match(heard):
        return True
    opener = lexicon.opens(heard, "scene_openers")
    if opener and built.AT_SOME_TIME.match(heard) and not built.HAPPENS_TO_SOMEBODY.match(clause):
        return False
    return bool(opener or built.AS_SAID.match(heard))


def _carries_conclusion(text: Text, span: Span, heard: str, lexicon: Lexicon) -> bool:
    return (
        _has_verdict(text, span, lexicon)
        or _has_outcome(text, span, lexicon)
        or bool(shapes.CHANGE.search(heard) or shapes.STATE.search(heard))
    )


def _has_verdict(text: Text, span: Span, lexicon: Lexicon) -> bool:
    return any(lexicon.hits(text, "verdict_markers", _head(text, span)))


def _has_outcome(text: Text, span: Span, lexicon: Lexicon) -> bool:
    return any(lexicon.hits(text, "outcome_markers", _head(text, span)))


def _turns_late(text: Text, lexicon: Lexicon) -> bool:
    """Whether a hedged conclusion is drawn in the later half of a text that opened without one."""
    middle = text.word_spans[text.words // 2][0]
    return bool(shapes.LATE_TURN.search(text.folded, middle))


def _head(text: Text, span: Span) -> Span:
    """The part of the first sentence a reader takes in before deciding to go on."""
    words = [word for word in text.word_spans if span[0] <= word[0] < span[1]][:HEAD_WORDS]
    return (span[0], min(words[-1][1], span[1])) if words else span


def _first_sentence(text: Text) -> Span:
    """The first sentence that says something, without a greeting or label in front."""
    for span, following in zip(text.sentences, [*text.sentences[1:], None], strict=True):
        start = _past_greeting(text, span)
        if start < span[1] and (following is None or not _is_preamble(text, (start, span[1]))):
            return start, span[1]
    return text.sentences[-1]


def _past_greeting(text: Text, span: Span) -> int:
    """Where a sentence begins after "Hi Anna," or "Summary:"."""
    start = span[0]
    for pattern in (shapes.GREETING, shapes.LABEL):
        found = pattern.match(text.folded, start, span[1])
        start = found.end() if found else start
    return start


def _is_preamble(text: Text, span: Span) -> bool:
    """Whether a sentence is a courtesy or a heading on its own line."""
    heard = text.heard(span).strip()
    heading = heard[-1:] not in ".!?" and len(heard.split()) <= HEADING_WORDS and not shapes.STATE.search(heard)
    return heading or bool(shapes.COURTESY.match(heard.rstrip(".! ")))
