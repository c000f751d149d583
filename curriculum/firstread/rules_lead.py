"""H2 and H3: the conclusion first, and an answer to each of the four questions."""

import re

from curriculum.firstread.build_up_shapes import UNDER_WAY
from curriculum.firstread.context import Draft
from curriculum.firstread.notes import Note, listed, note, quotable
from curriculum.firstread.openings import verdict_after
from curriculum.firstread.shapes import BIG_NUMBERS, DATE, SMALL_NUMBERS

# How a note names each question, and what it proposes to answer.
_QUESTIONS = {
    "what": ("“what it is”", "what are you changing, and for whom?"),
    "why": ("“why it matters”", "what does somebody gain, or lose without it?"),
    "wrong": ("“what the risk is”", "what could turn out differently, and what do you do then?"),
    "when": ("“when”", "by which date, or how sure are you of it?"),
}
# What could turn out differently, also where no word for risk stands: a condition, an exception, a doubt, a flaw.
_OTHERWISE = re.compile(
    r"\bif (?!you (?:agree|want|like|approve|say yes|prefer|have)|possible|that makes)\b|\bunless\b"
    r"|\botherwise\b|\bin case\b"
    r"|(?:^|[.;] )should (?:it|they|he|she|a|an|the|one|somebody|someone|anything|something)\b|\b(?:though"
    r"|however|exception|except)\b"
    r"|\b(?:trap|fault|mistakes?|doubts?|drop|flaw|catch|limits?|unknown|hardest|trickiest|fragile|complain\w*"
    r"|forgets?|forgotten|by hand)\b"
    r"|\b(?:cannot|can't|could not|will not|won't|not) (?:yet )?(?:promise|guarantee|know|do yet|sure|certain"
    r"|tell yet)\b"
    r"|\b(?:not|nothing) (?:real life|everything|yet|until)\b|\bby mistake\b|\b(?:has|have) to wait\b"
    r"|\bat worst\b|\bin the worst\b"
    r"|\bcan still\b|\bwhat can (?:happen|go)\b|\bcould (?:go|end|land|lose|miss|stop|get|come|turn|happen|ring"
    r"|make)\b"
    r"|\bmay (?:go|end|land|lose|miss|stop|get|come|turn|happen|be|have|make|take|find|need|see)\b"
)
# What it is worth, or what it costs to go without: money, shares, one of so many, this instead of that.
_WORTH = re.compile(
    r"[€$£]\s?\d|(?<![\d.,])\d[\d.,]{0,12}\s?(?:%|per\s?cent|francs|crowns|zloty|rupees|million)|\b(?:per cent"
    r"|million)\b"
    rf"|\b(?:one|half|{SMALL_NUMBERS}|\d+) (?:\w+ )?(?:in|of|out of) (?:\w+ )?(?:{SMALL_NUMBERS}|{BIG_NUMBERS}|\d+)\b"
    r"|\binstead of\b|\brather than\b|\bno longer\b|\bnobody\b|\bnever again\b"
)
_NO_PLACE = "Start with what you would say if you had ten seconds."


def h2(draft: Draft) -> Note | None:
    """A note where the first sentence builds up to the point instead of making it; marks that sentence."""
    opening = draft.opening
    if not opening.builds_up:
        return None
    later = verdict_after(draft.text, opening.span, draft.lexicon)
    return note(
        "H2",
        f"H2-{opening.kind if quotable(opening.opener) else 'scene'}",
        [opening.span],
        opener=" ".join(opening.opener.split()),
        place=f" The conclusion may be in sentence {later}." if later else "",
        move=f"Move sentence {later} to the front." if later else _NO_PLACE,
    )


def leads(draft: Draft) -> bool:
    """Whether the first sentence plainly carries the conclusion."""
    return draft.opening.kind == "leads"


def h3(draft: Draft) -> Note | None:
    """A note on questions a listener would still have. It marks nothing: what is absent has no place."""
    missing = [question for question in _QUESTIONS if not _answers(draft, question)]
    if not missing:
        return None
    title = "One question is open" if len(missing) == 1 else f"{len(missing)} questions are open"
    questions = listed([_QUESTIONS[question][0] for question in missing])
    return note("H3", "H3", title=title, questions=questions, prompt=_QUESTIONS[missing[0]][1])


def _answers(draft: Draft, question: str) -> bool:
    if draft.lexicon.answers(draft.text, question):
        return True
    if question == "when":
        return bool(DATE.search(draft.text.folded))
    if question == "wrong":
        return bool(_OTHERWISE.search(draft.text.folded))
    if question == "why":
        return bool(_WORTH.search(draft.text.folded))
    return not draft.opening.builds_up or bool(UNDER_WAY.search(draft.text.folded))
