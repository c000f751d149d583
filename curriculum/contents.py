"""What an edition contains, as plain data: read back from its rows in the shape of its files, or laid flat.

A folder and the edition that was imported from it come to the same, so that either can be compared or counted.
"""

from collections.abc import Iterator
from typing import Any

from .firstread.lexicon import builtin_lists
from .models import Edition, Exemplar, Exercise, MilestonePlan, Rubric, Week

Whole = dict[str, Any]  # programme, weeks, rubrics, exemplars, comments, instruments, messages, milestones, lexicon
Part = tuple[str, str]  # what it is, and its key
Properties = dict[str, Any]

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WORDED = ("begin", "first_step", "listener", "twist")
UNSAID: dict[str, Properties] = {  # what stands for a line that is in no file
    "exercise": {"required": True, "competency": "none"},
    "field": {"required": False},
    "criterion": {"essential": False},
    "competency": {"scored": True},
    "milestone": {"weeks_later": 0},
    "programme": {"language": "en"},
}


# --- From rows ------------------------------------------------------------------------------------


def of(edition: Edition) -> Whole:
    """Everything in an edition, in the shape of its files."""
    weeks = edition.weeks.select_related("module").prefetch_related(
        "lessons", "exercises__rubric", "exercises__competency", "exercises__examples"
    )
    rubrics = edition.rubrics.prefetch_related("criteria__levels", "criteria__competency")
    return {
        "programme": _programme(edition),
        "weeks": [_week(week) for week in weeks],
        "rubrics": [_rubric(rubric) for rubric in rubrics],
        "exemplars": [_exemplar(one) for one in edition.exemplars.select_related("rubric", "exercise")],
        "comments": [_comment(dict(one)) for one in edition.comments.values("key", "kind", "text", "about", "level")],
        "instruments": list(edition.instruments.values_list("content", flat=True)),
        "messages": list(edition.message_texts.values("key", "subject", "body")),
        "milestones": [_milestone(plan) for plan in edition.milestone_plans.all()],
        "lexicon": edition.lexicon,
    }


def _exemplar(one: Exemplar) -> Properties:
    plain = ("key", "about", "answer", "reference", "why")
    return {name: getattr(one, name) for name in plain} | {"rubric": one.rubric.key, "exercise": one.exercise.key}


def _comment(row: Properties) -> Properties:
    """A line that is about everything says nothing of it, in the files and here."""
    return row if row["about"] else _without(row, "about", "level")


def _programme(edition: Edition) -> Properties:
    plain = ("version", "title", "language", "summary", "goals", "graduation")
    return {
        "key": edition.programme.key,
        **{name: getattr(edition, name) for name in plain},
        "competencies": list(edition.competencies.values("key", "name", "rank", "definition", "scored")),
        "modules": list(edition.modules.values("key", "title")),
    }


def _week(week: Week) -> Properties:
    plain = ("key", "number", "title", "short", "lede", "objectives", "minutes", "session")
    return {
        **{name: getattr(week, name) for name in plain},
        "module": week.module.key,
        "lessons": [
            {name: getattr(lesson, name) for name in ("key", "slug", "title", "minutes", "body")}
            for lesson in week.lessons.all()
        ],
        "exercises": [_exercise(exercise) for exercise in week.exercises.all()],
    }


def _exercise(exercise: Exercise) -> Properties:
    plain = ("key", "title", "kind", "role", "required", "minutes", "brief", *WORDED, "fields", "first_read")
    return {
        **exercise.settings,
        **{name: getattr(exercise, name) for name in plain},
        "rubric": exercise.rubric.key if exercise.rubric else "",
        "competency": exercise.competency.key if exercise.competency else "none",
        "examples": [
            {name: getattr(example, name) for name in ("key", "label", "about", "note", "answer")}
            for example in exercise.examples.all()
        ],
    }


def _rubric(rubric: Rubric) -> Properties:
    return {
        "key": rubric.key,
        "title": rubric.title,
        "criteria": [
            {
                "key": criterion.key,
                "title": criterion.title,
                "essential": criterion.essential,
                "competency": criterion.competency.key if criterion.competency else "none",
                "levels": [level.anchor for level in criterion.levels.all()],
                **criterion.settings,
            }
            for criterion in rubric.criteria.all()
        ],
    }


def _milestone(plan: MilestonePlan) -> Properties:
    plain = ("kind", "rung", "weeks", "weeks_later", "zone", "hours", "months", "repeat_hours")
    found = {name: getattr(plan, name) for name in plain}
    if plan.starts_from:
        unit = "months" if plan.months is not None else "hours"
        found[f"{unit}_{'before' if plan.before else 'after'}"] = plan.starts_from
    if plan.day is not None and plan.time is not None:
        found |= {"day": DAYS[plan.day], "time": f"{plan.time:%H:%M}"}
    return found


