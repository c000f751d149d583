"""How a text opens: with its conclusion, or on the way to it.

A first sentence leads when it carries a verdict (a recommendation, a decision, a plan, a request),
a result, or a figure that changed. It builds up when it starts with a build-up phrase, tells what
was done, sets a scene or announces a topic, and carries no such thing. Everything between the two
is left alone: a plain statement may well be the conclusion.
"""

import re
from dataclasses import dataclass

from curriculum.firstread.lexicon import Lexicon
from curriculum.firstread.texts import Span, Text

# A reader has decided by then.
HEAD_WORDS = 25
HEADING_WORDS = 8

_GREETING = re.compile(
    r"[\W_]*(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings)\b[^,.!:\n]{0,60}[,.!:–—-]+\s*"
    r"|(?:all|team|everyone|colleagues|\w{2,20}),\s*$)"
)
_COURTESY = re.compile(
    r"[\W_]*(?:i hope|hope (?:you|this|all)|happy (?:monday|friday|new year)|thank you|thanks|many thanks|all good)\b[^,;:]{0,120}$"
)
_LABEL = re.compile(
    r"[\W_]*(?:tl;?dr|summary|short version|in one sentence|headline|status|conclusion|update|news|topic|result|decision"
    r"|recommendation|proposal|request)\s?[:–—-]\s*"
)
_PROCESS = (
    "look(?:ed|ing)|check(?:ed|ing)|compar(?:ed|ing)|analy[sz](?:ed|ing)|investigat(?:ed|ing)|review(?:ed|ing)"
    "|examin(?:ed|ing)|discuss(?:ed|ing)|met|meeting|talk(?:ed|ing)|spoke|speaking|start(?:ed|ing)|began|try(?:ing)?|tried"
    "|attempt(?:ed|ing)|test(?:ed|ing)|ran|running|work(?:ed|ing)|continu(?:ed|ing)|spent|spending|explor(?:ed|ing)"
    "|evaluat(?:ed|ing)|stud(?:ied|ying)|research(?:ed|ing)|collect(?:ed|ing)|gather(?:ed|ing)|attend(?:ed|ing)"
    "|participat(?:ed|ing)|join(?:ed|ing)|help(?:ed|ing)|support(?:ed|ing)|explain(?:ed|ing)|debug(?:ged|ging)"
    "|measur(?:ed|ing)|profil(?:ed|ing)|went|going through|conduct(?:ed|ing)|perform(?:ed|ing)|carried|held|holding"
    "|interview(?:ed|ing)|visit(?:ed|ing)|read|reading|monitor(?:ed|ing)|think(?:ing)?|thought|wonder(?:ed|ing)"
    "|assum(?:ed|ing)|plann(?:ed|ing)|prepar(?:ed|ing)|experiment(?:ed|ing)|ask(?:ed|ing)|did|doing|having|had (?:a|an|two|"
    "three|some|several|many|various|a few|a lot of|our|the) (?:\\w+ )?(?:meetings?|calls?|workshops?|discussions?|sessions?)"
)
_WHEN = r"(?:(?:in|on|at|during|after|before|since|over|for|within|this|last|yesterday|today|earlier)\b[^,.;:]{0,50}?,?\s)?"
_WHO = r"(?:i|we|my team|our team|the team|the whole team|some of us|everyone|the engineers|the developers)"
_BESIDES = r"(?:\s(?:also|just|recently|mostly|mainly|first|then|already|still|now|currently|again|both|all|so far))?"
_NARRATION = re.compile(
    rf"{_WHEN}(?:{_WHO}(?:'ve|'m|'re|'d)?{_BESIDES}(?:\s(?:was|were|have|has|had|am|are))?(?:\sbeen)?{_BESIDES}\s(?:{_PROCESS})\b"
    r"|(?:investigated|analy[sz]ed|checked|compared|reviewed|tested|looked|discussed|evaluated|worked)\s)"
)
_DONE_TO = re.compile(
    r"(?!no\b|nothing|none)(?:[\w'-]+,?\s){1,7}?(?:was|were|has been|have been|is being|are being)\s(?:\w+ly\s|also\s)?"
    r"(?:carried out|executed|performed|conducted|investigated|analy[sz]ed|reviewed|discussed|tested|run|held|started|initiated"
    r"|continued|examined|evaluated|compared|introduced|created|designed|written|developed|founded|set up)\b"
)
_SCENE = re.compile(
    r"(?:and |also |today |now )?(?:there are|we have|there were|there is)\s(?:basically |currently |now |in principle |at least )?"
    r"(?:two|three|four|five|\d+|different|various|several|many|multiple|a few|some|a lot of|a number of|lots of)\s"
    r"(?:[\w-]+\s){0,3}?(?:options|ways|approaches|possibilities|solutions|implementations|proposals|candidates|vendors"
    r"|topics|points|things|issues|problems|questions|reasons|factors|aspects|challenges|types|kinds|systems|tools)\b"
    r"|(?:our|the|this)\s(?:[\w-]+\s){1,4}?(?:uses|has used|has been using|is based on|was built|was designed|was written|consists of)\b"
    r"|have you ever\b|did you know\b|imagine\b|once upon\b"
)
_PASSED_ON = re.compile(r"(?:\bthat\s|\bto\s(?:ask|request|recommend|propose|suggest|say)\b|[:–—]\s?\w)")
_CHANGE = re.compile(
    r"\bfrom\s\S{1,20}(?:\s\S{1,20}){0,3}?\sto\s[€$£]?(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|zero|half)"
    r"|\bby\s(?:about\s|almost\s|nearly\s|over\s)?[€$£]?\d[\d.,]{0,12}\s?(?:%|per\s?cent|percent|points|times|x\b|minutes|hours|days|weeks)"
    r"|\d\s?(?:%|per\s?cent)\s(?:faster|slower|more|less|fewer|higher|lower|cheaper|up|down)"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half|\d+)\s(?:in|of|out of)\s(?:\w+\s)?(?:two|three|four|five|six|seven"
    r"|eight|nine|ten|twenty|fifty|a hundred|\d+)\b"
)
# Told only now, hedged, as what follows from all that came before.
_LATE_TURN = re.compile(
    r"\b(?:so|therefore|hence|thus|which is why|that is why|that's why|for (?:this|these|that) reasons?|in conclusion"
    r"|to conclude|to sum up|all in all|based on (?:this|that|these|the above)|given (?:this|that|all this)),?\s"
    r"(?:\w+\s){0,3}?(?:maybe|perhaps|possibly|might|could|would|i think|we think|i believe|i feel|wonder|wondering|worried"
    r"|recommend|propose|suggest|thinking)\b"
)
_STATE = re.compile(
    r"\b(?:is|are|was|were|has|have|will|can|cannot|can't|won't|should|needs?|costs?|works?)\b"
)
_SO_FAR = re.compile(r"so\s(?:far|that)\b")


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
    if lexicon.opens(heard, "build_up_openers") and not _SO_FAR.match(heard):
        return "build-up"
    verdict = _has_verdict(text, span, lexicon)
    if lexicon.opens(heard, "topic_openers"):
        return "" if _PASSED_ON.search(heard) else "topic"
    if verdict or _CHANGE.search(heard):
        return ""
    if _NARRATION.match(heard) or _DONE_TO.match(heard):
        return "narration"
    if _SCENE.match(heard) or (
        lexicon.opens(heard, "scene_openers") and not _has_outcome(text, span, lexicon)
    ):
        return "scene"
    return "scene" if _turns_late(text, span, lexicon) else ""


