"""A week of an edition's folder: its session, its lessons and its exercises."""

from ..fields import count_words
from ..sources import Source
from . import exercises
from .desk import Desk

SHORTEST, LONGEST = 250, 700  # words of a lesson
ENDING = "## Try it now"


def week(desk: Desk, name: str) -> dict | None:
    source = desk.folder.yaml(name)
    wanted = {"key": str, "number": int, "title": str, "short": str, "module": str, "minutes": int}
    if source is None or not desk.need(source, source.data, **wanted):
        return None
    data, home = dict(source.data), name.removesuffix("week.yaml")
    desk.name(source, source.data, "week", kind=str(data["number"]))
    desk.at_most(source, source.data, title=120, short=14)
    desk.one_of(source, source.data, "module", _modules(desk))
    _session(desk, source, data)
    data["lessons"] = [found for stem in data.get("lessons") or [] if (found := lesson(desk, f"{home}{stem}.md"))]
    data["exercises"] = [
        found
        for stem in data.get("exercises") or []
        if (found := exercises.exercise(desk, _exercise_file(desk, home, stem)))
    ]
    _minutes(desk, source, data)
    return data


def _modules(desk: Desk) -> set[str]:
    return {m["key"] for m in desk.plan.programme.get("modules", []) if isinstance(m, dict) and "key" in m}


def _session(desk: Desk, source: Source, data: dict) -> None:
    session = data.get("session")
    if session and sum(row.get("minutes", 0) for row in session.get("rows", [])) != session.get("minutes"):
        desk.note(source, "the minutes of the session's rows do not add up", source.data, "session")


def _minutes(desk: Desk, source: Source, data: dict) -> None:
    parts = [*data["lessons"], *data["exercises"]]
    if len(parts) != sum(len(source.data.get(name) or []) for name in ("lessons", "exercises")):
        return  # something could not be read, and is told already
    total = (data.get("session") or {}).get("minutes", 0) + sum(part["minutes"] for part in parts)
    if total != data["minutes"]:
        desk.note(source, f"session, lessons and exercises come to {total} minutes", source.data, "minutes")


def _exercise_file(desk: Desk, home: str, stem: str) -> str:
    own = f"{home}{stem}.yaml"
    return own if (desk.folder.path / own).exists() or not stem.startswith("t") else f"practice/{stem}.yaml"


def lesson(desk: Desk, name: str) -> dict | None:
    source = desk.folder.markdown(name)
    if source is None or not desk.need(source, source.data, key=str, slug=str, title=str, minutes=int):
        return None
    desk.name(source, source.data, "lesson")
    desk.name(source, {"key": source.data["slug"]}, "address", within=name.split("/")[-2])
    desk.at_most(source, source.data, title=120, slug=50)
    if not SHORTEST <= (written := count_words(source.body)) <= LONGEST:
        desk.note(source, f"a lesson has {SHORTEST} to {LONGEST} words; this has {written}", source.data)
    if [line for line in source.body.splitlines() if line.startswith("## ")][-1:] != [ENDING]:
        desk.note(source, f"a lesson ends with “{ENDING}”", source.data)
    return {**source.data, "body": source.body}
