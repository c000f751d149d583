"""How much an edition holds, week by week: lessons and their words and grades, exercises, examples, rubrics."""

from dataclasses import dataclass
from typing import Any

from .fields import count_words
from .readability import grade

HEADINGS = ("Week", "Title", "Lessons", "Words", "Grade", "Exercises", "Examples", "Rubrics")


@dataclass(frozen=True)
class Row:
    """One week in figures. `grade` is the reading grade of its lessons together, None without lessons."""

    number: int
    title: str
    lessons: int
    words: int
    grade: float | None
    exercises: int
    examples: int
    rubrics: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        plain = (self.number, self.title, self.lessons, f"{self.words:,}")
        graded = "" if self.grade is None else f"{self.grade:.1f}"
        return (*map(str, plain), graded, str(self.exercises), str(self.examples), ", ".join(self.rubrics) or "none")


def rows(whole: dict[str, Any]) -> list[Row]:
    """The weeks of an edition in figures. `whole` as `contents.of` gives it, or a blueprint's."""
    return [_row(week) for week in sorted(whole["weeks"], key=lambda week: week["number"])]


def _row(week: dict[str, Any]) -> Row:
    texts = [lesson["body"] for lesson in week["lessons"]]
    return Row(
        number=week["number"],
        title=week["title"],
        lessons=len(texts),
        words=sum(map(count_words, texts)),
        grade=grade("\n\n".join(texts)) if texts else None,
        exercises=len(week["exercises"]),
        examples=sum(len(exercise["examples"]) for exercise in week["exercises"]),
        rubrics=tuple(dict.fromkeys(one["rubric"] for one in week["exercises"] if one.get("rubric"))),
    )


def total(found: list[Row], whole: dict[str, Any]) -> tuple[str, ...]:
    """The last line of the table."""
    words, lessons = sum(row.words for row in found), sum(row.lessons for row in found)
    exercises, examples = sum(row.exercises for row in found), sum(row.examples for row in found)
    all_of_it = grade("\n\n".join(lesson["body"] for week in whole["weeks"] for lesson in week["lessons"]))
    plain = (lessons, f"{words:,}", f"{all_of_it:.1f}", exercises, examples, len(whole["rubrics"]))
    return ("", "All", *map(str, plain))


def columns(lines: list[tuple[str, ...]]) -> list[str]:
    """Cells under each other, for a terminal."""
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
