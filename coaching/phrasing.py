"""The texts of the story: dates written out, one text standing for another, sentences with their tags.

    {+17d}  {-40d month}  {+54d iso}       the day so many days after the first Monday, its month, or as a form has it
    {+170d month iso}                      its month as a form has it
    {as: w0-x1 body}                       the text of that field in that piece of the same person
    [{K: One sentence.}, {D: Another.}]    a text, sentence by sentence, each with its tag

An assessment has its points in a row: `s: 2 1 3 2 2` are those of the first competency, `ready` the four answers at
the end, `then` where week 0 was, seen from there. Everything else is as somebody wrote it.
"""

import re
from datetime import date, timedelta
from typing import Any

from curriculum.fields import TAGS

STATEMENTS = ("s", "i", "m", "u")  # the four parts of an assessment, five statements each
READINESS = ("r1", "r2", "r3", "r4")
RELATIVE_DATE = re.compile(r"\{([+-]\d+)d( month iso| month| iso)?\}")


def person(told: dict[str, Any], starts_on: date) -> dict[str, Any]:
    """Somebody's file with all of its texts as they were written."""
    told = dated(told, starts_on)
    work = told.get("work", {})
    return told | {
        "ratings": {moment: _rating(rating) for moment, rating in told.get("ratings", {}).items()},
        "work": {key: [_attempt(entry, work) for entry in entries] for key, entries in work.items()},
    }


def _rating(told: dict[str, Any]) -> dict[str, Any]:
    """An assessment as the operations take it; what only the midpoint asks is `extra`."""
    known = {"at", "ready", "remark", "then", *STATEMENTS}
    back = dict(zip(STATEMENTS, told.get("then", "").split(), strict=False))
    return {
        "at": told["at"],
        "answers": {f"{part}{n}": int(point) for part in STATEMENTS for n, point in enumerate(told[part].split(), 1)},
        "readiness": dict(zip(READINESS, told["ready"].split(), strict=True)),
        "remark": told.get("remark", ""),
        "extra": {key: part for key, part in told.items() if key not in known},
        "looking_back": {f"then_{part}": int(point) for part, point in back.items()},
    }


def _attempt(entry: dict[str, Any], work: dict[str, Any]) -> dict[str, Any]:
    answer = {key: _borrowed(part, work) for key, part in entry["answer"].items()}
    for key, part in list(answer.items()):
        if is_tagged(part):
            pieces = [(tag, text) for sentence in part for tag, text in sentence.items()]
            answer[key] = " ".join(text for _tag, text in pieces)
            answer["tags"] = [{"tag": tag, "text": text} for tag, text in pieces]
    return entry | {"answer": answer}


def is_tagged(part: Any) -> bool:
    """Whether it is a text told sentence by sentence."""
    rows = part if isinstance(part, list) else []
    return bool(rows) and all(isinstance(row, dict) and set(row) <= set(TAGS) for row in rows)


def _borrowed(part: Any, work: dict[str, Any]) -> Any:
    if not (isinstance(part, dict) and set(part) == {"as"}):
        return part
    key, field = part["as"].split()
    return work[key][-1]["answer"][field]


def dated(content: Any, starts_on: date) -> Any:
    """All of its texts with their dates written out."""
    if isinstance(content, dict):
        return {key: dated(part, starts_on) for key, part in content.items()}
    if isinstance(content, list):
        return [dated(part, starts_on) for part in content]
    return RELATIVE_DATE.sub(lambda match: _date(match, starts_on), content) if isinstance(content, str) else content


def _date(match: re.Match, starts_on: date) -> str:
    day = starts_on + timedelta(days=int(match[1]))
    return {" month": f"{day:%B}", " month iso": f"{day:%Y-%m}", " iso": day.isoformat(), None: f"{day:%-d %B}"}[
        match[2]
    ]
