"""Shapes several rules look for in folded text: dates, figures, measurements, agentless passives."""

import re


def one_of(phrases: str) -> str:
    """A pattern for any of these phrases, which are divided by bars and may run over several lines."""
    return "(?:" + "|".join(r"\s".join(phrase.split()) for phrase in phrases.split("|")) + ")"


SMALL_NUMBERS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
BIG_NUMBERS = "twenty|thirty|forty|fifty|hundreds?|thousands?|half|thirds?|quarters?|dozen"

_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
# "May" and "march" are also everyday words, so they count only beside a day or after "in", "by" and the like.
_MONTHS = "january|february|april|june|july|august|september|october|november|december"
_EVERY_MONTH = f"{_MONTHS}|march|may"
_COUNT = rf"an?|one|{SMALL_NUMBERS}|\d{{1,3}}"
_PERIOD = "minutes?|hours?|days?|nights?|weeks?|months?|quarters?|years?|sprints?"
_PART = "week|month|quarter|sprint|year|morning|afternoon|evening|spring|summer|autumn|winter"

DATE = re.compile(
    rf"\b(?:{_DAYS}|{_MONTHS}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?(?:{_EVERY_MONTH})|(?:{_EVERY_MONTH})\s\d{{1,2}}"
    r"|(?:in|by|until|since|from|of|before|after|early|mid|late|next|this)[\s-](?:march|may)"
    r"|by\sthe\s\d{1,2}|the\s\d{1,2}(?:st|nd|rd|th)"
    rf"|(?:in|within|after|for)\s(?:{_COUNT})\s(?:{_PERIOD})"
    r"|tomorrow|today|tonight|noon|midnight|q[1-4]|\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2}|\d{1,2}\s?[ap]m"
    rf"|(?:this|next)\s(?:{_PART})|end\sof\s(?:the\s|this\s|next\s)?(?:day|{_PART}))\b"
)
COUNTED = re.compile(rf"(?<![\w.-])\d|%|\bper\s?cent\b|\b(?:{SMALL_NUMBERS}|{BIG_NUMBERS})\b")
_NUMBER = re.compile(r"(?<![\w.])\d[\d.,]*+")
_UNIT = one_of(
    """ms|s|sec|secs|seconds?|minutes?|min|hours?|h|days?|weeks?|months?|percent|per cent|degrees?|times
    |[kmgt]b|v|w|kw|mw|kwh|mwh|mm|cm|m|km|kg|g|t|tonnes?|dollars?|euros?|eur|usd|pounds?|gbp
    |users?|rows?|records?|requests?|scenarios?|people|engineers?|customers?|devices?|tickets?|errors?|items?
    |orders?|concurrent"""
)
_MEASUREMENT = re.compile(rf"(?<![\w.])[€$£]?\d[\d.,]{{0,12}}\s?-?\s?(?:{_UNIT}\b|%)|(?<![\w.])(?:[€$£]\d+|\d+[.,]\d+)")
_IRREGULAR = one_of(
    """made|found|seen|shown|known|given|taken|built|sent|lost|kept|held|run|written|broken|chosen|begun|brought
    |bought|caught|cut|dealt|drawn|driven|felt|forgotten|frozen|heard|hidden|hit|left|led|lent|met|paid|put|read
    |said|sold|set|shut|spent|spoken|stolen|taught|told|thought|thrown|won|worn"""
)
# They look like participles and say how things stand, not what somebody did.
_STATES = one_of(
    """needed|required|expected|finished|resolved|fixed|worried|concerned|interested|related|based|supposed
    |limited|closed|tired|pleased|relieved|prepared|used|located|planned|hundred|indeed|asked"""
)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|been|being|be)\s(?:\w{2,20}ly\s|not\s|also\s|now\s)?"
    rf"(?!{_STATES}\b)(?:\w{{2,30}}ed|{_IRREGULAR})\b"
)
_AGENT = re.compile(rf"(?:\s\S+){{0,4}}?\sby\s(?!\d|the\s\d|(?:the\s)?end\b|{_DAYS}|{_EVERY_MONTH}|tomorrow|noon)")


def is_agentless_passive(heard: str) -> bool:
    """Whether a sentence says what was done and not by whom."""
    spaced = " ".join(heard.split())
    return any(not _AGENT.match(spaced, found.end()) for found in _PASSIVE.finditer(spaced))


def measurements(heard: str) -> int:
    """How many measured values a sentence holds: figures with a unit, sums of money, decimals."""
    return sum(1 for _ in _MEASUREMENT.finditer(heard))


def numbers(heard: str) -> int:
    """How many figures a sentence holds, dates not counted."""
    return sum(1 for _ in _NUMBER.finditer(DATE.sub(" ", heard)))
