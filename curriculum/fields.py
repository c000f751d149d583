"""The fields of an exercise as data: what is asked, in which form, within which limits.

Plain Python over the mappings that content files hold. `parse` is what the importer trusts;
`values` shapes raw input; `complaints` says what keeps a value from being handed in.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

KINDS = ("line", "prose", "choice", "multi", "int", "scale", "date", "check", "rows", "tags", "audio")
LONGEST = 20_000  # characters of one field; far above any limit in words, below what could hurt


@dataclass(frozen=True)
class Span:
    """A lower and an upper limit; None is no limit."""

    min: int | None = None
    max: int | None = None


@dataclass(frozen=True)
class Field:
    """One field. `words` limits prose, `chars` lines, `rows` the number of rows, `span` numbers."""

    key: str
    label: str
    kind: str
    help: str = ""
    required: bool = False
    words: Span = Span()
    chars: Span = Span()
    rows: Span = Span()
    span: Span = Span()
    options: tuple[tuple[str, str], ...] = ()
    columns: tuple["Field", ...] = ()
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
        options=options,
        columns=columns,
        extra=data,
    )


def _option(key: str, option: Any) -> tuple[str, str]:
    try:
        return str(option["value"]), str(option["label"])
    except (TypeError, KeyError):
        raise ValueError(f"field {key}: an option has a value and a label, not {option!r}") from None


def _span(key: str, name: str, data: Any) -> Span:
    if data is None:
        return Span()
    low, high = (data.get("min"), data.get("max")) if isinstance(data, dict) else (1, 0)
    whole = all(value is None or isinstance(value, int) for value in (low, high))
    if not whole or (low is not None and high is not None and low > high):
        raise ValueError(f"field {key}: {name} is {{min: n, max: m}} with n not above m, not {data!r}")
    return Span(low, high)


# --- Shaping what came in -----------------------------------------------------------------------


def value(field: Field, raw: Any) -> Any:
    """The raw input in the field's own type. Never raises: what cannot be shaped becomes empty."""
    if field.kind in ("check",):
        return raw in (True, "true", "on", "1", 1)
    if field.kind in ("int", "scale"):
        return _number(raw)
    if field.kind == "multi":
        known = [option for option, _label in field.options]
        return [item for item in raw if item in known] if isinstance(raw, (list, tuple)) else []
    if field.kind == "rows":
        rows = [_row(field, row) for row in raw if isinstance(row, dict)] if isinstance(raw, (list, tuple)) else []
        return [row for row in rows[:50] if any(row.values())]
    if field.kind in ("tags", "audio"):  # nobody offers these yet, so nothing of them is kept
        return ""
    return str(raw).replace("\r\n", "\n").replace("\x00", "")[:LONGEST] if isinstance(raw, (str, int)) else ""


def _row(field: Field, row: dict) -> dict[str, Any]:
    return {column.key: value(column, row.get(column.key, "")) for column in field.columns}


def _number(raw: Any) -> int | None:
    try:
        return int(str(raw).strip()) if not isinstance(raw, bool) else None
    except ValueError:
        return None


def is_empty(field: Field, content: Any) -> bool:
    return content is None or content is False or content == [] or (isinstance(content, str) and not content.strip())


# --- What keeps a value from being handed in ----------------------------------------------------


def complaints(field: Field, content: Any) -> list[str]:
    """Sentences saying what to mend, empty when the value can be handed in."""
    if is_empty(field, content):
        return [_missing(field)] if field.required else []
    check = CHECKS.get(field.kind)
    return check(field, content) if check else []


def _missing(field: Field) -> str:
    if field.kind == "check":
        return _("Tick this when it is so.")
    if field.kind in ("choice", "scale"):
        return _("Choose one.")
    return _("This is still empty.")


def _line(field: Field, content: str) -> list[str]:
    return _within(field.chars, len(content.strip()), _characters)


def _prose(field: Field, content: str) -> list[str]:
    return _within(field.words, count_words(content), _words) + _line(field, content)


def _within(span: Span, count: int, unit: Any) -> list[str]:
    if span.max is not None and count > span.max:
        return [_("At most %(limit)s here; this has %(count)s.") % {"limit": unit(span.max), "count": count}]
    if span.min is not None and count < span.min:
        return [_("At least %(limit)s here; this has %(count)s.") % {"limit": unit(span.min), "count": count}]
    return []


def _words(count: int) -> str:
    return ngettext("%(count)s word", "%(count)s words", count) % {"count": count}


def _characters(count: int) -> str:
    return ngettext("%(count)s character", "%(count)s characters", count) % {"count": count}


def _row_count(count: int) -> str:
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": count}


def _choice(field: Field, content: str) -> list[str]:
    return [] if content in dict(field.options) else [_("Choose one of the answers offered.")]


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
    "int": _range,
    "scale": _range,
    "date": _date,
    "rows": _rows,
}
