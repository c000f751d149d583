"""Who a text speaks of: the names, roles and teams in it, and whom it speaks to."""

import re

from curriculum.firstread.shapes import DATE, one_of
from curriculum.firstread.texts import Span, Text

_ROLES = one_of(
    """admins?|administrators?|analysts?|architects?|colleagues?|consultants?|contractors?|dba|developers?|directors?
    |employees?|engineers?|interns?|juniors?|leads?|managers?|operators?|owners?|provider|shift|specialists?|supplier
    |support|sysadmins?|teams?|technicians?|testers?|trainees?|vendor|workers?|department|people|guys?"""
)
_BEFORE_A_ROLE = one_of("a|an|the|our|their|your|my|one|some|that|this|these|those|two|three|from")
_DEPARTMENTS = one_of("qa|ops|operations|devops|support|marketing|sales|finance|hr|security|purchasing|legal")
# Somebody else than the writer; "we" and "I" are left out on purpose.
OTHERS = rf"(?:he|she|they|you|somebody|someone|{_BEFORE_A_ROLE}\s(?:[\w'-]+\s){{0,2}}?{_ROLES}|{_DEPARTMENTS})"

_NAME = re.compile(r"(?<![\w'’-])[A-Z][^\W\d_]+(?![\w'’-]*['’]?[A-Z])")
# Words that open a sentence before a comma and are nobody's name.
_NOBODY = re.compile(
    one_of(
        """actually|again|also|anyway|apologies|basically|besides|but|certainly|clearly|correct|excuse|exactly|fair
        |finally|first|frankly|generally|hello|hey|hi|honestly|however|indeed|instead|listen|look|maybe|meanwhile|no
        |nope|normally|now|obviously|ok|okay|oh|perhaps|personally|please|quick|right|second|seriously|similarly|so
        |sorry|still|sure|technically|thanks|then|therefore|third|thus|today|tomorrow|true|unfortunately|wait|well
        |yes|yesterday"""
    )
)
_ADDRESSED = re.compile(
    r"(?:^|[.!?…]\s|\n)\s{0,3}(?P<first>[A-Z][^\W\d_'’-]+(?:\s[A-Z][^\W\d_'’-]+)?)\s?[,:–—]"
    r"|,\s(?P<later>[A-Z][^\W\d_]+)\s?[,.:;!?–—]"
    r"|\b(?:what|as|like|with|to|from) (?P<quoted>[A-Z][^\W\d_]+)(?= (?:said|says|mentioned|showed|asked|wrote"
    r"|told|has)\b)"
    r"|\b(?:Mr|Mrs|Ms|Dr|Prof|Professor|Director|Doctor|Sir|Madam)\b\.?"
)


def names_in(text: Text, span: Span) -> list[Span]:
    """The words with a capital inside a sentence: names of people, teams and places, days and months left out."""
    found = (match.span() for match in _NAME.finditer(text.plain, *span))
    return [place for place in found if place[0] > span[0] and not DATE.fullmatch(text.heard(place))]


def speaks_to_somebody(text: Text) -> bool:
    """Whether a name or a title stands where a speaker addresses somebody."""
    for found in _ADDRESSED.finditer(text.plain):
        name = found["first"] or found["later"] or found["quoted"]
        if name is None or not _NOBODY.fullmatch(name.split()[0].lower()):
            return True
    return False
