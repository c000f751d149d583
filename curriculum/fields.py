"""The fields of an exercise as data: what is asked, in which form, within which limits.

Plain Python over the mappings that content files hold. `parse` is what the importer trusts; `complaints`
says what keeps a value from being handed in. Raw input is shaped in `values`.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Kinds whose content lies in a record of its own: the answer names it, and holds a copy once handed in.
RECORDS = ("audio", "entries", "lines")
TAGS = ("K", "F", "D", "C")  # know, feel, decide, context
KINDS = ("line", "prose", "choice", "multi", "int", "scale", "date", "check", "rows", "tags", *RECORDS)


@dataclass(frozen=True)
class Span:
    """A lower and an upper limit; None is no limit."""

    min: int | None = None
    max: int | None = None


@dataclass(frozen=True)
class Field:
    """One field. `words` limits prose, `chars` lines, `rows` the number of rows, `span` numbers, `choose` options.

    `required_if` maps the key of another field to the values with which this one is asked for. `extra` holds what
    only a page or one kind reads: `group`, `of` (tags: the field they tag), `future`, `past`, `within_days` (dates),
    `with` (prose counted together with it), `given` (what the text is a better version of), `private`.
    """

    key: str
    label: str
    kind: str
    help: str = ""
    required: bool = False
    words: Span = Span()
    chars: Span = Span()
    rows: Span = Span()
    span: Span = Span()
    choose: Span = Span()
    options: tuple[tuple[str, str], ...] = ()
    columns: tuple["Field", ...] = ()
    required_if: dict[str, tuple[str, ...]] = field(default_factory=dict)
    extra: dict = field(default_factory=dict)

    @property
    def is_text(self) -> bool:
        return self.kind in ("line", "prose")


def count_words(text: str) -> int:
    """Words by the programme's rule: split on white space; a hyphenated word and a number count once."""
    return len(text.split())


def parse(data: Any) -> Field:
    """A field from its mapping in a content file. Raises ValueError with a sentence."""
    if not isinstance(data, dict):
        raise ValueError(f"a field is a mapping with a key, not {data!r}")
    data = dict(data)
    key, kind = data.pop("key", None), data.pop("kind", None)
    if not isinstance(key, str) or not key.isidentifier():
        raise ValueError(f"a field needs a key in lower-case letters, not {key!r}")
    if kind not in KINDS:
        raise ValueError(f"field {key}: kind {kind!r} is not one of {', '.join(KINDS)}")
    options = tuple(_option(key, option) for option in data.pop("options", ()))
    if kind in ("choice", "multi") and not options:
        raise ValueError(f"field {key}: a {kind} needs options")
    columns = tuple(parse({"kind": "line", **column}) for column in data.pop("columns", ()))
    if kind == "rows" and not columns:
        raise ValueError(f"field {key}: rows need columns")
    if kind == "tags" and not isinstance(data.get("of"), str):
        raise ValueError(f"field {key}: tags say of: which field they tag")
    return Field(
        key=key,
        kind=kind,
        label=str(data.pop("label", key)),
        help=str(data.pop("help", "")),
        required=bool(data.pop("required", False)),
        words=_span(key, "words", data.pop("words", None)),
        chars=_span(key, "chars", data.pop("chars", None)),
        rows=_span(key, "rows", data.pop("rows", None)),
        span=_span(key, "range", data.pop("range", None)),
        choose=_span(key, "choose", data.pop("choose", None)),
        options=options,
        columns=columns,
        required_if=_conditions(key, data.pop("required_if", None)),
        extra=data,
    )


def _option(key: str, option: Any) -> tuple[str, str]:
    try:
        return str(option["value"]), str(option["label"])
    except (TypeError, KeyError):
        raise ValueError(f"field {key}: an option has a value and a label, not {option!r}") from None


def _conditions(key: str, data: Any) -> dict[str, tuple[str, ...]]:
    if data is None:
        return {}
    if not isinstance(data, dict) or not all(isinstance(values, list) and values for values in data.values()):
        raise ValueError(f"field {key}: required_if is {{field: [value, …]}}, not {data!r}")
    return {str(other): tuple(str(one) for one in values) for other, values in data.items()}


