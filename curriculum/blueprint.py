"""An edition's folder as checked plain data: what the importer writes, or every reason why not.

`draw` never stops at the first problem. Layout: docs/content-files.md.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import fields, values
from .fields import Span
from .placeholders import KNOWN, used_in
from .sources import Folder, Problem, Source

KINDS = {"text", "rewrite", "audio60", "log", "plan", "assessment", "pulse"}
ROLES = {"main", "short", "translation", "baseline"}
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ZONES = {"cohort", "client", "coach"}
PROFILES = {"update", "page", "rewrite", "translation", "answers", "flip", "correction", "one_on_one"}


@dataclass
class Blueprint:
    """The whole edition as plain mappings, each already checked."""

    programme: dict = field(default_factory=dict)
    weeks: list[dict] = field(default_factory=list)
    rubrics: list[dict] = field(default_factory=list)
    comments: list[dict] = field(default_factory=list)
    instruments: list[dict] = field(default_factory=list)
    messages: list[dict] = field(default_factory=list)
    milestones: list[dict] = field(default_factory=list)
    lexicon: dict = field(default_factory=dict)
    digest: str = ""


class _Draughtsman:
    """Reads one folder. Each method reads one kind of file and notes what is wrong with it."""

    def __init__(self, path: Path):
        self.folder = Folder(path)
        self.keys: dict[str, str] = {}
        self.plan = Blueprint()

    def draw(self) -> tuple[Blueprint, list[Problem]]:
        if source := self.folder.yaml("programme.yaml"):
            self.programme(source)
        self.plan.rubrics = [r for name in self.folder.names("rubrics/*.yaml") if (r := self.rubric(name))]
        self.plan.weeks = [w for name in self.folder.names("weeks/*/week.yaml") if (w := self.week(name))]
        self.plan.comments = self.comments()
        self.plan.instruments = [i for name in self.folder.names("assessments/*.yaml") if (i := self.instrument(name))]
        self.plan.messages = [m for name in self.folder.names("messages/*.md") if (m := self.message(name))]
        self.plan.milestones = self.milestones()
        if self.folder.names("first_read/lexicon.yaml") and (source := self.folder.yaml("first_read/lexicon.yaml")):
            self.plan.lexicon = source.data
        if not self.plan.weeks:
            self.folder.problem("weeks", "there are no weeks")
        self.plan.digest = "" if self.folder.problems else self.folder.digest()
        return self.plan, sorted(set(self.folder.problems))

    # --- Helpers ---

    def need(self, source: Source, mapping: dict, **kinds: Any) -> bool:
        """Whether every named key is there with the right type; each that is not becomes a problem."""
        fine = True
        for key, kind in kinds.items():
            if not isinstance(mapping.get(key), kind) or mapping.get(key) in ("", [], {}):
                self.folder.problem(source, f"“{key}” is missing or of the wrong kind", mapping, key)
                fine = False
        return fine

    def one_of(self, source: Source, mapping: dict, key: str, allowed: Any) -> None:
        if mapping.get(key) not in allowed:
            listed = ", ".join(sorted(map(str, allowed)))
            self.folder.problem(source, f"{key} {mapping.get(key)!r} is not one of {listed}", mapping, key)

    def own_key(self, source: Source, mapping: dict) -> None:
        key = str(mapping.get("key"))
        if key in self.keys:
            self.folder.problem(source, f"the key {key} is used in {self.keys[key]} already", mapping, "key")
        self.keys.setdefault(key, source.name)

    def competency(self, source: Source, mapping: dict) -> None:
        known = {c["key"] for c in self.plan.programme.get("competencies", []) if "key" in c} | {"none"}
        self.one_of(source, mapping, "competency", known)

    # --- Files ---

    def programme(self, source: Source) -> None:
        data = source.data
        if self.need(source, data, key=str, version=str, title=str, competencies=list, modules=list, goals=list):
            self.plan.programme = data
            for part in (*data["competencies"], *data["modules"]):
                if isinstance(part, dict):
                    self.own_key(source, part)
                else:
                    self.folder.problem(source, f"a competency or module is a mapping, not {part!r}", data)

    def rubric(self, name: str) -> dict | None:
        source = self.folder.yaml(name)
        if source is None or not self.need(source, source.data, key=str, title=str, criteria=list):
            return None
        self.own_key(source, source.data)
        for criterion in source.data["criteria"]:
            if self.need(source, criterion, key=str, title=str, levels=list):
                self.competency(source, criterion)
                if len(criterion["levels"]) != 4:
                    self.folder.problem(source, "a criterion has four levels", criterion, "levels")
        return source.data

    def week(self, name: str) -> dict | None:
        source = self.folder.yaml(name)
        wanted = {"key": str, "number": int, "title": str, "short": str, "module": str, "minutes": int}
        if source is None or not self.need(source, source.data, **wanted):
            return None
        data, home = dict(source.data), name.removesuffix("week.yaml")
        self.own_key(source, source.data)
        modules = {m.get("key") for m in self.plan.programme.get("modules", []) if isinstance(m, dict)}
        self.one_of(source, source.data, "module", modules)
        self._session(source, data)
        data["lessons"] = [found for stem in data.get("lessons") or [] if (found := self.lesson(f"{home}{stem}.md"))]
        data["exercises"] = [
            found for stem in data.get("exercises") or [] if (found := self.exercise(self._exercise_file(home, stem)))
        ]
        return data

    def _session(self, source: Source, data: dict) -> None:
        session = data.get("session")
        if session and sum(row.get("minutes", 0) for row in session.get("rows", [])) != session.get("minutes"):
            self.folder.problem(source, "the minutes of the session's rows do not add up", source.data, "session")

    def _exercise_file(self, home: str, stem: str) -> str:
        own = f"{home}{stem}.yaml"
        return own if (self.folder.path / own).exists() or not stem.startswith("t") else f"practice/{stem}.yaml"

    def lesson(self, name: str) -> dict | None:
        source = self.folder.markdown(name)
        if source is None or not self.need(source, source.data, key=str, slug=str, title=str, minutes=int):
            return None
        self.own_key(source, source.data)
        if "## Try it now" not in source.body:
            self.folder.problem(source, "a lesson ends with “## Try it now”", source.data)
        return {**source.data, "body": source.body}

    def exercise(self, name: str) -> dict | None:
        source = self.folder.yaml(name)
        if source is None or not self.need(source, source.data, key=str, title=str, minutes=int, brief=str):
            return None
        data = source.data
        self.own_key(source, data)
        self.one_of(source, data, "kind", KINDS)
        self.one_of(source, data, "role", ROLES)
        self.competency(source, {**data, "competency": data.get("competency", "none")})
        self._scored(source, data)
        self._profile(source, data)
        self._counts(source, data)
        parsed = self._fields(source, data)
        stem = name.removesuffix(".yaml")
        data["examples"] = [e for n in self.folder.names(f"{stem}-*.yaml") if (e := self.example(n, data, parsed))]
        return data

    def _counts(self, source: Source, data: dict) -> None:
        """What nobody hands in says what is counted instead."""
        if "counts" not in data:
            if not data.get("fields") and data.get("kind") not in ("pulse",):
                self.folder.problem(source, "an exercise has fields, or says what it counts", data, "fields")
            return
        counts = data["counts"] if isinstance(data["counts"], dict) else {}
        self.one_of(source, counts, "of", {"meetings", "ledger", "assessment"})
        if counts.get("of") == "assessment":
            self.one_of(source, counts, "moment", {"a0", "a4", "a8"})
        elif not isinstance(counts.get("min"), int):
            self.folder.problem(source, "counts say how many: min", data, "counts")

    def _scored(self, source: Source, data: dict) -> None:
        rubrics = {rubric["key"] for rubric in self.plan.rubrics}
        if bool(data.get("rubric")) == bool(data.get("unscored")):
            self.folder.problem(source, "an exercise names a rubric or says unscored: true", data, "rubric")
        elif data.get("rubric"):
            self.one_of(source, data, "rubric", rubrics)

    def _profile(self, source: Source, data: dict) -> None:
        if reading := data.get("first_read"):
            self.one_of(source, reading, "profile", PROFILES)
            keys = {f.get("key") for f in data.get("fields") or [] if isinstance(f, dict)}
            for key in reading.get("fields") or []:
                if key not in keys:
                    self.folder.problem(source, f"first_read names the field {key}, which is not there", reading)

    def _fields(self, source: Source, data: dict) -> dict[str, fields.Field]:
        parsed: dict[str, fields.Field] = {}
        for part in data.get("fields") or []:
            try:
                one = fields.parse(part)
            except ValueError as error:
                self.folder.problem(source, str(error), part)
                continue
            if one.key in parsed:
                self.folder.problem(source, f"the field {one.key} stands here twice", part, "key")
            parsed[one.key] = one
        return parsed

    def example(self, name: str, exercise: dict, parsed: dict[str, fields.Field]) -> dict | None:
        source = self.folder.yaml(name)
        if source is None or not self.need(source, source.data, key=str, label=str, answer=dict):
            return None
        self.own_key(source, source.data)
        self.one_of(source, source.data, "label", {"strong", "weak"})
        if source.data.get("exercise") != exercise["key"]:
            self.folder.problem(source, f"it says it belongs to {source.data.get('exercise')}", source.data, "exercise")
        answer = source.data["answer"]
        for key, content in answer.items():
            self._example_field(source, answer, key, content, parsed.get(key))
        return source.data

    def _example_field(self, source: Source, answer: dict, key: str, content: Any, one: fields.Field | None) -> None:
        if one is None:
            self.folder.problem(source, f"the exercise has no field {key}", answer, key)
            return
        if source.data["label"] == "weak":  # a weak example may be too short, never too long
            one = fields.Field(**{**vars(one), "words": Span(None, one.words.max), "chars": Span(None, one.chars.max)})
            one = fields.Field(**{**vars(one), "rows": Span(None, one.rows.max), "columns": ()})
        for sentence in fields.complaints(one, values.value(one, content) if one.kind != "rows" else content):
            self.folder.problem(source, f"over its own limits: {key}: {sentence}", answer, key)

    def comments(self) -> list[dict]:
        source = self.folder.yaml("comments.yaml") if self.folder.names("comments.yaml") else None
        if source is None or not isinstance(source.data, list):
            return []
        for comment in source.data:
            if self.need(source, comment, key=str, kind=str, text=str):
                self.own_key(source, {"key": f"comment-{comment['key']}"})
                self.one_of(source, comment, "kind", {"keep", "try"})
        return source.data

    def instrument(self, name: str) -> dict | None:
        source = self.folder.yaml(name)
        if source is None or not self.need(source, source.data, key=str, title=str):
            return None
        self.own_key(source, {"key": f"instrument-{source.data['key']}"})
        return source.data

    def message(self, name: str) -> dict | None:
        source = self.folder.markdown(name)
        if source is None or not self.need(source, source.data, key=str, subject=str):
            return None
        data = {**source.data, "body": source.body}
        for placeholder in sorted(used_in(data["subject"] + data["body"]) - KNOWN):
            self.folder.problem(source, f"nobody knows the placeholder {{{placeholder}}}", source.data)
        return data

    def milestones(self) -> list[dict]:
        source = self.folder.yaml("milestones.yaml")
        if source is None or not isinstance(source.data, list):
            return []
        return [plan for plan in source.data if self._milestone(source, plan)]

    def _milestone(self, source: Source, plan: dict) -> bool:
        if not self.need(source, plan, kind=str):
            return False
        if "hours_after" in plan:
            return self.need(source, plan, hours=int)
        self.one_of(source, plan, "day", DAYS)
        self.one_of(source, plan, "zone", ZONES)
        return self.need(source, plan, weeks=list, time=str, day=str)


def draw(path: Path) -> tuple[Blueprint, list[Problem]]:
    """The blueprint of the folder and every problem found, in the order of files and lines."""
    if not path.is_dir():
        return Blueprint(), [Problem(str(path), 1, "this folder does not exist")]
    return _Draughtsman(path).draw()
