"""`python -m tests.curriculum.firstread.report`: the figures of the labelled pairs, into docs/first-read.md."""

from itertools import chain
from pathlib import Path

from tests.curriculum.firstread import fresh

PAGE = Path(__file__).parents[3] / "docs" / "first-read.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
COLUMNS = ("asked", "spoke", "false", "missed")


def written() -> str:
    """The page with today's figures between its two marks."""
    text = PAGE.read_text("utf-8")
    before, _mark, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{figures()}\n{END}{after}"


def figures() -> str:
    return "\n".join([*_sets(), "", *_history(), "", *_rules(), ""])


def _sets():
    yield "| Pairs in `tests/curriculum/firstread/` | Pairs | Ordered | Strong texts with a note their label calls false |"
    yield "|---|--:|--:|--:|"
    for title, sets in (("tuned on", fresh.tuned()), ("**never tuned on**", fresh.never_tuned())):
        for name, found in sets.items():
            yield f"| {name}: {title} | {_totals(found, fresh.spoken_now(found))} |"


def _history():
    even = fresh.tuned()["`second_even.yaml`"]
    yield "What the same 20 pairs of `second_even.yaml` got before they were tuned on:"
    yield ""
    yield "| | Pairs | Ordered | Strong texts with a note their label calls false |"
    yield "|---|--:|--:|--:|"
    yield f"| on the day they were written | {_totals(even, fresh.as_recorded('written'))} |"
    yield f"| first look, after tuning on `second_odd.yaml` | {_totals(even, fresh.as_recorded('first_look'))} |"


def _totals(found, spoke) -> str:
    return f"{len(found)} | {len(fresh.ordered(found, spoke))} | {len(fresh.noted_falsely(found, spoke))}"


def _rules():
    yield "Rule by rule, over both texts of a pair: how often a label asks for it, how often it speaks, how often it speaks"
    yield "falsely, how often it is missed."
    yield ""
    yield "| Rule | tuned on: asked | speaks | false | missed | never tuned on: asked | speaks | false | missed |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    tables = [fresh.by_rule(chain(*sets.values())) for sets in (fresh.tuned(), fresh.never_tuned())]
    for rule in sorted({*tables[0], *tables[1]}, key=lambda name: int(name[1:])):
        cells = [table.get(rule, {}).get(name, 0) for table in tables for name in COLUMNS]
        yield f"| {rule} | {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    PAGE.write_text(written(), "utf-8")
