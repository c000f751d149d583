"""Shapes of a first sentence that carries the conclusion, and of what stands in front of it. In folded text."""

import re

from curriculum.firstread.shapes import BIG_NUMBERS, SMALL_NUMBERS, one_of

GREETING = re.compile(
    r"[\W_]*(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings)\b"
    r"[^,.!:\n]{0,60}[,.!:–—-]\s*"
    r"|(?:all|team|everyone|colleagues|\w{2,20}),\s*$)"
)
COURTESY = re.compile(
    r"[\W_]*(?:i hope|hope (?:you|this|all)|happy (?:monday|friday|new year)|(?:many )?thanks|thank you"
    r"|all good)\b[^,;:]{0,120}$"
)
LABEL = re.compile(
    r"[\W_]*(?:(?:tl;?dr|summary|short version|in one sentence|headline|status|conclusion|update|news|topic"
    r"|result|decision|recommendation|proposal|request|fyi)\s?[:–—-]\s*|fyi,?\s)"
)

CHANGE = re.compile(
    rf"\bfrom\s\S{{1,20}}(?:\s\S{{1,20}}){{0,3}}?\sto\s[€$£]?(?:\d|one|zero|half|{SMALL_NUMBERS})"
    r"|\bby\s(?:about\s|almost\s|nearly\s|over\s)?[€$£]?\d[\d.,]{0,12}\s?"
    r"(?:%|per\s?cent|points|times|x\b|minutes|hours|days|weeks)"
    r"|\d\s?(?:%|per\s?cent)\s(?:faster|slower|more|less|fewer|higher|lower|cheaper|up|down)"
    rf"|\b(?:one|half|{SMALL_NUMBERS}|\d+)\s(?:in|of|out of)\s(?:\w+\s)?"
    rf"(?:{SMALL_NUMBERS}|{BIG_NUMBERS}|a hundred|\d+)\b"
)
STATE = re.compile(r"\b(?:is|are|was|were|has|have|will|can|cannot|can't|won't|should|needs?|costs?|works?)\b")

# A conclusion told only now, hedged, as what follows from all that came before.
_HENCE = one_of(
    """so|therefore|hence|thus|which is why|that is why|that's why|for (?:this|these|that) reasons?
    |in conclusion|to conclude|to sum up|all in all|based on (?:this|that|these|the above)
    |given (?:this|that|all this)"""
)
_HEDGED = one_of(
    """maybe|perhaps|possibly|might|could|would|i think|we think|i believe|i feel|wonder|wondering|worried
    |recommend|propose|suggest|thinking"""
)
_SPEAKER = one_of("i|we|it|this|that|one|you")
LATE_TURN = re.compile(
    rf"\b{_HENCE},?\s(?:{_SPEAKER}\s)?(?:am |are |'m |is |would |was |were )?(?:\w+(?:ly| of)\s)?{_HEDGED}\b"
)
SO_FAR = re.compile(r"so\s(?:far|that|many|much|few|little)\b")
