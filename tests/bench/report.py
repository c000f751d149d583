"""The figures as docs/performance.json, a page and a picture. Nothing is typed by hand."""

import json
from pathlib import Path

# Goals of the design: p50 in ms at any N, and the ratio to the floor where one is named.
GOALS = {
    "a": (12, 3.0, 6),
    "b": (15, None, 8),
    "c": (40, None, None),
    "d": (40, 3.0, 6),
    "e": (50, None, 20),
    "e1": (50, None, 20),
    "e2": (50, None, None),
    "f": (30, None, None),
    "g": ({100: 25, 1000: 25, 10000: 200}, 2.0, None),
    "j1": (12, None, None),
    "j2": (15, None, None),
    "j3": (80, None, None),
}
GROWTH = {"d": 1.3, "e": 1.2, "e1": 1.3, "e2": 1.3}
REASONS = {
    "a": "the week is put together from rules (what is open, due, next, last feedback) the floor does not have",
    "b": "every field, its limits, two examples and the first read are on the page",
    "c": "three requests, of which the first two draw the whole exercise page",
    "d": "one row is fifteen values and a sentence about time left; the template draws a hundred of them",
    "e": "three requests; the page holds the piece, its rubric with all anchors and the next twenty pieces",
    "e1": "two texts are compared word by word, six notes find their place, and eighty lines of a comment bank are there",
    "e2": "the post writes levels, answers, asks and a note in one transaction, and the next page is the heaviest there is",
    "f": "every cell is derived from rows and the instant in the client's own zone, not read from a column",
    "g": "as the board: every cell is derived in Python, the floor only prints a stored column",
    "j1": "the same reading as the week page",
    "j2": "each row carries its due time in the client's own zone",
    "j3": "ten requests with sign-in, each deriving due times",
}


def write(figures: dict, folder: Path) -> None:
    (folder / "performance.json").write_text(json.dumps(figures, indent=1) + "\n")
    (folder / "performance.svg").write_text(picture(figures))
    (folder / "performance.md").write_text(page(figures))
    print(f"Written: {folder}/performance.md")


def goal_of(row: str, n: int) -> float:
    goal = GOALS[row][0]
    return goal[n] if isinstance(goal, dict) else goal


