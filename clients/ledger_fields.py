"""What a line of the evidence ledger asks: labels, limits and the rules over it, for every door alike.

A line is plain data keyed like these fields. Two of them are lists of names; a page sends them one a line. A row of the
table is made from a line, and a line from a row.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curriculum import fields, values
from curriculum.fields import Field, Span

from .models import LedgerLine, Visibility

Factor = LedgerLine.Factor
NAMES_AT_MOST = 5
LONGEST_NAME = 80  # characters
LISTS = ("who_saw", "credit")
TEXTS = ("what", "for_whom", "my_part", "trace", "quote")

FACTORS: dict[str, Any] = {
    Factor.STAKEHOLDER.value: gettext_lazy("Stakeholder communication"),
    Factor.INFLUENCE.value: gettext_lazy("Cross-functional influence"),
    Factor.PRESENCE.value: gettext_lazy("Meeting leadership presence"),
    Factor.UPWARD.value: gettext_lazy("Upward communication"),
}
READERS: dict[str, Any] = {
    Visibility.PAIR.value: gettext_lazy("You and your coach"),
    Visibility.PRIVATE.value: gettext_lazy("Only you"),
}


def fields_of() -> tuple[Field, ...]:
    """The fields, in the order they are asked."""
    return (
        Field(
            "what",
            _("What happened, as an outcome?"),
            "prose",
            _("What is different for somebody now: “Since Tuesday, the support team can …”"),
            required=True,
            words=Span(5, 50),
        ),
        Field("for_whom", _("For whom?"), "line", required=True, chars=Span(3, 80)),
        Field("my_part", _("Your part, in one clause"), "prose", required=True, words=Span(3, 30)),
        _choice("factor", _("Which factor does it show?"), FACTORS),
        Field("who_saw", _("Who saw it?"), "prose", _("Roles or names, one a line, at most five.")),
        Field("date", _("When?"), "date", required=True, extra={"past": True}),
        Field("credit", _("Whom do you credit?"), "prose", _("Names of others, one a line, at most five.")),
        Field(
            "trace",
            _("Where is its trace?"),
            "line",
            _("A link, or where to find it. It is kept as text; nothing here ever opens it."),
            chars=Span(None, 300),
        ),
        Field("quote", _("Words someone used"), "prose", words=Span(None, 40)),
        _choice("visibility", _("Who may read it?"), READERS),
    )


def _choice(key: str, label: str, words: dict[str, Any]) -> Field:
    options = tuple((value, str(word)) for value, word in words.items())
    return Field(key, label, "choice", required=True, options=options)


def shape(raw: dict[str, Any]) -> dict[str, Any]:
    """Raw input as a line: known fields only, each in its own type. Never refuses anything.

    A line that does not say who may read it is for the pair.
    """
    line = {one.key: values.value(one, raw.get(one.key)) for one in fields_of() if one.key not in LISTS}
    line |= {key: " ".join(line[key].split()) for key in TEXTS}
    line |= {key: names(raw.get(key)) for key in LISTS}
    return line | {"visibility": line["visibility"] or Visibility.PAIR.value}


def names(raw: Any) -> list[str]:
    """A list of names, from a list or from text with one a line; each once, in the order given."""
    said = values.clean(raw).split("\n") if not isinstance(raw, (list, tuple)) else [values.clean(one) for one in raw]
    found = (" ".join(one.split()) for one in said)
    return list(dict.fromkeys(one for one in found if one))[: values.MOST_ROWS]


def problems(line: dict[str, Any], today: date) -> dict[str, list[str]]:
    """Field → sentences that say what to mend, in the order of the fields; empty when it can be kept."""
    found = {one.key: _said(one, line[one.key]) for one in fields_of()}
    for key, sentence in _of_the_day(line["date"], today):
        found[key] = found[key] or [sentence]
    return {key: sentences for key, sentences in found.items() if sentences}


def _said(field: Field, content: Any) -> list[str]:
    return list(_of_names(content)) if field.key in LISTS else fields.complaints(field, content)


def _of_names(found: list[str]) -> Iterator[str]:
    if len(found) > NAMES_AT_MOST:
        yield _("At most five here; this has %(count)s.") % {"count": len(found)}
    for name in found:
        if len(name) > LONGEST_NAME:
            yield _("At most 80 characters a name: “%(name)s”") % {"name": f"{name[:39].rstrip()}…"}


def _of_the_day(said: str, today: date) -> Iterator[tuple[str, str]]:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return  # a date that is none is complained of as such
    if day > today:
        yield "date", _("This day is still to come. A line says what has happened.")


# --- Rows -----------------------------------------------------------------------------------------


def columns(line: dict[str, Any]) -> dict[str, Any]:
    """The row of a line nothing is wrong with."""
    return line | {"date": date.fromisoformat(line["date"])}


def line_of(row: LedgerLine) -> dict[str, Any]:
    """A row as a line again."""
    return {one.key: getattr(row, one.key) for one in fields_of()} | {"date": row.date.isoformat()}