def _span(key: str, name: str, data: Any) -> Span:
    if data is None:
        return Span()
    low, high = (data.get("min"), data.get("max")) if isinstance(data, dict) else (1, 0)
    whole = all(value is None or isinstance(value, int) for value in (low, high))
    if not whole or (low is not None and high is not None and low > high):
        raise ValueError(f"field {key}: {name} is {{min: n, max: m}} with n not above m, not {data!r}")
    return Span(low, high)


# --- What keeps a value from being handed in ----------------------------------------------------


def is_empty(field: Field, content: Any) -> bool:
    nothing = content is None or content is False or content == []
    return nothing or (isinstance(content, str) and not content.strip())


def is_asked(field: Field, answer: dict[str, Any]) -> bool:
    """Whether it has to be filled, going by what the rest of the answer says."""
    conditions = field.required_if.items()
    return field.required or any(str(answer.get(other)) in values for other, values in conditions)


def complaints(field: Field, content: Any, *, asked: bool | None = None) -> list[str]:
    """Sentences saying what to mend, empty when the value can be handed in. `asked` overrules `required`."""
    if is_empty(field, content):
        return [_missing(field)] if (field.required if asked is None else asked) else []
    check = CHECKS.get(field.kind)
    return check(field, content) if check else []


def _missing(field: Field) -> str:
    if field.kind == "check":
        return _("Tick this when it is so.")
    if field.kind in ("choice", "scale"):
        return _("Choose one.")
    if field.kind == "entries":
        return _("Choose the meetings from your log that belong to this.")
    if field.kind == "lines":
        return _("Choose at least one line of your ledger.")
    return _("This is still empty.")


def _line(field: Field, content: str) -> list[str]:
    return _within(field.chars, len(content.strip()), _characters)


def _prose(field: Field, content: str) -> list[str]:
    return _within(field.words, count_words(content), in_words) + _line(field, content)


def _within(span: Span, count: int, unit: Any) -> list[str]:
    if span.max is not None and count > span.max:
        return [_("At most %(limit)s here; this has %(count)s.") % {"limit": unit(span.max), "count": count}]
    if span.min is not None and count < span.min:
        return [_("At least %(limit)s here; this has %(count)s.") % {"limit": unit(span.min), "count": count}]
    return []


def in_words(count: int) -> str:
    return ngettext("%(count)s word", "%(count)s words", count) % {"count": count}


def _characters(count: int) -> str:
    return ngettext("%(count)s character", "%(count)s characters", count) % {"count": count}


def _meetings(field: Field, content: list) -> list[str]:
    return _within(field.rows, len(content), _meeting_count)


def _lines(field: Field, content: list) -> list[str]:
    return _within(field.rows, len(content), _line_count)


def _meeting_count(count: int) -> str:
    return ngettext("%(count)s meeting", "%(count)s meetings", count) % {"count": count}


def _line_count(count: int) -> str:
    return ngettext("%(count)s line of your ledger", "%(count)s lines of your ledger", count) % {"count": count}


def _row_count(count: int) -> str:
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": count}


def _choice(field: Field, content: str) -> list[str]:
    return [] if content in dict(field.options) else [_("Choose one of the answers offered.")]


def _multi(field: Field, content: list) -> list[str]:
    return _within(field.choose, len(content), _answer_count)


def _answer_count(count: int) -> str:
    return ngettext("%(count)s answer", "%(count)s answers", count) % {"count": count}


def _range(field: Field, content: int) -> list[str]:
    low, high = field.span.min, field.span.max
    if (low is not None and content < low) or (high is not None and content > high):
        return [_("A whole number from %(low)s to %(high)s.") % {"low": low, "high": high}]
    return []


def _date(field: Field, content: str) -> list[str]:
    try:
        datetime.date.fromisoformat(content)
    except ValueError:
        return [_("A date such as 2026-11-30.")]
    return []


def _rows(field: Field, content: list) -> list[str]:
    found = _within(field.rows, len(content), _row_count)
    for number, row in enumerate(content, start=1):
        for column in field.columns:
            for sentence in complaints(column, row.get(column.key)):
                found.append(
                    _("Row %(number)s, %(column)s: %(sentence)s")
                    % {"number": number, "column": column.label, "sentence": sentence}
                )
    return found


CHECKS: dict[str, Any] = {
    "line": _line,
    "prose": _prose,
    "choice": _choice,
    "multi": _multi,
    "int": _range,
    "scale": _range,
    "date": _date,
    "rows": _rows,
    "entries": _meetings,
    "lines": _lines,
}
