"""Shapes of a first clause on the way to the point: what was done, what exists, what the text is about.

Looked for in folded text with single blanks.
"""

import re

from curriculum.firstread.shapes import SMALL_NUMBERS, one_of

# What may stand in front of the clause that counts: a time, a place, an occasion, how it came out.
WHENEVER = one_of(
    r"""also|and|now|then|first|well|today|yesterday|recently|currently|lately|meanwhile|previously|initially
    |originally|historically|nowadays|so far|at the moment|at present|(?:this|last|the last|the past) \w+
    |(?:some|several|a few|a couple of|two|three|four|\d+) \w+ ago|technically speaking|generally(?: speaking)?"""
)
_IN_FRONT = one_of(
    "after|before|during|since|until|in|on|at|with|within|over|for|as|when|while|once|by|through|following|from"
    "|regarding"
)
_A_SUBJECT = one_of(
    "we|i|there|my team|our team|the team|the focus|everybody|everyone|the following|several|various|some|many"
    "|different"
)
_LEADING = re.compile(
    rf"{WHENEVER},?\s|{_IN_FRONT}\b[^,.;:]{{1,90}},\s|{_IN_FRONT}\s(?:[\w'-]+\s){{1,9}}?(?={_A_SUBJECT}\b)"
    r"|it turned out that\s|we (?:have )?(?:found|noticed|saw|learned|reali[sz]ed)(?: out)? that\s"
)
_MOST_LEADING = 3
AT_SOME_TIME = re.compile(rf"{WHENEVER}\b")

# Telling what was done. "We met the date", "we ran out" and "we went live" are results, so they are not here.
_ROOTS = one_of(
    """adapt|analys|analyz|ask|assum|attempt|attend|check|clarif|clean|collect|compar|conduct|configur|continu|debugg
    |defin|deploy|discuss|evaluat|examin|experiment|explain|explor|focus|focuss|gather|help|implement|integrat
    |interview
    |investigat|join|look|measur|migrat|monitor|organis|organiz|participat|perform|prepar|profil|refactor|refin
    |research
    |review|start|support|talk|test|upgrad|visit|wonder|work"""
)
_TALKS = "meetings?|calls?|workshops?|discussions?|sessions?|exchanges?"
_DID = one_of(
    rf"""began|carried out|met (?:with|again|twice|several|on|at|in|two|three|many|\d+)|ran(?! out)|spent|spoke
    |studied
    |thought|tried|went through|were busy|was busy|been busy|did (?:a|an|some|several|many|the)
    |had (?:\w+ ){{0,3}}?(?:{_TALKS})|(?:got|received) (?:\w+ )?(?:several|some|many|various|a lot of|a few
    |feedback|requests)"""
)
_DOING = one_of(
    "debugging|doing|going through|having|holding|reading|running|speaking|spending|studying|thinking|trying"
)
_STILL_AT = one_of(
    """analysing|analyzing|busy|checking|comparing|debugging|discussing|evaluating|exploring|focusing|focussing
    |going through|investigating|looking|reviewing|thinking|trying|working"""
)
_WHO = one_of(
    r"""i|we|my team|our team|the (?:\w+ )?team|some of us|all of us|everyone|everybody|the engineers|the developers
    |the colleagues|a colleague|colleagues|two colleagues|some colleagues"""
)
_ALSO = one_of("also|just|recently|mostly|mainly|first|then|already|still|now|currently|again|both|all|so far|together")
NARRATION = re.compile(
    rf"{_WHO}(?:"
    rf"(?:'ve)?(?:\s{_ALSO})?(?:\s(?:have|has|had))?(?:\s{_ALSO})?\s(?:{_ROOTS}(?:i?ed)|{_DID})"
    rf"|(?:'ve|'d)?(?:\s{_ALSO})?(?:\s(?:have|has|had))?\s(?:was|were|been)(?:\s{_ALSO})?"
    rf"\s(?:{_ROOTS}ing|{_DOING})"
    rf"|(?: in (?:the|my|our) team)?(?:'m|'re|\sam|\sare|\sis)(?:\s{_ALSO})?\s{_STILL_AT}"
    rf"|\s(?:was|were)\s(?:at|in|on)\s(?:an?|the|our)\s(?:\w+\s)?(?:{_TALKS}|board|committee|conference|training))\b"
    r"|(?:investigated|analy[sz]ed|checked|compared|reviewed|tested|looked|discussed|evaluated|worked)\s"
)
# What somebody is changing, as opposed to what they are still looking at.
UNDER_WAY = re.compile(
    rf"\b(?:i|we|my team|our team|the team)(?:'m|'re|\s(?:am|are|is))(?:\s{_ALSO})?\s(?!{_STILL_AT}\b)\w{{2,20}}ing\b"
)

