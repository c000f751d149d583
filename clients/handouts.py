"""What a client takes along of their evidence: the ledger and the promotion case as Markdown.

Lines only they can read are left out unless asked for, because what is taken along is handed on.
"""

import re
from collections.abc import Iterator

from django.utils.dateformat import format as spell
from django.utils.translation import gettext as _

from .cases import Case, Evidence
from .evidence import Ledger
from .models import LedgerLine, Visibility

SPECIAL = re.compile(r"([\\`*_\[\]<>])")
OPENS_A_BLOCK = re.compile(r"^(\s*)([#+\-=|]|\d+[.)])")


def for_others(ledger: Ledger) -> Ledger:
    """The ledger without what is private."""
    return Ledger(tuple(line for line in ledger.lines if line.visibility != Visibility.PRIVATE))


def in_markdown(ledger: Ledger, case: Case | None) -> str:
    """The case first, because it is the argument; then the lines by factor."""
    parts = [*(_case(case) if case else ()), *_ledger(ledger)]
    return "\n\n".join(parts) + "\n"


def _case(case: Case) -> Iterator[str]:
    yield f"# {plain(case.title)}"
    yield plain(f"{_('Promotion case')}, {case.name}")
    if case.criteria:
        yield plain(case.criteria)
    for factor in case.factors:
        if factor.claim or factor.evidence:
            yield f"## {plain(factor.name)}"
            yield from ([plain(factor.claim)] if factor.claim else [])
            yield from (["\n".join(_proof(line) for line in factor.evidence)] if factor.evidence else [])
    yield from _closing(case)


def _closing(case: Case) -> Iterator[str]:
    by = _("By %(day)s") % {"day": spell(case.gap_by, "j F Y")} if case.gap_by else ""
    on = _("Conversation on %(day)s") % {"day": spell(case.conversation_on, "j F Y")} if case.conversation_on else ""
    for heading, texts in (
        (_("Technical"), (case.technical_line,)),
        (_("The gap I own"), (case.gap_what, case.gap_plan, by)),
        (_("The ask"), (case.ask, on)),
        (_("How I open the conversation"), (case.script,)),
    ):
        if any(texts):
            yield f"## {heading}"
            yield from (plain(text) for text in texts if text)


def _proof(line: Evidence) -> str:
    quote = f" “{line.quote}”" if line.quote else ""
    return plain_item(f"{line.what} {' · '.join(line.details)}{quote}")


def _ledger(ledger: Ledger) -> Iterator[str]:
    yield f"# {_('Evidence ledger')}"
    for column in ledger.columns:
        yield f"## {plain(column.name)}"
        yield "\n".join(_line(line) for line in column.lines) if column.lines else _("Nothing yet.")


def _line(line: LedgerLine) -> str:
    seen = _("Seen by %(names)s") % {"names": "; ".join(line.who_saw)} if line.who_saw else _("Seen by nobody yet")
    parts = (
        _("For %(whom)s") % {"whom": line.for_whom},
        line.my_part,
        seen,
        line.credit and _("With credit to %(names)s") % {"names": "; ".join(line.credit)},
        line.trace,
        line.quote and f"“{line.quote}”",
        line.visibility == Visibility.PRIVATE and _("Only you can read this line"),
    )
    return plain_item(f"{spell(line.date, 'j F Y')}: {line.what} {' · '.join(str(part) for part in parts if part)}")


def plain_item(text: str) -> str:
    return f"- {plain(text)}"


def plain(text: str) -> str:
    """Text that Markdown shows as it stands: on one line, its special characters escaped."""
    flat = SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return OPENS_A_BLOCK.sub(r"\1\\\2", flat)
