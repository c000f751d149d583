"""H4 to H7 and H12: single words a reader may stumble over."""

import re
from collections.abc import Iterator
from dataclasses import replace

from curriculum.firstread.context import Draft
from curriculum.firstread.notes import Note, note, quotable, quoted
from curriculum.firstread.shapes import BIG_NUMBERS, COUNTED, DATE, SMALL_NUMBERS
from curriculum.firstread.texts import Span

_EXPLAINED = re.compile(r"\W*(?:\S+\s+){0,7}?(?:which means|that is,|meaning|in other words|i\.e\.|—|–|- |\()")
_SHORT_FORM = re.compile(r"(?<![\w/.-])(?=[A-Z0-9/]{0,4}[A-Z]{2})[A-Z][A-Z0-9/]{1,5}s?(?![\w/]|-\d)")
_BESIDE_BRACKETS = re.compile(r"\(\s?([A-Z][A-Z0-9/]{1,8})s?\b|\b([A-Z][A-Z0-9/]{1,8})s?\s?\(")
_ROMAN = re.compile(r"[IVX]+")
_SMALL_WORD = re.compile(r"(?<![\w'’-])[a-z]{2,6}(?![\w'’-])")
_MANNER = frozenset(("clearly", "simply", "naturally"))
_APPROXIMATE = frozenset(("approximately", "around", "roughly", "further", "additional"))
_COUNTABLE = frozenset(("issues", "challenges", "difficulties", "things", "areas", "aspects"))
_COMPARED = frozenset(("later", "additional", "further"))
_EXACT_BEFORE = re.compile(
    rf"(?:\d|\b(?:no|zero|one|{SMALL_NUMBERS}|days?|weeks?|months?|hours?|minutes?|years?))\s+(?:\w+\s+)?$"
)
_EXACT_AFTER = re.compile(rf"\s+[€$£]?(?:\d|(?:one|{SMALL_NUMBERS}|{BIG_NUMBERS})\b)")
NEAR_WORDS = 6


def h4(draft: Draft) -> Note | None:
    """A note on words only the writer's team knows, each with an offer."""
    found = list(_unexplained(draft))
    rate, absolute = (6, 3) if draft.technical else (2, 2)
    if len(found) < 2 or not draft.too_many(len(found), per_hundred=rate, absolute=absolute):
        return None
    first = {term: draft.text.said(span) for span, term in reversed(found)}
    terms = [term for term in dict.fromkeys(term for _, term in found) if quotable(term)]
    made = note(
        "H4",
        "H4",
        [span for span, _ in found],
        title=f"{len(first)} team word" + "s" * (len(first) > 1),
        terms=quoted(first[term] for term in terms),
        offer=f" For “{first[terms[0]]}”: {draft.lexicon.jargon[terms[0]]}." if terms else "",
    )
    return replace(made, words=tuple(terms))


def everyday(draft: Draft) -> bool:
    """Whether no team word is left unexplained and no short form either."""
    return not draft.technical and not any(_unexplained(draft)) and h5(draft) is None


def h5(draft: Draft) -> Note | None:
    """A note on capital letters that are not written out anywhere."""
    if draft.technical:
        return None
    written_out = _written_out(draft)
    found = [span for span in _short_forms(draft) if draft.text.said(span).removesuffix("s") not in written_out]
    if not found:
        return None
    terms = list(dict.fromkeys(draft.text.said(span) for span in found))
    title = f"{len(terms)} short form" + "s" * (len(terms) > 1)
    return replace(note("H5", "H5", found, title=title, terms=quoted(terms)), words=tuple(terms))


def h6(draft: Draft) -> Note | None:
    """A note on softeners, where two or more gather."""
    found = list(softeners(draft))
    first = draft.text.sentences[0]
    together = sum(first[0] <= start < first[1] for start, _ in found) >= 2
    if len(found) < 2 or not (together or draft.too_many(len(found), per_hundred=2, absolute=2)):
        return None
    return note("H6", "H6", found, n=len(found), list=quoted(_folded(draft, found)))