_DONE = one_of(
    """adapted|added|adjusted|analysed|analyzed|carried out|changed|checked|clarified|collected|compared|conducted
    |configured|continued|created|defined|deployed|described|designed|developed|discussed|documented|evaluated
    |examined
    |bumped|converted|merged|migrated|executed|extended|founded|gathered|generated|held|implemented|initiated
    |installed|integrated|introduced
    |investigated|measured|modified|observed|performed|planned|prepared|raised|recorded|refactored|restarted|reviewed
    |rolled out|run|set up|started|tested|triggered|updated|upgraded|written"""
)
_ALL_OF_THEM = one_of(r"no|nobody|nothing|none|neither|not|only|all|every|each|both|half|most|one|\d+ of|two thirds")
DONE_TO = re.compile(
    rf"(?!{_ALL_OF_THEM}\b)(?:[\w'.-]+,?\s){{1,7}}?(?:was|were|has been|have been|is being|are being)\s"
    rf"(?:\w+ly\s|also\s|then\s)?{_DONE}\b"
)
# After telling what was done, a sentence may go on to what came of it.
CAME_OF_IT = re.compile(
    r"(?:\band|\bbut|[;:–—])\s(?:[\w'-]+\s){0,3}?(?:(?:nobody|no|none|nothing|all|every\w*|both|each)\s"
    r"(?:[\w'-]+\s){0,4}?(?:is|are|was|were|has|have|works?|worked|holds?|held|passed|runs?|lost|can|will|needs?)"
    r"|(?:it|they|he|she)\s(?:still\s|now\s|all\s|both\s)?(?:works?|worked|holds?|held|passed|agrees?|agreed"
    r"|accepts?|wants?"
    r"|(?:is|are) (?:safe|fine|happy|content)|can|cannot|will|needs?))\b"
    r"|\bwithout (?:a|an|any|losing|los\w+|downtime|trouble)\b|\bso (?:that|no|nobody|every\w*|you|they|our|the"
    r"|customers)\b"
    r"|\bwhich (?:saves?|means|lets?|costs?)\b"
)

_A_FEW = one_of(
    rf"{SMALL_NUMBERS}|\d+|different|various|several|many|multiple|numerous|a few|some|(?:a lot|a number|lots) of"
)
_MATTERS = one_of(
    """options|ways|approaches|possibilities|solutions|implementations|proposals|candidates|vendors|topics|points
    |things
    |issues|problems|questions|reasons|factors|aspects|challenges|types|kinds|systems|tools|alternatives|causes|pros
    |advantages|measures|activities|findings|changes|requirements|tickets|layers|libraries|variants|versions
    |modules"""
)
_CAME_ABOUT = one_of(
    "uses|has used|has been using|is based on|was built|was designed|was written|was introduced|consists of|is built on"
)
SCENE = re.compile(
    # What exists, and how many of them.
    r"(?:there (?:are|were|is|was|exists?|have been|has been)|we have|we had)\s"
    rf"(?:basically |currently |now |in principle |at least )?(?:{_A_FEW}\s(?:[\w-]+\s){{0,3}}?{_MATTERS}\b"
    rf"|(?:different|various|numerous|a number of)\s|pros and cons|advantages and|two sides"
    rf"|a (?:\w+ )?(?:{_TALKS}|kick-off|request)\b"
    r"|a (?:long|rich|complex|complicated) \w+)"
    rf"|(?:our|the|this)\s(?:[\w-]+\s){{1,4}}?{_CAME_ABOUT}\b|[^.;:]{{0,60}}?\bare (?:currently )?existing\b"
    # A phase is reached, activities go on.
    r"|we(?:'re|\sare)\s(?:now |currently |still |just )?(?:in|at|on)\s(?:the\s)?(?:\w+\s)?"
    r"(?:phase|stage|middle|process|planning|progress|preparation|implementation|testing|analysis|start|beginning)\b"
    r"|(?:[\w'-]+\s){1,8}?(?:took place|went on|continued|(?:is|are|was|were) (?:still )?(?:ongoing|continued"
    r"|in progress|under way))\b"
    r"|(?:a lot|much|many things|several things|some things|lots)(?: of \w+)? (?:has |have )?(?:happened"
    r"|changed|was done|were done)\b"
    # What it is all for, and what everybody does nowadays.
    r"|the (?:\w+ )?(?:goal|aim|purpose|objective|focus|scope|intention|motivation|background|context|history"
    r"|starting point"
    r"|initial situation|current situation|task)\s(?:of|behind|in|for|was)\b"
    r"|it is (?:\w+ )?(?:important|necessary|good|useful|helpful) to (?:understand|know|mention|note|say"
    r"|remember|look|see)\b"
    r"|(?:many|most|more and more) \w+ (?:nowadays|today|these days)\b|more and more\b"
    r"|have you ever\b|did you know\b|once upon\b"
)
# The clock at the start is the start of a timeline.
TIMELINE = re.compile(r"(?:on\s(?:[\w.]+\s){1,4}|at\s|around\s|since\s)?(?:at\s)?\d{1,2}[:.]\d{2}\b")
# Something broke; what it means is still to come.
TROUBLE = re.compile(
    r"(?:[\w'-]+,?\s){1,12}?(?:had|has|have had|has had|there (?:was|were))\s(?:an?|some|a few|several|various"
    r"|many)\s(?:[\w-]+\s){0,2}?"
    r"(?:issues?|problems?|failures?|difficult(?:y|ies)|challenges?|trouble|hiccups?|incidents?)\b"
)