def _carries_conclusion(text: Text, span: Span, heard: str, lexicon: Lexicon) -> bool:
    return (
        _has_verdict(text, span, lexicon)
        or _has_outcome(text, span, lexicon)
        or bool(_CHANGE.search(heard) or _STATE.search(heard))
    )


def _has_verdict(text: Text, span: Span, lexicon: Lexicon) -> bool:
    return any(lexicon.hits(text, "verdict_markers", _head(text, span)))


def _has_outcome(text: Text, span: Span, lexicon: Lexicon) -> bool:
    return any(lexicon.hits(text, "outcome_markers", _head(text, span)))


def _turns_late(text: Text, span: Span, lexicon: Lexicon) -> bool:
    """Whether a hedged conclusion is drawn in the later half of a text that opened without one."""
    if _has_outcome(text, span, lexicon):
        return False
    middle = text.word_spans[text.words // 2][0]
    return bool(_LATE_TURN.search(text.folded, middle))


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
    for pattern in (_GREETING, _LABEL):
        found = pattern.match(text.folded, start, span[1])
        start = found.end() if found else start
    return start


def _is_preamble(text: Text, span: Span) -> bool:
    """Whether a sentence is a courtesy or a heading on its own line."""
    heard = text.heard(span).strip()
    heading = heard[-1:] not in ".!?" and len(heard.split()) <= HEADING_WORDS and not _STATE.search(heard)
    return heading or bool(_COURTESY.match(heard.rstrip(".! ")))