# --- Laid flat ------------------------------------------------------------------------------------


def flat(whole: Whole) -> dict[Part, Properties]:
    """Every part that has a key, with what is said of it; what is not said stands as what it means."""
    return {part: {**UNSAID.get(part[0], {}), **_said(properties)} for part, properties in _parts(whole)}


def _said(properties: Properties) -> Properties:
    return {name: content for name, content in properties.items() if content not in ("", None, [], {})}


def _parts(whole: Whole) -> Iterator[tuple[Part, Properties]]:
    yield from _parts_of_programme(whole["programme"])
    for week in whole["weeks"]:
        yield from _parts_of_week(week)
    for rubric in whole["rubrics"]:
        yield ("rubric", rubric["key"]), {"title": rubric["title"]}
        for one in rubric["criteria"]:
            yield ("criterion", f"{rubric['key']}.{one['key']}"), _without(one, "key")
    yield from ((("exemplar", one["key"]), _without(one, "key")) for one in whole["exemplars"])
    for instrument in whole["instruments"]:
        yield from _parts_of_questionnaire(instrument)
    yield from (((what, one["key"]), _without(one, "key", "class")) for what, one in _worded(whole))
    yield from ((("milestone", moment_of(one)), _without(one, "kind", "rung")) for one in whole["milestones"])
    lists = whole["lexicon"] or builtin_lists()
    yield from ((("word list", name), {"content": content}) for name, content in lists.items())


def moment_of(plan: Properties) -> str:
    """A kind, and which of its moments where it is not the first."""
    return plan["kind"] if plan.get("rung", 1) == 1 else f"{plan['kind']}, moment {plan['rung']}"


def _parts_of_programme(programme: Properties) -> Iterator[tuple[Part, Properties]]:
    yield ("programme", programme["key"]), _without(programme, "key", "version", "competencies", "modules")
    for one in programme["competencies"]:
        yield ("competency", one["key"]), _without(one, "key")
    for one in programme["modules"]:
        yield ("module", one["key"]), {"title": one["title"]}


def _worded(whole: Whole) -> Iterator[tuple[str, Properties]]:
    yield from (("comment", one) for one in whole["comments"])
    yield from (("message", one) for one in whole["messages"])


def _without(mapping: Properties, *names: str) -> Properties:
    return {name: content for name, content in mapping.items() if name not in names}


def _parts_of_week(week: Properties) -> Iterator[tuple[Part, Properties]]:
    yield ("week", week["key"]), _without(week, "key", "lessons", "exercises")
    for place, lesson in enumerate(week["lessons"], start=1):
        yield ("lesson", lesson["key"]), {**_without(lesson, "key"), "week": week["key"], "place": place}
    for place, exercise in enumerate(week["exercises"], start=1):
        inside = ("key", "fields", "examples", "unscored")
        yield ("exercise", exercise["key"]), {**_without(exercise, *inside), "week": week["key"], "place": place}
        for field in exercise.get("fields") or []:
            yield from _parts_of_field(exercise["key"], field)
        for example in exercise["examples"]:
            yield ("example", example["key"]), _without(example, "key", "exercise")


def _parts_of_field(within: str, field: Properties, what: str = "field") -> Iterator[tuple[Part, Properties]]:
    key = f"{within}.{field['key']}"
    yield (what, key), _without(field, "key", "options", "columns")
    for option in field.get("options") or []:
        yield ("option", f"{key}.{option['value']}"), {"label": option["label"]}
    for column in field.get("columns") or []:
        yield from _parts_of_field(key, {"kind": "line", **column}, "column")


def _parts_of_questionnaire(instrument: Properties) -> Iterator[tuple[Part, Properties]]:
    loose: Properties = {}
    for name, content in instrument.items():
        found = list(keyed(content))
        for one in found:
            yield ("item", f"{instrument['key']}.{one['key']}"), _without(one, "key")
        if not found:
            loose[name] = content
    yield ("questionnaire", instrument["key"]), _without(loose, "key")


def keyed(content: Any) -> Iterator[Properties]:
    """Every mapping with a key, however deep."""
    if isinstance(content, list):
        for part in content:
            yield from keyed(part)
    elif isinstance(content, dict):
        if "key" in content:
            yield content
        else:
            for part in content.values():
                yield from keyed(part)
