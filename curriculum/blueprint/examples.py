"""An example beside an exercise: a strong one within every limit, a weak one not over any."""

from dataclasses import replace
from typing import Any

from .. import answers, fields, tags, values
from ..fields import RECORDS, Field, Span
from ..sources import Source
from .desk import Desk

LABELS = {"strong", "weak"}


def example(desk: Desk, name: str, exercise: dict, asked: list[Field]) -> dict | None:
    source = desk.folder.yaml(name)
    if source is None or not desk.need(source, source.data, key=str, label=str, answer=dict):
        return None
    desk.name(source, source.data, "example", kind=str(source.data["label"]))
    desk.one_of(source, source.data, "label", LABELS)
    desk.at_most(source, source.data, about=300)
    if source.data.get("exercise") != exercise["key"]:
        desk.note(source, f"it says it belongs to {source.data.get('exercise')}", source.data, "exercise")
    answered(desk, source, source.data["answer"], asked, may_be_short=source.data["label"] == "weak")
    return source.data


def answered(desk: Desk, source: Source, answer: dict, asked: list[Field], *, may_be_short: bool) -> None:
    """Note what of an answer its fields could not hold; one that may be short keeps the upper limits only."""
    by_key = {one.key: _may_be_short(one) if may_be_short else one for one in asked}
    for key, content in answer.items():
        _field(desk, source, answer, key, content, by_key.get(key))
    for key, sentence in _between(asked, answer):
        desk.note(source, f"over its own limits: {key}: {sentence}", answer, key)


def _field(desk: Desk, source: Source, answer: dict, key: str, content: Any, one: Field | None) -> None:
    if one is None:
        desk.note(source, f"the exercise has no field {key}", answer, key)
        return
    if not _is_shaped(one, content):
        desk.note(source, f"{key}: {content!r} is nothing a field of kind {one.kind} can hold", answer, key)
        return
    for sentence in fields.complaints(one, content):
        desk.note(source, f"over its own limits: {key}: {sentence}", answer, key)


def _may_be_short(one: Field) -> Field:
    """The same field without its lower limits."""
    upper: dict[str, Any] = {name: Span(None, getattr(one, name).max) for name in ("words", "chars", "rows", "choose")}
    columns = tuple(replace(_may_be_short(column), required=False) for column in one.columns)
    return replace(one, **upper, columns=columns)


def _is_shaped(one: Field, content: Any) -> bool:
    """Whether it is written as an answer holds it, so that nothing of it is lost."""
    if one.kind in RECORDS:  # whole records, as an attempt keeps them
        records = content if isinstance(content, list) else [content]
        return all(isinstance(record, dict) and "id" in record for record in records)
    if one.kind == "rows" and isinstance(content, list):
        keys = {column.key for column in one.columns}
        return all(isinstance(row, dict) and set(row) <= keys and all(row.values()) for row in content)
    return bool(values.value(one, content) == content)


def _between(asked: list[Field], answer: dict) -> list[tuple[str, str]]:
    """What two fields of an answer say of each other: tags cover their text, words counted together fit."""
    tagged = [one for one in asked if one.kind == "tags" and answer.get(one.key)]
    found = [
        (one.key, sentence)
        for one in tagged
        for sentence in tags.gaps(str(answer.get(one.extra["of"]) or ""), answer[one.key])
    ]
    return found + list(answers.too_long_together(asked, answer))