def page(figures: dict) -> str:
    where = figures["machine"]
    lines = [
        "# Performance",
        "",
        "Written by `make bench`. Every row runs in the order floor, product, product, floor; the floor is a bare Django on the "
        "same rows, without the product's rules. Times do not travel between machines; ratios measured in one run do.",
        "",
        f"Machine: {where['cores']} cores, {where['cpu']}, Python {where['python']}; commit {where['commit']}. "
        "Two web workers, one client at a time, N enrolments × 8 attempts.",
        "",
        "![p50 of the product and of the floor](performance.svg)",
        "",
        "| | N | p50 ms | p95 ms | CPU ms | queries | KB | floor p50 | ratio | goal ms | |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    missed: dict[str, list[str]] = {}
    for row, sizes in figures["rows"].items():
        for n, note in sizes.items():
            verdict = judge(row, int(n), note, missed)
            queries = "" if note["queries"] is None else note["queries"]
            lines.append(
                f"| {row} {note['title']} | {int(n):,} | {note['p50']:.1f} | {note['p95']:.1f} | {note['cpu']:.1f} | {queries} | "
                f"{note['kb']:.0f} | {note['floor']:.1f} | {note['p50'] / note['floor']:.1f} | {goal_of(row, int(n))} | {verdict} |"
            )
    return (
        "\n".join(
            [
                *lines,
                "",
                *growth(figures, missed),
                "",
                *crowd(figures, missed),
                "",
                *memory(figures, missed),
                "",
                *engine(figures, missed),
                "",
                *exports(figures, missed),
                "",
                *people(figures, missed),
                "",
                *practice(figures, missed),
                "",
                *told(missed),
            ]
        )
        + "\n"
    )


def judge(row: str, n: int, note: dict, missed: dict) -> str:
    goal, ratio, queries = goal_of(row, n), GOALS[row][1], GOALS[row][2]
    found = []
    if note["p50"] > goal:
        found.append(f"{note['p50']:.0f} ms at N = {n:,}, goal {goal}")
    if ratio and note["p50"] / note["floor"] > ratio:
        found.append(f"{note['p50'] / note['floor']:.1f} times the floor at N = {n:,}, goal {ratio:g}")
    if queries and note["queries"] and note["queries"] > queries:
        found.append(f"{note['queries']} queries, goal {queries}")
    missed.setdefault(row, []).extend(found)
    return "met" if not found else "missed"


def growth(figures: dict, missed: dict) -> list[str]:
    lines = ["| growth, smallest to largest N | product | floor | goal |", "|---|--:|--:|--:|"]
    for row, sizes in figures["rows"].items():
        first, last = list(sizes.values())[0], list(sizes.values())[-1]
        grown = last["p50"] / first["p50"]
        if row in GROWTH and grown > GROWTH[row]:
            missed.setdefault(row, []).append(f"grows {grown:.1f} times, goal {GROWTH[row]}")
        lines.append(
            f"| {row} {first['title']} | {grown:.2f} | {last['floor'] / first['floor']:.2f} | {GROWTH.get(row, '')} |"
        )
    return lines


def crowd(figures: dict, missed: dict) -> list[str]:
    lines = ["| k dashboards | clients | per second | p50 ms | p95 ms | p95 / p50 |", "|---|--:|--:|--:|--:|--:|"]
    for name, note in figures["throughput"].items():
        who, clients = name.split()
        lines.append(
            f"| {who} | {clients} | {note['rate']:.0f} | {note['p50']:.1f} | {note['p95']:.1f} | {note['p95'] / note['p50']:.2f} |"
        )
    mine, floor = figures["throughput"].get("product 2"), figures["throughput"].get("floor 2")
    if mine and mine["rate"] / floor["rate"] < 0.37:
        missed.setdefault("k", []).append(f"{mine['rate'] / floor['rate']:.2f} of the floor's rate, goal 0.37")
    if mine and mine["rate"] < 160:
        missed.setdefault("k", []).append(f"{mine['rate']:.0f} a second, goal 160")
    if mine and mine["p95"] / mine["p50"] > 1.5:
        missed.setdefault("k", []).append(f"p95 / p50 is {mine['p95'] / mine['p50']:.2f}, goal 1.5")
    return lines


def memory(figures: dict, missed: dict) -> list[str]:
    parts = {name: note for name, note in figures["memory"].items() if isinstance(note, dict)}
    rss, cold = sum(note["rss"] for note in parts.values()), figures["memory"].get("cold start s", 0)
    lines = ["| i memory | resident MB | shared counted once MB |", "|---|--:|--:|"]
    lines += [f"| {name} | {note['rss']} | {note['pss']} |" for name, note in parts.items()]
    lines += [
        f"| together | {rss} | {sum(note['pss'] for note in parts.values())} |",
        "",
        f"Cold start of the web: {cold:.1f} s.",
    ]
    if rss > 380:
        missed.setdefault("i", []).append(f"{rss} MB resident, goal 380")
    if cold > 2:
        missed.setdefault("i", []).append(f"cold start {cold:.1f} s, goal 2")
    return lines


def practice(figures: dict, missed: dict) -> list[str]:
    """What the instruments cost. Empty where they were not measured."""
    rows = figures.get("practice", [])
    lines = ["| l instruments | p50 | p95 | goal | |", "|---|--:|--:|--:|---|"] if rows else []
    for row in rows:
        unit, goal = row["unit"], row["goal"]
        if goal and row["p95"] > goal:
            missed.setdefault("l", []).append(f"{row['title']}: p95 {row['p95']:.0f} {unit}, goal {goal}")
        verdict = "" if not goal else "met" if row["p95"] <= goal else "missed"
        lines.append(
            f"| {row['title']} ({row['note']}) | {row['p50']:.1f} {unit} | {row['p95']:.1f} {unit} | {goal or ''} | {verdict} |"
        )
    return lines


def exports(figures: dict, missed: dict) -> list[str]:
    """What an export costs. Empty where it was not measured."""
    rows = figures.get("exports", [])
    return ["| n exports | | goal | |", "|---|--:|--:|---|", *promised(rows, "n", missed)] if rows else []


def people(figures: dict, missed: dict) -> list[str]:
    """What a table of people costs, and how that grows with it. Empty where it was not measured."""
    found = figures.get("people", {"rows": [], "growth": []})
    lines = ["| o a table of people | | goal | |", "|---|--:|--:|---|"] if found["rows"] else []
    return lines + promised(found["rows"], "o", missed) + growth_of_tables(found["growth"])


def growth_of_tables(rows: list[dict]) -> list[str]:
    """Seconds at each size, and how many times as much the largest takes as the smallest, beside its lines."""
    if not rows:
        return []
    names = {"look": "looked at", "read": "read, everybody invited", "again": "once more, everybody known"}
    lines = ["", f"| people | {' | '.join(names.values())} |", "|--:|" + "--:|" * len(names)]
    for row in rows:
        lines.append(f"| {row['n']:,} | {' | '.join(cell(row[name], row['n'], each=True) for name in names)} |")
    first, last = rows[0], rows[-1]
    grown = (f"{last[name] / first[name]:.1f} times" for name in names)
    return [*lines, f"| {last['n'] / first['n']:g} times as many | {' | '.join(grown)} |"]


def engine(figures: dict, missed: dict) -> list[str]:
    """What the engine costs, and how a look grows with the plan. Empty where it was not measured."""
    found = figures.get("engine", {"rows": [], "growth": []})
    lines = ["| m engine | | goal | |", "|---|--:|--:|---|"] if found["rows"] else []
    return lines + promised(found["rows"], "m", missed) + growth_of_the_engine(found["growth"])


def promised(rows: list[dict], letter: str, missed: dict) -> list[str]:
    """A line each of what has a goal of its own."""
    lines = []
    for row in rows:
        if not row["met"]:
            missed.setdefault(letter, []).append(
                f"{row['title']}: {row['figure']:.2f} {row['unit']}, goal {row['goal']}"
            )
        verdict = "met" if row["met"] else "missed"
        title = f"{row['title']} ({row['note']})"
        lines.append(f"| {title} | {row['figure']:.2f} {row['unit']} | {row['goal']} | {verdict} |")
    return lines


COLUMNS = {
    "posted": "N messages posted at once",
    "caught_up": "N overdue moments made up for",
    "anew": "a cohort of N planned anew",
    "idle": "a look at 10 N moments, none due",
    "busy": "a look, fifty due",
}


def growth_of_the_engine(rows: list[dict]) -> list[str]:
    """Every figure in seconds and, where it is about N things, in microseconds for each."""
    if not rows:
        return []
    lines = ["", f"| N | {' | '.join(COLUMNS.values())} |", "|--:|" + "--:|" * len(COLUMNS)]
    for row in rows:
        cells = (cell(row[name], row["n"], each=name not in ("idle", "busy")) for name in COLUMNS)
        lines.append(f"| {row['n']:,} | {' | '.join(cells)} |")
    return lines


def cell(spent: float | None, n: int, *, each: bool) -> str:
    if spent is None:
        return ""
    return f"{spent:.3f} s, {spent / n * 1e6:,.0f} µs each" if each else f"{spent * 1000:.1f} ms"


REASONS |= {
    "m": "every moment is asked again on live rows before it has an effect, one guard at a time",
    "l": "the request signs in, finds the piece and draws the notes; the rules themselves are the smaller part",
    "i": "allauth with its second factor, DRF and drf-spectacular are loaded by every process",
    "k": "as row a: the week is put together from rules the floor does not have",
    "o": "each person has an invitation, a line in the journal and three messages, and every line is looked at twice",
    "n": "every line is written twice, for spreadsheets and for programs, and what starts a formula is made inert in each cell",
}


def told(missed: dict) -> list[str]:
    lines = ["## Goals missed", ""]
    for row, found in missed.items():
        if found:
            lines.append(f"- **{row}**: {'; '.join(dict.fromkeys(found))}. Because {REASONS[row]}.")
    return lines if len(lines) > 2 else ["## Goals missed", "", "None."]


def picture(figures: dict) -> str:
    """Bars of p50 on a common scale, product over floor, at each N."""
    bars = [(row, n, note) for row, sizes in figures["rows"].items() for n, note in sizes.items()]
    widest = max(max(note["p50"], note["floor"]) for _row, _n, note in bars)
    parts, y = [], 34
    for row, n, note in bars:
        mine, floor = 470 * (note["p50"] / widest) ** 0.5, 470 * (note["floor"] / widest) ** 0.5
        parts.append(f'<text x="8" y="{y + 11}">{row} {note["title"]}, N = {int(n):,}</text>')
        parts.append(f'<rect x="300" y="{y}" width="{mine:.0f}" height="7" fill="#0d5c4d"/>')
        parts.append(f'<rect x="300" y="{y + 8}" width="{floor:.0f}" height="5" fill="#a9cdc1"/>')
        parts.append(
            f'<text x="{310 + max(mine, floor):.0f}" y="{y + 11}">{note["p50"]:.1f} / {note["floor"]:.1f} ms</text>'
        )
        y += 19
    head = '<text x="8" y="18" font-weight="600">p50 of the product (dark) and of the bare Django floor (light); lengths are square roots</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 {y + 10}" font-family="sans-serif" font-size="11" fill="#1d1b16">'
        f'<rect width="900" height="{y + 10}" fill="#f8f6f1"/>{head}{"".join(parts)}</svg>\n'
    )
