"""Raw input in the type of its field. Nothing here refuses anything: what cannot be shaped becomes empty."""

from typing import Any

from .fields import TAGS, Field

MOST_ROWS = 200
LONGEST = 20_000  # characters of one field; far above any limit in words, below what could hurt


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
        return [row for row in rows[:MOST_ROWS] if any(row.values())]
    if field.kind in SHAPES:
        return SHAPES[field.kind](raw)
    return clean(raw)


def _row(field: Field, row: dict) -> dict[str, Any]:
    return {column.key: value(column, row.get(column.key, "")) for column in field.columns}


def _number(raw: Any) -> int | None:
    try:
        found = int(str(raw).strip()) if not isinstance(raw, bool) else None
    except ValueError:
        return None
    return found if found is not None and abs(found) < 2**63 else None


def _tagged(raw: Any) -> list[dict[str, str]]:
    """Sentences with their tags; a tag nobody knows is none."""
    found = [part for part in raw if isinstance(part, dict)] if isinstance(raw, (list, tuple)) else []
    return [
        {"text": clean(part.get("text")), "tag": part["tag"] if part.get("tag") in TAGS else ""}
        for part in found[:MOST_ROWS]
        if clean(part.get("text")).strip()
    ]


def _named(raw: Any) -> list[dict[str, int]]:
    """Records as they are named: by number, each once, in the order given."""
    found = [_number(one.get("id") if isinstance(one, dict) else one) for one in raw] if _is_list(raw) else []
    return [{"id": number} for number in dict.fromkeys(found) if number][:MOST_ROWS]


def _sounding(raw: Any) -> dict[str, int] | None:
    number = _number(raw.get("id") if isinstance(raw, dict) else raw)
    return {"id": number} if number else None


def _is_list(raw: Any) -> bool:
    return isinstance(raw, (list, tuple))


def clean(raw: Any) -> str:
    """Text as it is kept: line ends of one kind, nothing a database refuses, no longer than anything needs."""
    return str(raw).replace("\r\n", "\n").replace("\x00", "")[:LONGEST] if isinstance(raw, (str, int)) else ""


SHAPES: dict[str, Any] = {"tags": _tagged, "entries": _named, "lines": _named, "audio": _sounding}
