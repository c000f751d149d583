"""Reading iCalendar by the letter of RFC 5545, with nothing of the code that writes it and no time zone database.

A wall time is turned into an instant by the offsets the file itself brings along.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

LONGEST = 75  # octets of a line
ESCAPED = re.compile(r"\\(.)")


@dataclass
class Part:
    """A component: what it is, its properties as (parameters, text), and the components inside."""

    name: str
    properties: dict[str, list[tuple[dict[str, str], str]]] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)

    def all(self, name: str) -> list["Part"]:
        return [part for part in self.parts if part.name == name]

    def text(self, name: str) -> str:
        ((_parameters, text),) = self.properties[name]
        return ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)


def read(data: bytes) -> Part:
    """The one VCALENDAR in it."""
    stack = [Part("")]
    for line in _lines(data):
        name, parameters, text = _property(line)
        if name == "BEGIN":
            stack.append(Part(text))
        elif name == "END":
            done = stack.pop()
            assert done.name == text, f"{text} ends {done.name}"
            stack[-1].parts.append(done)
        else:
            stack[-1].properties.setdefault(name, []).append((parameters, text))
    (calendar,) = stack[0].parts
    assert calendar.name == "VCALENDAR"
    return calendar


def _lines(data: bytes) -> list[str]:
    assert data.endswith(b"\r\n")
    raw = data[:-2].split(b"\r\n")
    assert all(len(line) <= LONGEST for line in raw), "a line is too long"
    assert not any(b"\n" in line or b"\r" in line for line in raw), "a line ends in its own way"
    unfolded: list[bytes] = []
    for line in raw:
        if line[:1] in (b" ", b"\t"):
            unfolded[-1] += line[1:]
        else:
            unfolded.append(line)
    return [line.decode("utf-8") for line in unfolded]


def _property(line: str) -> tuple[str, dict[str, str], str]:
    match = re.fullmatch(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^;:"]*))*):(.*)', line, re.S)
    assert match, f"{line!r} is no content line"
    pairs = re.findall(r';([A-Za-z0-9-]+)=("[^"]*"|[^;:"]*)', match[2])
    return match[1].upper(), {key.upper(): content.strip('"') for key, content in pairs}, match[3]


# --- Instants -------------------------------------------------------------------------------------


def instants(calendar: Part) -> dict[str, datetime]:
    """UID → the instant at which the event begins."""
    return {event.text("UID"): instant(calendar, event, "DTSTART") for event in calendar.all("VEVENT")}


def instant(calendar: Part, event: Part, name: str) -> datetime:
    ((parameters, text),) = event.properties[name]
    if text.endswith("Z"):
        return _stamp(text[:-1]).replace(tzinfo=UTC)
    (zone,) = [part for part in calendar.all("VTIMEZONE") if part.text("TZID") == parameters["TZID"]]
    wall = _stamp(text)
    return (wall - _offset(zone, wall)).replace(tzinfo=UTC)


def _offset(zone: Part, wall: datetime) -> timedelta:
    """Of the observances that have begun by this wall time the latest; a repeated hour is the first of the two."""
    begun = []
    for observance in zone.parts:
        assert "RRULE" not in observance.properties, "a rule, where every turn of the clocks is named"
        stamps = [
            observance.text("DTSTART"),
            *(text for _p, told in observance.properties.get("RDATE", []) for text in told.split(",")),
        ]
        begun += [(_stamp(text), _difference(observance.text("TZOFFSETTO"))) for text in stamps if _stamp(text) <= wall]
    return max(begun, key=lambda found: found[0])[1]


def _stamp(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%S")


def _difference(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    hours, minutes, seconds = int(text[1:3]), int(text[3:5]), int(text[5:7] or 0)
    return sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)