def softeners(draft: Draft) -> Iterator[Span]:
    """Hedges, those beside a figure left out: a range is not a softener."""
    for start, end in draft.lexicon.hits(draft.text, "hedges"):
        before = " ".join(draft.text.folded[max(0, start - 80) : start].split()[-NEAR_WORDS:])
        after = " ".join(draft.text.folded[end : end + 80].split()[:NEAR_WORDS])
        if not COUNTED.search(f"{before} {after}"):
            yield start, end


def plainly(draft: Draft) -> bool:
    """Whether the text has no softener at all."""
    return not any(softeners(draft))


def h7(draft: Draft) -> Note | None:
    """A note on words that can sound as if the listener were slow."""
    found = [span for span in draft.lexicon.hits(draft.text, "talking_down") if not _is_manner(draft, span)]
    if not found:
        return None
    said = _folded(draft, found)
    return note("H7", "H7", found, hit=quoted(said[:1]), list=quoted(said))


def h12(draft: Draft) -> Note | None:
    """A note on amounts and times that two readers would read as two numbers."""
    vague = [span for span in draft.lexicon.hits(draft.text, "vague") if not _is_exact(draft, span)]
    undated = [span for span in draft.lexicon.hits(draft.text, "undated") if not _has_date(draft, span)]
    found = sorted([*vague, *undated])
    enough = len(found) >= 2 and draft.too_many(len(found), per_hundred=2.999, absolute=2)
    if not (undated or enough):
        return None
    hit = _folded(draft, undated or found)[:1]
    return note("H12", "H12", found, hit=quoted(hit), list=quoted(_folded(draft, found)))


def _folded(draft: Draft, spans: list[Span]) -> list[str]:
    return [" ".join(draft.text.heard(span).split()) for span in spans]


def _unexplained(draft: Draft) -> Iterator[tuple[Span, str]]:
    """Team words, those unpacked anywhere in the text left out."""
    found = list(draft.lexicon.team_words(draft.text))
    unpacked = {term for span, term in found if _is_unpacked(draft, span)}
    return ((span, term) for span, term in found if term not in unpacked)


def _is_unpacked(draft: Draft, span: Span) -> bool:
    sentence = draft.text.sentence_of(span[0])
    return bool(_EXPLAINED.match(draft.text.folded, span[1], min(sentence[1], span[1] + 90)))


def _short_forms(draft: Draft) -> Iterator[Span]:
    """Capital letters that are neither known, nor a number, nor a word said loudly."""
    plain = draft.text.plain
    passed = {*draft.lexicon.lists["known_acronyms"], *_SMALL_WORD.findall(plain)}
    for found in _SHORT_FORM.finditer(plain):
        heard = draft.text.heard(found.span())
        is_known = heard in passed or heard.removesuffix("s") in passed  # US, and the plural of CEO
        if "¤" not in heard and not is_known and not _ROMAN.fullmatch(found.group()):
            yield found.span()


def _written_out(draft: Draft) -> set[str]:
    """The letters that stand beside brackets: "service level (SLA)" or "SLA (service level)"."""
    return {found.group(1) or found.group(2) for found in _BESIDE_BRACKETS.finditer(draft.text.plain)}


def _is_manner(draft: Draft, span: Span) -> bool:
    """Whether a word says how something is done: "we mark it clearly." """
    if draft.text.heard(span) not in _MANNER or span[0] == draft.text.sentence_of(span[0])[0]:
        return False
    return draft.text.folded[span[1] : span[1] + 1] in (".", ";", ")", "?", "!", "")


def _is_exact(draft: Draft, span: Span) -> bool:
    """Whether a figure beside a vague word makes it exact: "around 40", "three areas", "two weeks later"."""
    word = draft.text.heard(span)
    before = draft.text.folded[max(0, span[0] - 30) : span[0]]
    if word in _APPROXIMATE and _EXACT_AFTER.match(draft.text.folded, span[1]):
        return True
    return word in (_COUNTABLE | _COMPARED) and bool(_EXACT_BEFORE.search(before))


def _has_date(draft: Draft, span: Span) -> bool:
    return bool(DATE.search(draft.text.heard(draft.text.sentence_of(span[0]))))
