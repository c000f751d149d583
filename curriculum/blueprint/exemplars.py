"""The exemplars of a rubric: attempts every coach scores before their first review, with the levels they stand for."""

from typing import Any

from .. import fields
from ..fields import Field
from ..sources import Source
from . import examples
from .desk import Desk

SET = 5  # exemplars a rubric
LEVELS = range(1, 5)


def exemplars(desk: Desk) -> None:
    for name in desk.folder.names("calibration/*.yaml"):
        desk.plan.exemplars += _set(desk, name)


def _set(desk: Desk, name: str) -> list[dict]:
    """One file: five attempts at an exercise that is read by the rubric."""
    source = desk.folder.yaml(name)
    if source is None or not desk.need(source, source.data, rubric=str, exercise=str, exemplars=list):
        return []
    data = source.data
    rubrics = {one["key"]: one for one in desk.plan.rubrics}
    read = {one["key"]: one for one in desk.plan.exercises if one.get("rubric") == data["rubric"]}
    desk.one_of(source, data, "rubric", rubrics)
    desk.one_of(source, data, "exercise", read)
    if len(data["exemplars"]) != SET:
        desk.note(source, f"a rubric has {SET} exemplars; here are {len(data['exemplars'])}", data, "exemplars")
    if data["rubric"] not in rubrics or data["exercise"] not in read:
        return []
    asked = _fields(read[data["exercise"]])
    found = [_exemplar(desk, source, one, rubrics[data["rubric"]], asked) for one in data["exemplars"]]
    return [one | {"rubric": data["rubric"], "exercise": data["exercise"]} for one in found if one]


def _fields(exercise: dict) -> list[Field]:
    """The fields of an exercise; one that cannot be read is told there."""
    found = []
    for part in exercise.get("fields") or []:
        try:
            found.append(fields.parse(part))
        except ValueError:
            continue
    return found


def _exemplar(desk: Desk, source: Source, one: Any, rubric: dict, asked: list[Field]) -> dict | None:
    if not desk.need(source, one, key=str, about=str, answer=dict, reference=dict, why=dict):
        return None
    desk.name(source, one, "exemplar")
    desk.at_most(source, one, about=300)
    examples.answered(desk, source, one["answer"], asked, may_be_short=True)
    _reference(desk, source, one, rubric)
    return dict(one)


def _reference(desk: Desk, source: Source, one: dict, rubric: dict) -> None:
    """A level for everything a coach scores, each with a sentence that says why."""
    reference, why = one["reference"], one["why"]
    scored = {part["key"]: part for part in rubric["criteria"] if part.get("source") != "client"}
    for key in reference:
        desk.one_of(source, reference, key, LEVELS)
        if key not in scored:
            desk.note(source, f"a coach scores no {key} by {rubric['key']}", reference, key)
    for key, part in scored.items():
        if key not in reference and not part.get("only_for"):
            desk.note(source, f"the level of {key} is missing", one, "reference")
    if set(why) != set(reference):
        desk.note(source, "“why” says a sentence for each level of the reference, and for no other", one, "why")
