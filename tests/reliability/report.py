"""The figures of the crash runs as data, as a page and as a picture. Nothing in them is typed by hand."""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

DOCS = Path(__file__).parent.parent.parent / "docs"
MUST_BE_ZERO = {
    "submissions": (
        "lost", "doubled", "different from what was sent", "not in the journal or not watched",
        "refused",
    ),
    "milestones": ("lost", "twice or owed to nobody", "early", "while standing still"),
    "mails with keys": ("lost", "second copies", "held because nobody knows", "given up"),
    "mails without keys": ("lost", "second copies nobody flagged", "given up"),
    "outage": ("people told more than once", "stale reminders", "given up"),
    "poison": ("tried more than five times", "others given up", "others kept longer than a minute"),
}  # fmt: skip
WHOLE = {
    "submissions": ("acknowledged", "tried"),
    "milestones": ("messages that came", "messages owed"),
    "mails with keys": ("settled", "mails"),
    "mails without keys": ("settled", "mails"),
    "outage": ("settled", "overdue"),
    "poison": ("set aside", "poisonous"),
}
TITLES = {
    "submissions": "Handing in homework",
    "milestones": "Milestones and their messages",
    "mails with keys": "Mail through a provider that honours keys",
    "mails without keys": "Mail through plain SMTP",
    "outage": "Three days without a look",
    "poison": "Rows that break whoever handles them",
}
_MAILS = (
    "Reminders and invitations leave by two postmen, of whom now and then one stands still for a second with mails in "
    "hand; one in a hundred mails ends the postman with `kill -9` once it is handed over, and of two in a hundred the "
    "answer gets lost."
)
TOLD = {
    "mails with keys": f"{_MAILS} The provider keeps one mail under one Message-ID.",
    "mails without keys": (
        f"{_MAILS} The server keeps everything it is handed. Invitations are sent again and flagged; reminders are held "
        "for a person, because nobody knows whether they arrived."
    ),
    "outage": (
        "Nobody has looked for three days, and each client has five moments overdue. The engine looks; the time is "
        "that until nothing is due any more. Mails leave at 60 a minute afterwards."
    ),
    "poison": (
        "Among milestones that are fine there are some that raise an error, end the process with `kill -9`, crash it by "
        "a wild pointer, ask for a gigabyte, never come back, or cannot be read. Two loops run; leases last two seconds "
        "here and a minute in the product."
    ),
    "submissions": (
        "Clients save a draft and hand it in over the API, each under a key of its own, and ask again until they are "
        "answered. Meanwhile web workers and now and then the whole web server are killed with `kill -9`, and "
        "PostgreSQL is stopped with `pg_ctl -m immediate`. Afterwards the rows are compared with what was sent."
    ),
    "milestones": (
        "Milestones come due while two workers and two beats run, and for a part of the time the plain loop as well. "
        "Whoever is at work is killed with `kill -9`, also at the moment between handing a message over and marking "
        "it as sent; the queue's files are deleted, a cohort is paused and resumed, answers of the mail provider get "
        "lost, and PostgreSQL is stopped with `pg_ctl -m immediate`. Early and paused are judged by the database's "
        "clock and rows, seen from another connection at the moment a message is handed over."
    ),
}
PLAIN_MAIL = (
    "“Handed over again” counts messages that reached the provider more than once under one and the same Message-ID, "
    "because the worker died, or the answer got lost, before the message was marked. A provider that honours such "
    "keys, as the file mail server used here does, keeps one. Plain SMTP has no such keys: there each of these would "
    "be a second copy in somebody's mailbox."
)
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
            parts += [f"## {TITLES[name]}", TOLD[name], origin(section), table(section["figures"])]
    parts.append(PLAIN_MAIL)
    return "\n\n".join(parts) + "\n"


def origin(section: dict[str, Any]) -> str:
    """One line that lets somebody else do it again."""
    return (
        f"`{section['command']}`, seed {section['seed']}, {section['on']}, {section['machine']}, "
        f"{section['database']} with everything that protects data turned on."
    )


def table(figures: dict[str, Any]) -> str:
    """Every figure that is a number."""
    rows = [f"| {name} | {value:,} |" for name, value in figures.items() if isinstance(value, int | float)]
    return "\n".join(["| figure | count |", "|---|---:|", *rows])


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
