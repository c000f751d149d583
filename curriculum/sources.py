"""Content files with the line of everything in them, so that a problem can name its place."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: the file (relative to the edition's folder), the line, the reason."""

    file: str
    line: int
    what: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.what}"

    @property
    def sentence(self) -> str:
        """For whoever reads it on a page."""
        what = self.what[:1].upper() + self.what[1:]
        return f"{self.file}, line {self.line}: {what}" + ("" if what.endswith((".", "?", "!")) else ".")


# The C parser is ten times faster where the wheel carries it.
class _LinesLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Remembers the line of every key, and refuses a key written twice."""


class Source:
    """One parsed file. `data` is what it holds; `line(mapping, key)` says where."""

    def __init__(self, name: str, text: str, first_line: int = 1):
        self.name = name
        self._first = first_line
        self._lines: dict[tuple[int, str | None], int] = {}
        self.body = ""
        self.data = self._parse(text)

    def line(self, mapping: Any = None, key: str | None = None) -> int:
        spot = self._lines.get((id(mapping), key)) or self._lines.get((id(mapping), None))
        return spot or self._first

    def _parse(self, text: str) -> Any:
        loader = _LinesLoader(text)
        loader.source = self  # type: ignore[attr-defined]
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()

    def remember(self, mapping: dict, node: yaml.MappingNode) -> None:
        self._lines[(id(mapping), None)] = self._first + node.start_mark.line
        for key_node, _value in node.value:
            self._lines[(id(mapping), key_node.value)] = self._first + key_node.start_mark.line


def _mapping(loader, node):
    mapping: dict = {}
    yield mapping
    loader.flatten_mapping(node)
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node)
        if key in mapping:
            raise yaml.constructor.ConstructorError(None, None, f"“{key}” stands here twice", key_node.start_mark)
        mapping[key] = loader.construct_object(value_node, deep=True)
    loader.source.remember(mapping, node)


_LinesLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


class Folder:
    """An edition's folder. Reading never raises: what is wrong is collected in `problems`."""

    def __init__(self, path: Path):
        self.path = path
        self.problems: list[Problem] = []
        self.read: set[str] = set()

    def problem(self, source: Source | str, what: str, mapping: Any = None, key: str | None = None) -> None:
        name, line = (source, 1) if isinstance(source, str) else (source.name, source.line(mapping, key))
        self.problem_at(name, line, what)

    def problem_at(self, name: str, line: int, what: str) -> None:
        self.problems.append(Problem(name, line, what))

    def yaml(self, name: str) -> Source | None:
        text = self._text(name)
        return None if text is None else self._source(name, text, 1)

    def markdown(self, name: str) -> Source | None:
        """A file with front matter between two lines of three dashes; the rest becomes `body`."""
        text = self._text(name)
        if text is None:
            return None
        head, dashes, body = text.removeprefix("---\n").partition("\n---\n")
        if not text.startswith("---\n") or not dashes:
            self.problem(name, "it begins with front matter between two lines of three dashes")
            return None
        source = self._source(name, head, 2)
        if source is not None:
            source.body = body.strip() + "\n"
        return source

    def names(self, pattern: str) -> list[str]:
        return sorted(path.relative_to(self.path).as_posix() for path in self.path.glob(pattern))

    def digest(self) -> str:
        """SHA-256 over names and bytes of every file read: the same files are the same edition."""
        sum_ = hashlib.sha256()
        for name in sorted(self.read):
            sum_.update(name.encode() + b"\0" + hashlib.sha256((self.path / name).read_bytes()).digest())
        return sum_.hexdigest()

    def _text(self, name: str) -> str | None:
        self.read.add(name)
        try:
            return (self.path / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            self.problem(name, "this file is missing")
        except (UnicodeDecodeError, OSError) as error:
            self.problem(name, f"this file cannot be read as UTF-8 text ({error})")
        return None

    def _source(self, name: str, text: str, first_line: int) -> Source | None:
        try:
            source = Source(name, text, first_line)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = first_line + (mark.line if mark else 0)
            self.problem_at(name, line, f"not readable: {getattr(error, 'problem', error)}")
            return None
        if not isinstance(source.data, (dict, list)):
            self.problem(name, "it holds nothing yet")
            return None
        return source
