"""What a content file from elsewhere could do to whoever reads it, found before it is read as content.

An alias (`*name`) makes a few lines into billions; a NUL fits in no database; bottomless nesting ends a process.
"""

from collections.abc import Iterator
from pathlib import Path

import yaml

from .sources import Problem

DEEPEST = 20
Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def of(folder: Path) -> list[Problem]:
    """Every hazard in the files of a folder."""
    return sorted(problem for path in folder.rglob("*") if path.is_file() for problem in _of_file(folder, path))


def _of_file(folder: Path, path: Path) -> Iterator[Problem]:
    name, content = path.relative_to(folder).as_posix(), path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        yield Problem(name, line, "this is not UTF-8 text; save the file as UTF-8")
        return
    if "\0" in text:
        yield Problem(name, text[: text.index("\0")].count("\n") + 1, "it holds a zero byte; take it out")
    elif path.suffix == ".yaml":
        yield from _of_yaml(name, text, first_line=1)
    elif text.startswith("---\n"):
        yield from _of_yaml(name, text.removeprefix("---\n").partition("\n---\n")[0], first_line=2)


def _of_yaml(name: str, text: str, first_line: int) -> Iterator[Problem]:
    depth = 0
    try:
        for event in yaml.parse(text, Loader=Parser):
            line = first_line + event.start_mark.line
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if told := _hazard(event, depth):
                yield Problem(name, line, told)
                return
    except yaml.YAMLError:
        return  # whoever reads it says where


def _hazard(event: yaml.Event, depth: int) -> str:
    if isinstance(event, yaml.AliasEvent):
        return f"“*{event.anchor}” refers to another place; write it out"
    if isinstance(event, yaml.ScalarEvent) and "\0" in event.value:
        return "this text holds a zero byte; take it out"
    return "this is nested too deeply for content" if depth > DEEPEST else ""
