"""What is different between two editions, in words. Plain Python over what `contents.flat` gives.

Every change has its place and its class:

    cosmetic    the same work in other words: nobody who is under way notices more than a better sentence
    additive    there is more, or more is allowed: nothing that is written stops fitting
    breaking    what is written, handed in or measured may no longer fit, or is asked of somebody anew
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

Part = tuple[str, str]
Properties = dict[str, Any]

COSMETIC, ADDITIVE, BREAKING = CLASSES = ("cosmetic", "additive", "breaking")


@dataclass(frozen=True)
class Change:
    """One difference: where it is (`lesson w3-l1`), what it is, as a sentence, and its class."""

    place: str
    what: str
    kind: str

    def __str__(self):
        return f"{self.kind:<8}  {self.place}: {self.what}"


def between(old: dict[Part, Properties], new: dict[Part, Properties]) -> tuple[Change, ...]:
    """Every change, in the order of the new edition; what is gone stands last."""
    found = [change for part in new for change in _of_part(part, old.get(part), new[part], old)]
    gone = [part for part in old if part not in new and not _with_its_owner(part, new)]
    return (*found, *(_change(part, _gone(part, old[part]), REMOVED.get(part[0], BREAKING)) for part in gone))


def class_of(found: Iterable[Change]) -> str:
    """The class of a whole edition: that of its weightiest change; cosmetic where nothing changed."""
    return max((one.kind for one in found), key=CLASSES.index, default=COSMETIC)


def _of_part(part: Part, before: Properties | None, now: Properties, old: dict[Part, Properties]) -> Iterator[Change]:
    if before is None:
        if not _with_its_owner(part, old):
            yield _change(part, f"added: {_name(part, now)}", _class_of_new(part, now))
        return
    for name in sorted({*before, *now}):
        if before.get(name) != now.get(name):
            yield from _of_property(part, name, before.get(name), now.get(name))


def _change(part: Part, what: str, kind: str) -> Change:
    return Change(" ".join(part), what[0].upper() + what[1:] + ("" if what.endswith(".") else "."), kind)


def _with_its_owner(part: Part, other: dict[Part, Properties]) -> bool:
    """Whether it came or went with what it belongs to, which is told already."""
    what, key = part
    owner = (OWNERS[what], key.rpartition(".")[0]) if what in OWNERS else None
    if what in ("option", "column"):
        return owner not in other or _with_its_owner(owner, other)  # type: ignore[arg-type]
    return owner is not None and owner not in other


# The sort of thing a part belongs to; what comes or goes together with it is not told twice.
OWNERS = {"field": "exercise", "option": "field", "column": "field", "criterion": "rubric", "item": "questionnaire"}
# What taking a part away means; anything else breaks something.
REMOVED = dict.fromkeys(("example", "exemplar", "comment"), COSMETIC)
REMOVED |= dict.fromkeys(("lesson", "word list", "milestone"), ADDITIVE)


def _name(part: Part, properties: Properties) -> str:
    said = properties.get("title") or properties.get("label") or properties.get("name") or ""
    return f"“{said}”" if said else f"the {part[0]} {part[1]}"


def _gone(part: Part, properties: Properties) -> str:
    return f"removed: {_name(part, properties)}"


def _class_of_new(part: Part, now: Properties) -> str:
    """More is additive, unless it is asked of people, or people are measured by it."""
    asked = part[0] in ("exercise", "field", "column") and now.get("required") is True
    return BREAKING if asked or part[0] in ("criterion", "competency") else ADDITIVE


# --- One property ---------------------------------------------------------------------------------

Told = Iterator[tuple[str, str]]  # sentence, class


def _of_property(part: Part, name: str, before: Any, now: Any) -> Iterator[Change]:
    tell = TELLERS.get((part[0], name)) or TELLERS.get(("", name)) or _otherwise
    for sentence, kind in tell(name, before, now):
        yield _change(part, sentence, MEASURES.get((part[0], name), kind))


def _reworded(name: str, before: Any, now: Any) -> Told:
    if not before or not now:
        yield f"{_called(name)} {'added' if now else 'taken out'}", COSMETIC
        return
    count = words_changed(str(before), str(now))
    yield f"{_called(name)} reworded, {count} word{'' if count == 1 else 's'} changed", COSMETIC


def words_changed(before: str, now: str) -> int:
    """How many words were put in, taken out or replaced; one replaced by another counts once."""
    one, other = before.split(), now.split()
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in blocks if tag != "equal")


def _limits(name: str, before: Any, now: Any) -> Told:
    """A span of words, characters, rows, options or numbers."""
    unit = {"chars": "characters", "choose": "answers", "range": "as a number"}.get(name, name)
    was, is_now = before or {}, now or {}
    for end, say, tighter in (("min", "at least", _is_above), ("max", "at most", _is_below)):
        if was.get(end) != is_now.get(end):
            kind = BREAKING if tighter(is_now.get(end), was.get(end)) else ADDITIVE
            yield f"{say} {_amount(is_now.get(end))} {unit} instead of {_amount(was.get(end))}", kind


def _amount(limit: int | None) -> str:
    return "any number of" if limit is None else str(limit)


def _is_above(now: int | None, before: int | None) -> bool:
    return now is not None and (before is None or now > before)


def _is_below(now: int | None, before: int | None) -> bool:
    return now is not None and (before is None or now < before)


def _required(name: str, before: Any, now: Any) -> Told:
    yield ("asked of everybody now", BREAKING) if now else ("no longer required", ADDITIVE)


def _levels(name: str, before: Any, now: Any) -> Told:
    """Anchors: what was rated by the old words cannot be compared with what is rated by the new ones."""
    for rank, (one, other) in enumerate(zip(before or [], now or [], strict=False), start=1):
        if one != other:
            yield f"anchor of level {rank} changed from “{one}” to “{other}”", BREAKING


def _anchors(name: str, before: Any, now: Any) -> Told:
    for point in sorted({*(before or {}), *(now or {})}):
        one, other = (before or {}).get(point, ""), (now or {}).get(point, "")
        if one != other:
            yield f"anchor of point {point} changed from “{one}” to “{other}”", BREAKING


def _counts(name: str, before: Any, now: Any) -> Told:
    was, is_now = before or {}, now or {}
    if {**was, "min": 0} != {**is_now, "min": 0}:
        yield from _from_to(BREAKING)("counts", before, now)
    else:
        yield f"counts {is_now['min']} instead of {was['min']}", BREAKING if is_now["min"] > was["min"] else ADDITIVE


def _from_to(kind: str) -> Callable[[str, Any, Any], Told]:
    def tell(name: str, before: Any, now: Any) -> Told:
        yield f"{_called(name)} {_shown(now)} instead of {_shown(before)}", kind

    return tell


def _set_anew(kind: str) -> Callable[[str, Any, Any], Told]:
    def tell(name: str, before: Any, now: Any) -> Told:
        yield f"{_called(name)} changed", kind

    return tell


def _list(name: str, before: Any, now: Any) -> Told:
    came = [one for one in now or [] if one not in (before or [])]
    went = [one for one in before or [] if one not in (now or [])]
    yield f"{_called(name)}: {len(came)} new, {len(went)} taken out", COSMETIC


def _otherwise(name: str, before: Any, now: Any) -> Told:
    """A property nobody has thought of yet is taken seriously."""
    yield from _from_to(BREAKING)(name, before, now)


def _called(name: str) -> str:
    return NAMES.get(name, name.replace("_", " "))


def _shown(content: Any) -> str:
    if isinstance(content, dict):
        return ", ".join(f"{key} {_shown(value)}" for key, value in content.items()) or "nothing"
    if isinstance(content, list):
        return ", ".join(map(_shown, content)) or "nothing"
    return "nothing" if content in (None, "") else str(content)


NAMES = {"body": "text", "note": "coach's note", "first_read": "first read", "with": "counted with"}


def _each(names: Iterable[str], tell: Callable[[str, Any, Any], Told]) -> dict[Part, Callable[[str, Any, Any], Told]]:
    return {("", name): tell for name in names}


TELLERS: dict[Part, Callable[[str, Any, Any], Told]] = {
    **_each(
        ("title", "short", "lede", "label", "help", "brief", "begin", "first_step", "twist", "listener"), _reworded
    ),
    **_each(("body", "text", "subject", "about", "note", "definition", "summary", "looks_at", "given"), _reworded),
    **_each(("lead", "notice", "name", "say"), _reworded),
    **_each(("goals", "objectives"), _list),
    **_each(("words", "chars", "rows", "range", "choose"), _limits),
    **_each(("minutes", "place", "slug", "group", "default", "offered_from"), _from_to(COSMETIC)),
    **_each(("session", "answer"), _set_anew(COSMETIC)),
    **_each(("first_read", "instrument", "content", "at", "day", "time", "weeks", "hours"), _set_anew(ADDITIVE)),
    **_each(("weeks_later", "zone", "repeat_hours", "months"), _set_anew(ADDITIVE)),
    **_each(("hours_after", "hours_before", "months_after"), _set_anew(ADDITIVE)),
    ("", "required"): _required,
    ("", "levels"): _levels,
    ("", "anchors"): _anchors,
    ("", "counts"): _counts,
    ("example", "label"): _from_to(COSMETIC),
    ("exemplar", "exercise"): _from_to(COSMETIC),
    ("exemplar", "why"): _set_anew(COSMETIC),
    ("exemplar", "reference"): _set_anew(ADDITIVE),
    ("field", "subject"): _from_to(COSMETIC),
}
# Where other words are more than words: people have rated themselves, or were rated, by these.
MEASURES = {("item", "text"): BREAKING, ("item", "label"): BREAKING, ("competency", "definition"): BREAKING}
