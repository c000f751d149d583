"""Byte ranges as RFC 9110 has them: which part of a file a request asks for. Plain arithmetic, knows no HTTP server."""

import re
from dataclasses import dataclass

_ONE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """From `start` up to and without `end`, of `size` bytes."""

    start: int
    end: int
    size: int

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def told(self) -> str:
        """The Content-Range of an answer with this part."""
        return f"bytes {self.start}-{self.end - 1}/{self.size}"


class OutOfRange(ValueError):
    """What is asked for lies behind the end of the file."""


def part_of(header: str, size: int) -> Part | None:
    """The one range a header asks for; None where it asks for none or for several: then the whole is the answer.

    Raises OutOfRange where nothing of the file lies in it.
    """
    found = _ONE.fullmatch(header)
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if first and last and int(last) < int(first):
        return None
    if start >= size or end <= start:
        raise OutOfRange(header)
    return Part(start, end, size)
