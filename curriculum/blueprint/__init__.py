"""An edition's folder as checked plain data: what the importer writes, or every reason why not.

`draw` never stops at the first problem. Layout: docs/content-files.md.
"""

from pathlib import Path

from ..sources import Problem
from . import exemplars, keys, texts, weeks
from .desk import Desk
from .plan import COUNTED_FROM, DAYS, Blueprint

__all__ = ["COUNTED_FROM", "DAYS", "WEEKS", "Blueprint", "draw"]

WEEKS = range(10)  # week 0 prepares, 1 to 8 are taught, 9 closes


def draw(path: Path) -> tuple[Blueprint, list[Problem]]:
    """The blueprint of the folder and every problem found, in the order of files and lines."""
    if not path.is_dir():
        return Blueprint(), [Problem(str(path), 1, "this folder does not exist")]
    desk = Desk(path)
    texts.programme(desk)
    texts.rubrics(desk)
    texts.instruments(desk)
    _weeks(desk)
    exemplars.exemplars(desk)
    texts.comments(desk)
    texts.messages(desk)
    texts.milestones(desk)
    texts.lexicon(desk)
    desk.plan.keys = desk.named
    if not desk.folder.problems:  # what cannot be read has no keys, and would only be told twice
        keys.compare(desk)
    desk.plan.digest = "" if desk.folder.problems else desk.folder.digest()
    return desk.plan, sorted(set(desk.folder.problems))


def _weeks(desk: Desk) -> None:
    desk.plan.weeks = [found for name in desk.folder.names("weeks/*/week.yaml") if (found := weeks.week(desk, name))]
    there = {week["number"] for week in desk.plan.weeks}
    if missing := [str(number) for number in WEEKS if number not in there]:
        desk.folder.problem("weeks", f"weeks are missing: {', '.join(missing)}")
