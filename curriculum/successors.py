"""What of one edition takes the place of what in another, by the keys that never change.

An exercise holds what was written in another one where every field, option and column that was there still is; what
is asked besides does not matter to what is written already.
"""

from functools import lru_cache
from typing import Any

from . import questionnaires
from .models import Edition, Exercise, Instrument, Lesson, Level


def of_exercises(old: Edition, new: Edition) -> dict[int, Exercise]:
    """Exercise of the old edition, by number → the one of the new with the same key, whatever its form."""
    offered = Exercise.objects.offered().select_related("week")
    by_key = {one.key: one for one in offered.filter(edition=new)}
    return {one.pk: by_key[one.key] for one in offered.filter(edition=old) if one.key in by_key}


def holds(new: Exercise, old: Exercise) -> bool:
    """Whether what was written in the old one fits into the new one."""
    if new.edition_id == old.edition_id:
        return new.pk == old.pk
    return new.kind == old.kind and _parts(old.fields) <= _parts(new.fields)


def of_counted(old: Edition, new: Edition) -> dict[int, int]:
    """The same of what is done by counting, by number."""
    by_key = dict(Exercise.objects.filter(edition=new, counted=True).values_list("key", "pk"))
    rows = Exercise.objects.filter(edition=old, counted=True).values_list("pk", "key")
    return {pk: by_key[key] for pk, key in rows if key in by_key}


@lru_cache(maxsize=256)
def measure_alike(one: int, other: int) -> bool:
    """Whether two rubrics of published editions, by number, give levels by the same words."""
    return one == other or _measure(one) == _measure(other)


def _measure(rubric: int) -> list[tuple[object, ...]]:
    rows = Level.objects.filter(criterion__rubric=rubric).order_by("criterion__key", "rank")
    return list(rows.values_list("criterion__rubric__key", "criterion__key", "criterion__settings", "rank", "anchor"))


def of_lessons(old: Edition, new: Edition) -> dict[int, int]:
    """Lesson of the old edition → that of the new one, by number."""
    by_key = dict(Lesson.objects.filter(edition=new).values_list("key", "pk"))
    return {pk: by_key[key] for pk, key in Lesson.objects.filter(edition=old).values_list("pk", "key") if key in by_key}


def same_questions(old: Edition, new: Edition) -> bool:
    """Whether people rate themselves by the same statements: then the beginning and the end can be compared."""
    return old.pk == new.pk or _statements(old) == _statements(new)


def _statements(edition: Edition) -> tuple[tuple[str, str], ...]:
    try:
        return tuple((item.key, item.text) for item in questionnaires.self_assessment(edition.pk).items)
    except Instrument.DoesNotExist:
        return ()


def _parts(fields: list[dict[str, Any]]) -> set[tuple[str, ...]]:
    """Every key an answer is kept by, with what kind of answer that is."""
    found: set[tuple[str, ...]] = set()
    for one in fields:
        key = str(one["key"])
        found.add((key, str(one.get("kind"))))
        found |= {(key, "option", str(option["value"])) for option in one.get("options") or []}
        found |= {(key, "column", str(column["key"])) for column in one.get("columns") or []}
    return found
