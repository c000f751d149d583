"""Shapes of a request: an order, a question, somebody with a duty, a way out, a matter taken off the reader's hands.

Looked for in folded text with single blanks.
"""

import re

from curriculum.firstread.shapes import one_of

CLAUSE_END = re.compile(r"[:;–—]\s|,\s(?:and|or|so|then)\s")
# A condition or a time in front of the order.
WHEN = re.compile(
    r"[\W_]{0,4}(?:if|when|once|until|till|before|after|by|from|on|in|for|should|unless|to|with"
    r"|as soon as)\b[^,]{1,80},\s"
)

_ALWAYS_ORDERS = one_of(
    """do not|don't|approve|ask|choose|confirm|decide|give|inform|join|keep|make sure|pick|reply|say|send|sign
    |tell"""
)
# These are also names of things ("Open points", "Order volume"), so somebody or something has to follow.
_ORDERS = """accept|add|agree|allow|announce|answer|arrange|assign|assume|avoid|block|book|borrow|bring|buy|call
    |cancel
    |change|check|come|compare|contact|count|cover|delay|drop|email|expect|extend|fill|forget|forward|free|fund|grant
    |hand|help|hold|ignore|introduce|invite|leave|lend|let|limit|mail|mention|move|name|nominate|open|order|pause|pay
    |phone|postpone|press|promise|push|put|quote|raise|read|reject|release|rely|remind|remove|reserve|return
    |review|ring
    |schedule|select|set|settle|share|ship|skip|speak|spend|start|stop|submit|support|switch|take|talk|treat|trust|try
    |turn|use|vote|wait|warn|watch|write"""
_OBJECT = one_of(
    r"""the|an?|your|our|my|me|us|it|this|that|these|those|them|him|her|one|two|three|both|all|no|nobody|somebody|\d+
    |before|between|whether|either|each|every|any|to (?:me|us|the|your)|for (?:me|us|the)|with|on (?:me|us)|about"""
)
ORDER = re.compile(
    r"[\W_]{0,3}(?:(?:so|then|and|or|until then|from \w+ on|if (?:yes|no|not|so)),? )?(?:kindly |just |also )?"
    rf"(?:{_ALWAYS_ORDERS}|{one_of(_ORDERS)}\s{_OBJECT})\b"
)
NAMED_OBJECT = re.compile(rf"(?i:{one_of(_ORDERS)})\s(?:(?:Mr|Mrs|Ms|Dr)\b|[A-Z][\w'’-]+)")

QUESTION = re.compile(
    r"(?:^|[,;:–—]\s)[\W_]{0,4}(?:and |or |so |then )?"
    r"(?:can|could|will|would|shall|should|may|might|do|does|are|is|which|who|whom|whose|when|by when|how much)\b"
    r"|\b(?:can|could|will|would|shall|should|may|do|does|are|is|which|who|when|what date|how much)\b"
    r"[^?]{0,200}\b(?:we|you|your|i|it|this|that|one|us)\b|\bany (?:objections?|veto|concerns?)\b"
)