# After "last week" or "currently": somebody does something, or something is there. A thing may well be the news.
HAPPENS_TO_SOMEBODY = re.compile(
    rf"(?:{_WHO}|there|an?|some|several|various|many|different|it)\b"
    r"|(?:[\w'-]+\s){1,7}?(?:is|are|was|were|has been|have been)\s(?:\w+ly\s|still\s|being\s)?\w{2,20}(?:ed|ing)\b"
)

# News, an overview, a description: a sentence about the text itself.
_ABOUT_IT = one_of(
    r"""information|infos?|updates?|status|state of (?:affairs|play)|summary|overview|news|notes?|thoughts|ideas
    |remarks
    |background|report|recap|words?|explanation|introduction|heads-up|feedback|insights?|observations|findings
    |topics?"""
)
_OF = one_of("about|on|from|of|for|regarding|concerning|to|around|in")
_PAPER = one_of("mail|e-?mail|message|note|document|report|paper|page|memo|update|post")
ANNOUNCES = re.compile(
    rf"(?:here|there|this|these|below|attached|please find|find)\b(?:\s[\w'-]+){{0,4}}?\s{_ABOUT_IT}\s{_OF}\b"
    rf"|(?:please |kindly )?be (?:informed|aware) {_OF}\b|please note the following\b"
    rf"|the following \w+\b(?! (?:is|are|cannot|can))"
    r"|(?:i|we)(?:'d|'ll|\swould|\swill|\swant to|\swould like to|\sam going to|'m going to)\s(?:like to "
    r"|try to |first |briefly |shortly )*"
    r"(?:describe|explain|summari[sz]e|outline|talk|walk|inform|introduce|present|elaborate|recap)\b"
    rf"|(?:i|we)(?:'d|'ll|\s\w+){{1,3}} give (?:you )?(?:an?|some|my|the|our) (?:\w+ )?{_ABOUT_IT}\b"
    rf"|(?:with|in|by|through|via) this {_PAPER}\b|this {_PAPER} (?:is (?:about|a|an|to|meant)|aims|contains"
    rf"|covers|deals|describes|explains"
    r"|gives|informs|lists|outlines|presents|provides|reports|shows|summari[sz]es|wants)\b"
    rf"|(?:just )?(?:a |one |my )?(?:quick|short|brief|small|little) (?:\w+ )?{_ABOUT_IT} {_OF}\b"
    r"|(?:just )?to (?:keep|bring|get) (?:you|everybody|everyone|all) (?:in the loop|informed|updated|posted|up to)\b"
    r"|i have (?:collected|written down|put together|some) (?:some |a few |my |our )?(?:thoughts|notes|ideas"
    r"|points|remarks)\b"
)
AS_SAID = re.compile(r"as (?:\w+ ){0,3}?(?:mentioned|discussed|described|explained|said|stated|written|announced)\b")
# What follows an announcement and is the news itself.
PASSED_ON = re.compile(r"\bthat\s|\bto\s(?:ask|request|recommend|propose|suggest|say)\b|[:–—]\s(?P<news>\w.*)")
# "Like this: we retrain it" still only describes.
DESCRIBES = re.compile(r"\b(?:like this|as follows|the following|below)\s?[:–—]")


def core(heard: str) -> str:
    """The clause that counts, without the times, places and occasions in front of it."""
    for _ in range(_MOST_LEADING):
        found = _LEADING.match(heard)
        if not found:
            break
        heard = heard[found.end() :]
    return heard
