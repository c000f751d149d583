"""Shapes of a first sentence, looked for in folded text with single blanks."""

import re

from curriculum.firstread.shapes import BIG_NUMBERS, SMALL_NUMBERS, one_of

GREETING = re.compile(
    r"[\W_]*(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings)\b[^,.!:\n]{0,60}[,.!:–—-]\s*"
    r"|(?:all|team|everyone|colleagues|\w{2,20}),\s*$)"
)
COURTESY = re.compile(
    r"[\W_]*(?:i hope|hope (?:you|this|all)|happy (?:monday|friday|new year)|(?:many )?thanks|thank you|all good)"
    r"\b[^,;:]{0,120}$"
)
LABEL = re.compile(
    r"[\W_]*(?:tl;?dr|summary|short version|in one sentence|headline|status|conclusion|update|news|topic|result"
    r"|decision|recommendation|proposal|request)\s?[:–—-]\s*"
)

_PROCESS = one_of(
    r"""look(?:ed|ing)|check(?:ed|ing)|compar(?:ed|ing)|analy[sz](?:ed|ing)|investigat(?:ed|ing)|review(?:ed|ing)
    |examin(?:ed|ing)|discuss(?:ed|ing)|met|meeting|talk(?:ed|ing)|spoke|speaking|start(?:ed|ing)|began|try|trying
    |tried|attempt(?:ed|ing)|test(?:ed|ing)|ran|running|work(?:ed|ing)|continu(?:ed|ing)|spent|spending
    |explor(?:ed|ing)|evaluat(?:ed|ing)|stud(?:ied|ying)|research(?:ed|ing)|collect(?:ed|ing)|gather(?:ed|ing)
    |attend(?:ed|ing)|participat(?:ed|ing)|join(?:ed|ing)|help(?:ed|ing)|support(?:ed|ing)|explain(?:ed|ing)
    |debug(?:ged|ging)|measur(?:ed|ing)|profil(?:ed|ing)|went|going through|conduct(?:ed|ing)|perform(?:ed|ing)
    |carried|held|holding|interview(?:ed|ing)|visit(?:ed|ing)|read|reading|monitor(?:ed|ing)|think|thinking|thought
    |wonder(?:ed|ing)|assum(?:ed|ing)|plann(?:ed|ing)|prepar(?:ed|ing)|experiment(?:ed|ing)|ask(?:ed|ing)|did|doing
    |having
    |had (?:a|an|two|three|some|several|many|various|a few|our|the) (?:\w+ )?(?:meetings?|calls?|workshops?|sessions?)"""
)
_WHO = one_of(
    """i|we|my team|our team|the team|the whole team|some of us|everyone|the engineers|the developers"""
)
_BESIDES = one_of(
    "also|just|recently|mostly|mainly|first|then|already|still|now|currently|again|both|all|so far"
)
_EARLIER = one_of("in|on|at|during|after|before|since|over|for|within|this|last|yesterday|today|earlier")
NARRATION = re.compile(
    rf"(?:{_EARLIER}\b[^,.;:]{{0,50}}?,?\s)?{_WHO}(?:'ve|'m|'re|'d)?(?:\s{_BESIDES})?"
    rf"(?:\s(?:was|were|have|has|had|am|are))?(?:\sbeen)?(?:\s{_BESIDES})?\s{_PROCESS}\b"
    r"|(?:investigated|analy[sz]ed|checked|compared|reviewed|tested|looked|discussed|evaluated|worked)\s"
)

_DONE = one_of(
    """carried out|executed|performed|conducted|investigated|analysed|analyzed|reviewed|discussed|tested|run|held
    |started|initiated|continued|examined|evaluated|compared|introduced|created|designed|written|developed|founded
    |set up"""
)
DONE_TO = re.compile(
    r"(?!no\b|nothing|none)(?:[\w'-]+,?\s){1,7}?(?:was|were|has been|have been|is being|are being)\s"
    rf"(?:\w+ly\s|also\s)?{_DONE}\b"
)

_A_FEW = one_of(
    rf"{SMALL_NUMBERS}|\d+|different|various|several|many|multiple|a few|some|a lot of|a number of|lots of"
)
_MATTERS = one_of(
    """options|ways|approaches|possibilities|solutions|implementations|proposals|candidates|vendors|topics|points
    |things|issues|problems|questions|reasons|factors|aspects|challenges|types|kinds|systems|tools"""
)
_CAME_ABOUT = one_of(
    "uses|has used|has been using|is based on|was built|was designed|was written|consists of"
)
SCENE = re.compile(
    r"(?:and |also |today |now )?(?:there are|we have|there were|there is)\s"
    r"(?:basically |currently |now |in principle |at least )?"
    rf"{_A_FEW}\s(?:[\w-]+\s){{0,3}}?{_MATTERS}\b"
    rf"|(?:our|the|this)\s(?:[\w-]+\s){{1,4}}?{_CAME_ABOUT}\b"
    r"|have you ever\b|did you know\b|imagine\b|once upon\b"
)

# What follows an announcement and is the news itself.
PASSED_ON = re.compile(r"(?:\bthat\s|\bto\s(?:ask|request|recommend|propose|suggest|say)\b|[:–—]\s?\w)")
CHANGE = re.compile(
    rf"\bfrom\s\S{{1,20}}(?:\s\S{{1,20}}){{0,3}}?\sto\s[€$£]?(?:\d|one|zero|half|{SMALL_NUMBERS})"
    r"|\bby\s(?:about\s|almost\s|nearly\s|over\s)?[€$£]?\d[\d.,]{0,12}\s?"
    r"(?:%|per\s?cent|points|times|x\b|minutes|hours|days|weeks)"
    r"|\d\s?(?:%|per\s?cent)\s(?:faster|slower|more|less|fewer|higher|lower|cheaper|up|down)"
    rf"|\b(?:one|half|{SMALL_NUMBERS}|\d+)\s(?:in|of|out of)\s(?:\w+\s)?(?:{SMALL_NUMBERS}|{BIG_NUMBERS}|a hundred|\d+)\b"
)
STATE = re.compile(
    r"\b(?:is|are|was|were|has|have|will|can|cannot|can't|won't|should|needs?|costs?|works?)\b"
)

# A conclusion told only now, hedged, as what follows from all that came before.
_HENCE = one_of(
    """so|therefore|hence|thus|which is why|that is why|that's why|for (?:this|these|that) reasons?|in conclusion
    |to conclude|to sum up|all in all|based on (?:this|that|these|the above)|given (?:this|that|all this)"""
)
_HEDGED = one_of(
    """maybe|perhaps|possibly|might|could|would|i think|we think|i believe|i feel|wonder|wondering|worried
    |recommend|propose|suggest|thinking"""
)
LATE_TURN = re.compile(rf"\b{_HENCE},?\s(?:\w+\s){{0,3}}?{_HEDGED}\b")
SO_FAR = re.compile(r"so\s(?:far|that)\b")
