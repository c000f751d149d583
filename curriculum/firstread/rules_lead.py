"""H2 and H3: the conclusion first, and an answer to each of the four questions."""

import re

from curriculum.firstread.context import Draft
from curriculum.firstread.notes import Note, listed, note, quotable
from curriculum.firstread.opening_shapes import UNDER_WAY
from curriculum.firstread.openings import verdict_after
from curriculum.firstread.shapes import DATE

# How a note names each question, and what it proposes to answer.
_QUESTIONS = {
    "what": ("“what it is”", "what are you changing, and for whom?"),
    "why": ("“why it matters”", "what does somebody gain, or lose without it?"),
    "wrong": ("“what the risk is”", "what could turn out differently, and what do you do then?"),
    "when": ("“when”", "by which date, or how sure are you of it?"),
}
# What could turn out differently, and who would feel it, also where no word for risk stands.
_OTHERWISE = re.compile(
    r"\b(?:if\s(?:it|they|he|she|that|this|one|somebody|someone|a|an|the|you|your|we)\b|should\s(?:it|they)\b|can\sstill\b"
    r"|what\scan\s(?:happen|go)\b|complain\w*|by\smistake\b|has\sto\swait\b|have\sto\swait\b|except(?:ion)?\b|at\sworst\b"
    r"|in\sthe\sworst\b|not\syet\b|cannot\sdo\syet\b|could\s(?:go|end|land|lose|miss|stop)\b)"
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
    return question == "what" and (leads(draft) or bool(UNDER_WAY.search(draft.text.folded)))
