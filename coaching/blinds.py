"""What is taken out of a text before somebody reads it blind: names, and everything that tells a day.

The words that were written stay, each in its place; a name becomes [name], a day [date].
"""

import re
import unicodedata
from collections.abc import Iterable

NAME, DATE = "[name]", "[date]"
SHORTEST = 3  # letters of a part of a name that is looked for by itself
PLAIN = str.maketrans({"Đ": "D", "đ": "d", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ß": "ss", "ı": "i", "æ": "ae"})
MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
YEAR = r"(?:19|20)\d\d"
DATES = re.compile(
    rf"\b{YEAR}-\d\d?(?:-\d\d?)?\b"  # 2026-03-04
    rf"|\b\d{{1,2}}[./]\d{{1,2}}(?:[./](?:\d{{4}}|\d{{2}}))\b|\b\d{{1,2}}\.\d{{1,2}}\.(?!\d)"  # 4.3.2026, 3/4/26, 4.3.
    rf"|\b(?:the\s+)?{DAY}\s+(?:of\s+)?{MONTHS}(?:\.?,?\s+{YEAR})?(?!\w)"  # 4 March 2026
    rf"|\b{MONTHS}\.?\s+(?:the\s+)?{DAY}(?:,?\s+{YEAR})?(?!\w)"  # March 4th
    rf"|\b(?:the\s+)\d{{1,2}}(?:st|nd|rd|th)\b"  # the 15th
    rf"|\b(?:calendar week|week|cw|kw|sprint|q[1-4])[\s-]*\d+\b|\bq[1-4]\b"  # CW 18, sprint 7, Q3
    rf"|\b{YEAR}\b",
    re.IGNORECASE,
)
# Months as they are written alone; "may" and "march" are verbs too, unless they have a capital.
ALONE = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b(?!\s+(?:I|we|you)\b)"
)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def hidden(text: str, names: Iterable[str]) -> str:
    """The text as a stranger may read it."""
    text = ADDRESS.sub(NAME, text)
    found = sorted(_parts(names), key=len, reverse=True)
    if found:
        written = "|".join(r"\s+".join(map(re.escape, one.split())) for one in found)
        text = re.sub(rf"(?<!\w)(?:{written})(?!\w)", NAME, text, flags=re.IGNORECASE)
        text = re.sub(rf"{re.escape(NAME)}(?:\s+{re.escape(NAME)})+", NAME, text)
    return ALONE.sub(DATE, DATES.sub(DATE, text))


def _parts(names: Iterable[str]) -> set[str]:
    """Whole names, and each part that is long enough not to be a word of its own by accident; also without accents."""
    found = set()
    for name in names:
        for written in {name.strip(), _plain(name.strip())}:
            found |= {written, *(part for part in re.split(r"[\s-]+", written) if len(part) >= SHORTEST)}
    return {one for one in found if one}


def _plain(name: str) -> str:
    """As somebody writes it who has no such letters."""
    letters = unicodedata.normalize("NFKD", name.translate(PLAIN))
    return "".join(one for one in letters if not unicodedata.combining(one))
