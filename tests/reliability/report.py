"""The figures of the crash runs as data, as a page and as a picture. Nothing in them is typed by hand."""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.reliability.promises import MEANT, MUST_BE_ZERO, PLAIN_MAIL, TITLES, TOLD, WHOLE

DOCS = Path(__file__).parent.parent.parent / "docs"
PAPER, INK, PALE, GOOD, BAD, FONT = "#ffffff", "#1d1b16", "#6b6557", "#0d5c4d", "#a2301c", "system-ui, sans-serif"
WIDTH, LINE, LABEL, BAR = 760, 24, 290, 330


def write(sections: dict[str, dict[str, Any]], command: str, docs: Path = DOCS) -> None:
    """Put these sections in place of older ones and write everything anew."""
    path = docs / "reliability.json"
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    known |= {name: {"command": command, **machine(), **section} for name, section in sections.items()}
    path.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n", "utf-8")
    (docs / "reliability.md").write_text(page(known), "utf-8")
    (docs / "reliability.svg").write_text(picture(known), "utf-8")


def machine() -> dict[str, Any]:
    """When and on what the figures were made."""
    return {
        "on": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
    }


def broken(name: str, figures: dict[str, Any]) -> list[str]:
    """What a run has shown that may not be."""
    found = [f"{figure}: {figures[figure]}" for figure in MUST_BE_ZERO[name] if figures[figure]]
    part, whole = WHOLE[name]
    if figures[part] != figures[whole]:
        found.append(f"{part}: {figures[part]} of {figures[whole]}")
    return found


def page(known: dict[str, Any]) -> str:
    """The page, in Markdown."""
    parts = [
        "# What survives a crash",
        "Written by `make reliability` from the run itself ([the figures as data](reliability.json)). The seed decides "
        "who is killed and when; the machine's own timing does the rest, so that no two runs are alike.",
        "![Bars: everything acknowledged is kept, and what may not happen did not](reliability.svg)",
    ]
    for name in TITLES:
        if section := known.get(name):
            meant = MEANT.get(name, {}) if section.get("long") else {}
            parts += [f"## {TITLES[name]}", TOLD[name], origin(section), table(section["figures"], meant)]
    parts.append(PLAIN_MAIL)
    return "\n\n".join(parts) + "\n"


def origin(section: dict[str, Any]) -> str:
    """One line that lets somebody else do it again."""
    return (
        f"`{section['command']}`, seed {section['seed']}, {section['on']}, {section['machine']}, "
        f"{section['database']} with everything that protects data turned on."
    )


def table(figures: dict[str, Any], meant: dict[str, int] | None = None) -> str:
    """Every figure that is a number; of a long run with what it is meant to reach."""
    numbers = {name: value for name, value in figures.items() if isinstance(value, int | float)}
    if not meant:
        return "\n".join(["| figure | count |", "|---|---:|", *(f"| {name} | {n:,} |" for name, n in numbers.items())])
    rows = [f"| {name} | {n:,} | {f'{meant[name]:,}' if name in meant else ''} |" for name, n in numbers.items()]
    return "\n".join(["| figure | count | meant to reach |", "|---|---:|---:|", *rows])


# --- The picture ------------------------------------------------------------------------------------


def picture(known: dict[str, Any]) -> str:
    """One bar for what was promised, one for each thing that may not happen."""
    lines: list[str] = []
    for name in TITLES:
        if section := known.get(name):
            lines += [*bars(name, section["figures"], len(lines)), ""]
    height = LINE * (len(lines) or 1)
    shapes = "\n".join(lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" font-family="{FONT}" font-size="14"><title>What survived the crash runs</title>\n'
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>\n{shapes}\n</svg>\n'
    )


def bars(name: str, figures: dict[str, Any], before: int) -> list[str]:
    """A heading and a bar a line."""
    part, whole = WHOLE[name]
    of = figures[whole]
    found = [f'<text x="16" y="{LINE * (before + 1)}" font-weight="600" fill="{INK}">{escape(TITLES[name])}</text>']
    wanted = [(part, figures[part], GOOD), *((bad, figures[bad], BAD) for bad in MUST_BE_ZERO[name] if bad in figures)]
    for number, (label, value, colour) in enumerate(wanted, start=before + 2):
        found.append(bar(label, value, of, colour, LINE * number))
    return found


def bar(label: str, value: int, of: int, colour: str, y: int) -> str:
    """One line: its name, its bar, its number of how many."""
    length = round(BAR * value / max(of, 1))
    return (
        f'<text x="16" y="{y}" fill="{PALE}">{escape(label)}</text>'
        f'<rect x="{LABEL}" y="{y - 12}" width="{length}" height="14" rx="2" fill="{colour}"/>'
        f'<text x="{LABEL + length + 8}" y="{y}" fill="{INK}">{value:,} of {of:,}</text>'
    )