_WHO = one_of(
    r"""you|your (?:team|people|side|department|office)|nobody|no one|everyone|both (?:of you|\w+s)
    |(?:the|our) (?:board|committee|council|directors?|management|ministry|sponsor|steering (?:group|committee))
    |(?:finance|legal|sales|hr|marketing|purchasing|procurement|support|operations|security)
    |(?:heads|leads|owners|managers|directors) of \w+|(?:team|store|shop|plant|site|shift) (?:leads|leaders
    |managers)"""
)
_HAS_TO = one_of(
    """needs?|have to|has to|should(?! be| have)|owe|owes|do not|does not|don't|doesn't|are asked|is asked
    |(?:can|may|need) (?:not |safely |now |also )?(?:ignore|stop|start|tell|choose|say|plan|count|rely|leave
    |forget|skip
    |do|close|keep|use|go|wait|sleep|take|cross)"""
)
_WANTED = one_of(
    "needed|required|necessary|expected|asked|to do|left to do|to decide|to settle|from you|for you|on your side"
)
_ANSWER = one_of(
    """decision|approval|yes|answer|reply|word|nod|signature|budget|go|go-ahead|feedback|input|choice|ok|okay
    |veto|call
    |agreement"""
)
# What "you" is told to do, or to let be; where to find things is not meant.
_YOU = (
    r"(?:^|[,;:–—]\s)[\W_]{0,4}(?:(?:so|then|and|but|therefore|for now|until then|meanwhile|if yes|if not"
    r"|if so),?\s)?"
    r"you (?:only |both |still |just |also )?(?:can|may|would|should|could|need|owe|decide|choose|do not|don't"
    r"|have to|have"
    r" nothing|have until|will not|won't)\b(?! (?:find|see|read|look|download|access|imagine|remember"
    r"|be informed|have noticed))"
)
HANDED_OVER = re.compile(
    rf"{_YOU}|\b{_WHO}\s(?:only |both |still |just )?{_HAS_TO}\b"
    rf"|\b(?:no|nothing|neither|none)\b[^.!?]{{0,60}}\b{_WANTED}\b"
    rf"|\bneeds? (?:a|an|your|the|one|two|both|board|budget|written)\b[^.!?]{{0,40}}\b{_ANSWER}\b"
    rf"|\b{_ANSWER}\b[^.!?]{{0,30}}\b(?:by|before|until|needed|due|from you|is enough|will do|suffices)\b"
    rf"|\b(?:i|we)(?:'d|\swould)?\s(?:like|love|want|need|ask for|appreciate|value|welcome)\s(?:to have |to get )?"
    rf"(?:a|an|the|your|you|one|two|both|his|her|their|that)\b"
    r"|\b(?:i|we)\b[^.!?]{0,60}\b(?:need|want|ask) (?!to\b)(?:[\w']+ ){1,3}to \w+"
    r"|\bunless (?:you|anyone|anybody|someone|somebody|one of you|either|i hear|we hear|that|this|told|stopped)\b"
    r"|\b(?:if|should|once|when|as soon as) (?:you|your|anyone|anybody|one of you|either of you)\b"
    r"(?! (?:have|had|wonder|are interested|would like to know|want to know|need more|are looking|look|open|log"
    r"|click))"
    r"|\b(?:from|on) your side\b|\bfrom you\b|\bon your desk\b|\byour turn\b|\bin your hands\b|\bup to you\b"
    r"|\bfor you there is\b|\bleave (?:it|this|that|the rest) (?:with|to) (?:me|us)\b|\bstays with (?:me|us)\b"
    r"|\b(?:i|we) take (?:care|it from here)\b|\bover to you\b"
    r"|\b(?:what|all) (?:i|we) (?:need|ask|want|am after|are after|ask for)\b|\bnothing (?:left |more )?to \w+"
    r"|\bmy (?:request|wish|ask|question|plea|proposal|suggestion)\s?(?:is|to you|:)"
)
# A last sentence that turns to the reader, or says what happens without one.
TURNS_TO_READER = re.compile(r"\b(?:you|your|yours|unless)\b|\bis enough\b|^\W{0,3}(?:if|should|until)\b")
# Closings that sound like a request and ask nothing.
NOT_ASKED = re.compile(
    r"please (?:find|see|note|refer|be (?:aware|informed))|\b(?:any|further|more|other|additional"
    r"|some) (?:\w+ )?(?:questions?|comments)\b"
    r"|\bany thoughts\b|\bin case of questions?\b|\bhesitate\b|\breach out\b|\bquestions?,? (?:please|feel free"
    r"|just)\b"
    r"|\bthank you\b|\bthanks\b|\bas you (?:know|can see|may know|see)\b|\b(?:informed|updated|posted"
    r"|in the loop)\b|\bwelcome\b"
    r"|\byou (?:can|may|will) (?:\w+ )?(?:find|see|read|look|download|access)\b|\b(?:told|informed|showed|sent) you\b"
)
