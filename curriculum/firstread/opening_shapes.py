"""Shapes of a first sentence, looked for in folded text with single blanks."""

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
    r"[\W_]*(?:tl;?dr|summary|short version|in one sentence|headline|status|conclusion|update|news|topic"
    r"|result|decision|recommendation|proposal|request)\s?[:–—-]\s*"
)

# Telling what was done. "We met the date", "we ran out" and "we went live" are results, so they are not here.
_ROOTS = one_of(
    """analys|analyz|ask|assum|attempt|attend|check|collect|compar|conduct|continu|discuss|evaluat|examin
    |experiment|explain|explor|gather|help|interview|investigat|join|look|measur|monitor|participat|perform|profil|research
    |review|start|support|talk|test|visit|wonder|work"""
)
_DID = one_of(
    r"""began|carried out|debugged|met with|ran(?! out)|spent|spoke|studied|thought|tried|went through
    |did (?:a|an|some|several|many|the)
    |had (?:a|an|two|three|some|several|many|various|a few|a lot of|our|the)
     (?:\w+ )?(?:meetings?|calls?|workshops?|discussions?|sessions?)"""
)
_DOING = one_of(
    "debugging|doing|going through|having|holding|reading|running|speaking|spending|studying|thinking|trying"
)
_STILL_AT = one_of(
    """analysing|analyzing|checking|comparing|debugging|discussing|evaluating|exploring|going through
    |investigating|looking|reviewing|thinking|trying|working"""
)
_WHO = one_of("i|we|my team|our team|the team|the whole team|some of us|everyone|the engineers|the developers")
_ALSO = one_of("also|just|recently|mostly|mainly|first|then|already|still|now|currently|again|both|all|so far")
_EARLIER = one_of("in|on|at|during|after|before|since|over|for|within|this|last|yesterday|today|earlier")
NARRATION = re.compile(
    rf"(?:{_EARLIER}\b[^,.;:]{{0,50}}?,?\s)?{_WHO}(?:"
    rf"(?:'ve)?(?:\s{_ALSO})?(?:\s(?:have|has|had))?(?:\s{_ALSO})?\s(?:{_ROOTS}ed|{_DID})"
    rf"|(?:'ve|'d)?(?:\s{_ALSO})?(?:\s(?:have|has|had))?\s(?:was|were|been)(?:\s{_ALSO})?"
    rf"\s(?:{_ROOTS}ing|{_DOING})"
    rf"|(?:'m|'re|\sam|\sare|\sis)(?:\s{_ALSO})?\s{_STILL_AT})\b"
    r"|(?:investigated|analy[sz]ed|checked|compared|reviewed|tested|looked|discussed|evaluated|worked)\s"
)
# What somebody is changing, as opposed to what they are still looking at.
UNDER_WAY = re.compile(
    rf"\b(?:i|we|my team|our team|the team)(?:'m|'re|\s(?:am|are|is))(?:\s{_ALSO})?\s(?!{_STILL_AT}\b)\w{{2,20}}ing\b"
)

_DONE = one_of(
    """carried out|executed|performed|conducted|investigated|analysed|analyzed|reviewed|discussed|tested|run
    |held|started|initiated|continued|examined|evaluated|compared|introduced|created|designed|written|developed
    |founded|set up"""
)
DONE_TO = re.compile(
    r"(?!no\b|nothing|none)(?:[\w'-]+,?\s){1,7}?(?:was|were|has been|have been|is being|are being)\s"
    rf"(?:\w+ly\s|also\s)?{_DONE}\b"
)

_A_FEW = one_of(rf"{SMALL_NUMBERS}|\d+|different|various|several|many|multiple|a few|some|(?:a lot|a number|lots) of")
_MATTERS = one_of(
    """options|ways|approaches|possibilities|solutions|implementations|proposals|candidates|vendors|topics
    |points|things|issues|problems|questions|reasons|factors|aspects|challenges|types|kinds|systems|tools"""
)
_CAME_ABOUT = one_of("uses|has used|has been using|is based on|was built|was designed|was written|consists of")
SCENE = re.compile(
    r"(?:and |also |today |now )?(?:there are|we have|there were|there is)\s"
    r"(?:basically |currently |now |in principle |at least )?"
    rf"{_A_FEW}\s(?:[\w-]+\s){{0,3}}?{_MATTERS}\b"
    rf"|(?:our|the|this)\s(?:[\w-]+\s){{1,4}}?{_CAME_ABOUT}\b"
    r"|have you ever\b|did you know\b|once upon\b"
)

# What follows an announcement and is the news itself.
PASSED_ON = re.compile(r"(?:\bthat\s|\bto\s(?:ask|request|recommend|propose|suggest|say)\b|[:–—]\s?\w)")
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
LATE_TURN = re.compile(rf"\b{_HENCE},?\s(?:\w+\s){{0,3}}?{_HEDGED}\b")
SO_FAR = re.compile(r"so\s(?:far|that)\b")
