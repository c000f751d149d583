"""What every check needs at hand: the folder, the plan so far, the keys given out, and how to note a problem."""

from pathlib import Path
from typing import Any

from ..sources import Folder, Source
from .plan import Blueprint, Named


class Desk:
    """One folder being read. What is wrong is noted, never raised."""

    def __init__(self, path: Path):
        self.folder = Folder(path)
        self.plan = Blueprint()
        self.named: dict[Named, str] = {}
        self._places: dict[str, str] = {}

    def note(self, source: Source, what: str, mapping: Any = None, key: str | None = None) -> None:
        self.folder.problem(source, what, mapping, key)

    def need(self, source: Source, mapping: Any, **kinds: Any) -> bool:
        """Whether every named key is there with the right type; each that is not becomes a problem."""
        if not isinstance(mapping, dict):
            self.note(source, f"this is a mapping of keys, not {mapping!r}")
            return False
        fine = True
        for key, kind in kinds.items():
            if not isinstance(mapping.get(key), kind) or mapping.get(key) in ("", [], {}):
                self.note(source, f"“{key}” is missing or of the wrong kind", mapping, key)
                fine = False
        return fine

    def one_of(self, source: Source, mapping: dict, key: str, allowed: Any) -> None:
        if mapping.get(key) not in allowed:
            listed = ", ".join(sorted(map(str, allowed)))
            self.note(source, f"{key} {mapping.get(key)!r} is not one of {listed}", mapping, key)

    def at_most(self, source: Source, mapping: dict, **limits: int) -> None:
        """Texts that stand in a line of their own somewhere, in characters."""
        for key, limit in limits.items():
            if len(str(mapping.get(key) or "")) > limit:
                self.note(source, f"“{key}” has more than {limit} characters", mapping, key)

    def name(self, source: Source, mapping: dict, what: str, *, kind: str = "", within: str = "") -> None:
        """Give out the key of a mapping: once for each sort of thing, `within` another key where it belongs there.

        Weeks, lessons, exercises, examples, rubrics, competencies and modules share one set of keys.
        """
        key = f"{within}.{mapping.get('key')}" if within else str(mapping.get("key"))
        place = key if what in SHARED else f"{what} {key}"
        if place in self._places:
            self.note(source, f"the key {mapping.get('key')} is used in {self._places[place]} already", mapping, "key")
        self._places.setdefault(place, source.name)
        if what not in UNREGISTERED:
            self.named[what, key] = kind

    def competency(self, source: Source, mapping: dict) -> None:
        self.one_of(source, mapping, "competency", {*self.competencies, "none"})

    @property
    def competencies(self) -> list[str]:
        return [c["key"] for c in self.plan.programme.get("competencies", []) if isinstance(c, dict) and "key" in c]


UNREGISTERED = {"milestone"}  # kinds of the code, which an edition may leave out
SHARED = {"competency", "module", "rubric", "week", "lesson", "exercise", "example"}
