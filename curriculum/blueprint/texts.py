"""Everything of an edition's folder that is not a week: the programme, rubrics, questionnaires, comments, messages."""

from datetime import time
from typing import Any

from .. import contents, placeholders
from ..sources import Source
from .desk import Desk
from .plan import COUNTED_FROM, DAYS

LEVELS = 4
ZONES = {"cohort", "client", "coach"}
EVENTS = {"hand_in", "asked_again", "session", "call", "graduation"}
SIDES = {"keep", "try"}


def programme(desk: Desk) -> None:
    source = desk.folder.yaml("programme.yaml")
    wanted = {"key": str, "version": str, "title": str, "competencies": list, "modules": list, "goals": list}
    if source is None or not desk.need(source, source.data, **wanted):
        return
    desk.plan.programme = source.data
    desk.at_most(source, source.data, title=120, version=20)
    for competency in source.data["competencies"]:
        if desk.need(source, competency, key=str, name=str, rank=int):
            desk.name(source, competency, "competency")
    for module in source.data["modules"]:
        if desk.need(source, module, key=str, title=str):
            desk.name(source, module, "module")


def rubrics(desk: Desk) -> None:
    desk.plan.rubrics = [found for name in desk.folder.names("rubrics/*.yaml") if (found := _rubric(desk, name))]


def _rubric(desk: Desk, name: str) -> dict | None:
    source = desk.folder.yaml(name)
    if source is None or not desk.need(source, source.data, key=str, title=str, criteria=list):
        return None
    desk.name(source, source.data, "rubric")
    for criterion in source.data["criteria"]:
        if desk.need(source, criterion, key=str, title=str, levels=list):
            desk.name(source, criterion, "criterion", within=source.data["key"])
            desk.competency(source, criterion)
            if len(criterion["levels"]) != LEVELS:
                desk.note(source, "a criterion has four levels", criterion, "levels")
    return source.data


# --- Questionnaires -------------------------------------------------------------------------------


def instruments(desk: Desk) -> None:
    names = desk.folder.names("assessments/*.yaml")
    desk.plan.instruments = [found for name in names if (found := _instrument(desk, name))]


def _instrument(desk: Desk, name: str) -> dict | None:
    source = desk.folder.yaml(name)
    if source is None or not desk.need(source, source.data, key=str, title=str):
        return None
    desk.name(source, source.data, "questionnaire")
    for part in contents.keyed(list(source.data.values())):
        desk.name(source, part, "item", within=source.data["key"])
    for text in _texts(source.data):
        _slots(desk, source, text, placeholders.OF_A_QUESTIONNAIRE)
    return source.data


def _texts(content: Any) -> list[str]:
    if isinstance(content, (list, dict)):
        parts = content.values() if isinstance(content, dict) else content
        return [text for part in parts for text in _texts(part)]
    return [content] if isinstance(content, str) else []


# --- Words with slots -----------------------------------------------------------------------------


def _slots(desk: Desk, source: Source, text: str, known: set[str], mapping: Any = None) -> None:
    for slot in sorted(placeholders.used_in(text) - known):
        desk.note(source, f"nobody knows the placeholder {{{slot}}}", mapping)


def comments(desk: Desk) -> None:
    source = desk.folder.yaml("comments.yaml") if desk.folder.names("comments.yaml") else None
    if source is None or not isinstance(source.data, list):
        return
    marked = {f"{rubric['key']}.{one['key']}" for rubric in desk.plan.rubrics for one in rubric["criteria"]}
    for comment in source.data:
        if desk.need(source, comment, key=str, kind=str, text=str):
            desk.name(source, comment, "comment", kind=comment["kind"])
            desk.one_of(source, comment, "kind", SIDES)
            _slots(desk, source, comment["text"], placeholders.OF_A_COMMENT, comment)
        if isinstance(comment, dict) and "about" in comment:
            desk.one_of(source, comment, "about", marked)
            desk.one_of(source, comment, "level", range(1, LEVELS + 1))
    desk.plan.comments = source.data


def messages(desk: Desk) -> None:
    desk.plan.messages = [found for name in desk.folder.names("messages/*.md") if (found := _message(desk, name))]


def _message(desk: Desk, name: str) -> dict | None:
    source = desk.folder.markdown(name)
    if source is None or not desk.need(source, source.data, key=str, subject=str):
        return None
    data = {**source.data, "body": source.body}
    desk.name(source, source.data, "message")
    desk.at_most(source, source.data, key=60, subject=200)
    _slots(desk, source, data["subject"] + data["body"], placeholders.KNOWN, source.data)
    return data


# --- Milestones and word lists --------------------------------------------------------------------


def milestones(desk: Desk) -> None:
    source = desk.folder.yaml("milestones.yaml")
    if source is not None and isinstance(source.data, list):
        desk.plan.milestones = [plan for plan in source.data if _milestone(desk, source, plan)]


def _milestone(desk: Desk, source: Source, plan: dict) -> bool:
    """One moment of a kind: in weeks of the calendar, or counted from something that happens."""
    if not desk.need(source, plan, kind=str):
        return False
    desk.name(source, {"key": contents.moment_of(plan)}, "milestone")
    counted = next((name for name in COUNTED_FROM if name in plan), "")
    if counted:
        desk.one_of(source, plan, counted, EVENTS)
        if not desk.need(source, plan, **{COUNTED_FROM[counted]: int}):
            return False
    if counted.startswith("hours"):
        return True
    desk.one_of(source, plan, "day", DAYS)
    desk.one_of(source, plan, "zone", ZONES)
    weeks = {} if counted else {"weeks": list}
    return desk.need(source, plan, **weeks, time=str, day=str) and _is_a_time(desk, source, plan)


def _is_a_time(desk: Desk, source: Source, plan: dict) -> bool:
    try:
        time.fromisoformat(plan["time"])
    except ValueError:
        desk.note(source, f"{plan['time']!r} is no time of day such as 09:00", plan, "time")
        return False
    return True


def lexicon(desk: Desk) -> None:
    if desk.folder.names("first_read/lexicon.yaml") and (source := desk.folder.yaml("first_read/lexicon.yaml")):
        desk.plan.lexicon = source.data
