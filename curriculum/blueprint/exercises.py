"""An exercise of an edition's folder, with its fields and what they say of one another."""

from typing import Any

from .. import fields
from ..fields import Field
from ..sources import Source
from . import examples
from .desk import Desk

KINDS = {"text", "rewrite", "audio60", "log", "plan", "assessment", "pulse"}
ROLES = {"main", "short", "translation", "baseline"}
PROFILES = {"update", "page", "rewrite", "translation", "answers", "flip", "correction", "one_on_one", "incident"}
AUDIENCES = {"plain", "technical"}
COUNTED = {"meetings", "ledger", "assessment"}
NAMING = ("of", "with", "instead_of")  # what a field says of another one, by its key
Fields = dict[str, Field]


def exercise(desk: Desk, name: str) -> dict | None:
    source = desk.folder.yaml(name)
    if source is None or not desk.need(source, source.data, key=str, title=str, minutes=int, brief=str):
        return None
    data = source.data
    desk.name(source, data, "exercise", kind=str(data.get("kind")))
    desk.one_of(source, data, "kind", KINDS)
    desk.one_of(source, data, "role", ROLES)
    desk.at_most(source, data, title=120, begin=200, first_step=200, listener=120, twist=200)
    _competencies(desk, source, data)
    _scored(desk, source, data)
    _counts(desk, source, data)
    parsed = _fields(desk, source, data)
    _first_read(desk, source, data, parsed)
    _between_fields(desk, source, data, parsed)
    stem = name.removesuffix(".yaml")
    data["examples"] = [
        found
        for one in desk.folder.names(f"{stem}-*.yaml")
        if (found := examples.example(desk, one, data, list(parsed.values())))
    ]
    return data


def _competencies(desk: Desk, source: Source, data: dict) -> None:
    desk.competency(source, {**data, "competency": data.get("competency", "none")})
    named = list(data.get("competencies") or [])
    for cases in (data.get("competency_if") or {}).values():
        named += cases.values()
    for key in named:
        if key not in desk.competencies:
            desk.note(source, f"nobody knows the competency {key}", data, "competencies")


def _scored(desk: Desk, source: Source, data: dict) -> None:
    rubrics = {rubric["key"] for rubric in desk.plan.rubrics}
    if bool(data.get("rubric")) == bool(data.get("unscored")):
        desk.note(source, "an exercise names a rubric or says unscored: true", data, "rubric")
    elif data.get("rubric"):
        desk.one_of(source, data, "rubric", rubrics)


def _counts(desk: Desk, source: Source, data: dict) -> None:
    """What nobody hands in says what is counted instead."""
    if "counts" not in data:
        if not data.get("fields") and data.get("kind") not in ("pulse",):
            desk.note(source, "an exercise has fields, or says what it counts", data, "fields")
        return
    counts = data["counts"] if isinstance(data["counts"], dict) else {}
    desk.one_of(source, counts, "of", COUNTED)
    if counts.get("of") == "assessment":
        desk.one_of(source, counts, "moment", _moments(desk))
    elif not isinstance(counts.get("min"), int):
        desk.note(source, "counts say how many: min", data, "counts")
    if data.get("fields"):
        desk.note(source, "what is counted has no fields", data, "fields")


def _moments(desk: Desk) -> set[str]:
    """When the questionnaires of this edition are asked."""
    return {time["key"] for instrument in desk.plan.instruments for time in instrument.get("times") or []}


def _fields(desk: Desk, source: Source, data: dict) -> Fields:
    parsed: Fields = {}
    for part in data.get("fields") or []:
        try:
            one = fields.parse(part)
        except ValueError as error:
            desk.note(source, str(error), part)
            continue
        if one.key in parsed:
            desk.note(source, f"the field {one.key} stands here twice", part, "key")
            continue
        parsed[one.key] = one
        _register(desk, source, data["key"], one)
    return parsed


def _register(desk: Desk, source: Source, exercise_key: str, one: Field) -> None:
    """A field, the answers it offers and its columns have keys that answers are kept by."""
    desk.name(source, {"key": one.key}, "field", kind=one.kind, within=exercise_key)
    for value, _label in one.options:
        desk.name(source, {"key": value}, "option", within=f"{exercise_key}.{one.key}")
    for column in one.columns:
        desk.name(source, {"key": column.key}, "column", kind=column.kind, within=f"{exercise_key}.{one.key}")


# --- What names a field --------------------------------------------------------------------------


def _first_read(desk: Desk, source: Source, data: dict, parsed: Fields) -> None:
    reading = data.get("first_read")
    if not reading:
        return
    desk.one_of(source, reading, "profile", PROFILES)
    desk.one_of(source, {**reading, "audience": reading.get("audience", "plain")}, "audience", AUDIENCES)
    named = [*(reading.get("fields") or []), *filter(None, [reading.get("subject")])]
    for line in reading.get("lines") or []:
        named += line.get("fields") or []
    for key in named:
        if key not in parsed:
            desk.note(source, f"first_read names the field {key}, which is not there", reading)


def _between_fields(desk: Desk, source: Source, data: dict, parsed: Fields) -> None:
    parts = {part.get("key"): part for part in data.get("fields") or [] if isinstance(part, dict)}
    for one in parsed.values():
        for sentence in _wrongly_named(one, parsed):
            desk.note(source, f"field {one.key}: {sentence}", parts[one.key])
    for rule in data.get("at_least") or []:
        fine = desk.need(source, rule, count=int, of=list, field=str, say=str)
        for key in [*rule["of"], rule["field"]] if fine else []:
            if key not in parsed:
                desk.note(source, f"at_least names the field {key}, which is not there", rule)


def _wrongly_named(one: Field, parsed: Fields) -> list[str]:
    """What a field says of others that is not so."""
    told = [f"{name} names {one.extra[name]}, which is not there" for name in NAMING if _unknown(one, name, parsed)]
    for other, wanted in one.required_if.items():
        if other not in parsed:
            told.append(f"required_if names {other}, which is not there")
        elif strange := [value for value in wanted if not _can_be(parsed[other], value)]:
            told.append(f"required_if: {other} is never {', '.join(strange)}")
    if one.extra.get("default") and not _can_be(one, str(one.extra["default"])):
        told.append(f"default {one.extra['default']!r} is not offered")
    return told


def _unknown(one: Field, name: str, parsed: Fields) -> bool:
    return name in one.extra and one.extra[name] not in parsed


def _can_be(other: Field, value: str) -> bool:
    """Whether an answer to the other field may have this value."""
    if other.kind in ("choice", "multi"):
        return value in dict(other.options)
    checks: dict[str, Any] = {"scale": str.isdigit, "int": str.isdigit, "check": lambda text: text == "True"}
    kind = checks.get(other.kind)
    return bool(kind and kind(value)) and not (kind is str.isdigit and fields.complaints(other, int(value)))
