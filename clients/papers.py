"""The promotion case and the certificate on paper: a page of A4 as PDF, tagged for screen readers, its text selectable.

Typeset by typst from a template. What its client wrote goes in as JSON and is never read as markup. The same case is
the same file, byte for byte. A character that no font here can draw is not left out in silence: a box stands for it,
and a line at the end names it.
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst
from django.utils.dateformat import format as spell
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .cases import Case, Evidence

TYPE, NAME = "application/pdf", "promotion-case.pdf"
TEMPLATE = Path(__file__).parent / "templates" / "papers" / "case.typ"
CERTIFICATE = TEMPLATE.with_name("certificate.typ")
STANDARD: Literal["ua-1"] = "ua-1"  # refuses what has no glyph, instead of leaving it out
BOX = "\N{WHITE SQUARE}"
NO_GLYPH = re.compile(r'the text `"((?:\\.|[^"\\])+)"` could not be displayed')
ESCAPED = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")
NAMED = 12  # characters the line at the end names
ROUNDS = 4  # so often may something else turn out to be missing
KNOWN = frozenset(chr(code) for code in (*range(32, 127), *range(160, 256), 10))  # every font here has these


@dataclass(frozen=True)
class Award:
    """What a certificate says. `address` is where its number can be looked up, where its owner allows that."""

    name: str
    programme: str
    on: date
    number: str
    lines: tuple[str, ...]
    brand: str
    address: str


@dataclass(frozen=True)
class Paper:
    """`missing` are the characters that no font on this machine has."""

    pdf: bytes
    missing: tuple[str, ...]


def of_case(case: Case, *, at: datetime) -> Paper:
    """The case as one page; on to a second one only where the text asks for it. A draft is dated with today."""
    return typeset(TEMPLATE, _content(case, case.day(at)))


def of_certificate(award: Award) -> Paper:
    """A certificate on one page across. The same award is the same file."""
    return typeset(CERTIFICATE, _awarded(award))


def typeset(template: Path, content: dict[str, Any]) -> Paper:
    """Set, with a box for whatever no font here can draw. The template finds its content under its own name."""
    content = _composed({"lang": (get_language() or "en").split("-")[0], "missing": ""} | content)
    missing: frozenset[str] = frozenset()
    for _round in range(ROUNDS):
        try:
            return Paper(_typeset(template, _boxed(content, missing)), tuple(sorted(missing)))
        except typst.TypstError as error:
            missing |= _undrawn(error)
    missing = frozenset(_all_of(content)) - KNOWN
    return Paper(_typeset(template, _boxed(content, missing)), tuple(sorted(missing)))


def _undrawn(error: typst.TypstError) -> frozenset[str]:
    """The characters it says no font has. Raises the error again when it is about something else."""
    named = NO_GLYPH.findall(error.diagnostic or str(error))
    if not named:
        raise error
    return frozenset("".join(ESCAPED.sub(_unescaped, text) for text in named)) - KNOWN


def _unescaped(found: re.Match[str]) -> str:
    code, character = found.groups()
    return chr(int(code, 16)) if code else {"0": "\0", "n": "\n", "r": "\r", "t": "\t"}.get(character, character)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The serif that typst carries, and for what it lacks whatever this machine has."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


def _typeset(template: Path, content: dict[str, Any]) -> bytes:
    inputs = {template.stem: json.dumps(content, ensure_ascii=False)}
    return typst.compile(template, sys_inputs=inputs, font_paths=_fonts(), pdf_standards=[STANDARD])


# --- What the template is given -------------------------------------------------------------------


def _content(case: Case, day: date) -> dict[str, Any]:
    on = spell(case.conversation_on, "j F Y") if case.conversation_on else ""
    by = spell(case.gap_by, "j F Y") if case.gap_by else ""
    parts = [
        _part(_("Technical"), [case.technical_line]),
        _part(_("The gap I own"), [case.gap_what, case.gap_plan], by and _("By %(day)s") % {"day": by}),
        _part(_("The ask"), [case.ask], on and _("Conversation on %(day)s") % {"day": on}),
    ]
    return {
        "title": case.title,
        "name": case.name,
        "byline": " · ".join((_("Promotion case"), case.name, spell(day, "j F Y"))),
        "criteria": case.criteria,
        "factors": [
            {"name": one.name, "claim": one.claim, "evidence": [_line(line) for line in one.evidence]}
            for one in case.factors
            if one.claim or one.evidence
        ],
        "parts": [part for part in parts if part["text"]],
    }


def _awarded(award: Award) -> dict[str, Any]:
    return {
        "title": _("Certificate of %(name)s") % {"name": award.name},
        "heading": _("Certificate"),
        "says": _("has finished the programme"),
        "name": award.name,
        "programme": award.programme,
        "lines": list(award.lines),
        "day": spell(award.on, "j F Y"),
        "number": _("Number %(number)s") % {"number": award.number},
        "look_up": _("It can be looked up at %(address)s") % {"address": award.address} if award.address else "",
        "brand": award.brand,
    }


def _part(heading: str, text: list[str], note: str = "") -> dict[str, Any]:
    return {"heading": heading, "text": [one for one in text if one], "note": note}


def _line(line: Evidence) -> dict[str, str]:
    quote = f"“{line.quote}”" if line.quote else ""
    return {"what": line.what, "detail": " · ".join(line.details), "quote": quote}


def _mapped(content: Any, change: Any) -> Any:
    """The content again, with every text in it changed."""
    if isinstance(content, dict):
        return {key: _mapped(part, change) for key, part in content.items()}
    if isinstance(content, list | tuple):
        return [_mapped(part, change) for part in content]
    return change(content) if isinstance(content, str) else content


def _composed(content: dict[str, Any]) -> dict[str, Any]:
    """Letters with their marks as one character each, which is how fonts have them."""
    return _mapped(content, lambda text: unicodedata.normalize("NFC", text))


def _boxed(content: dict[str, Any], missing: frozenset[str]) -> dict[str, Any]:
    """A box for each of these characters, and the line that names them."""
    if not missing:
        return content
    named = [f"U+{ord(one):04X}" for one in sorted(missing)]
    codes = ", ".join(named[:NAMED]) + (" …" if len(named) > NAMED else "")
    told = _("No font on this machine has these characters: %(codes)s.") % {"codes": codes}
    found = _mapped(content, lambda text: "".join(BOX if one in missing else one for one in text))
    return found | {"missing": told}


def _all_of(content: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    _mapped(content, found.update)
    return found
