"""`python -m tests.curriculum.firstread.report`: the figures of the fresh pairs, into docs/first-read.md."""

from pathlib import Path

from tests.curriculum.firstread import fresh

PAGE = Path(__file__).parents[3] / "docs" / "first-read.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def written() -> str:
    """The page with today's figures between its two marks."""
    text = PAGE.read_text("utf-8")
    before, _mark, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{figures()}\n{END}{after}"


def figures() -> str:
    tuned, held = fresh.tuned(), fresh.held_out()
    return "\n".join(
        [
            "| | tuned on | never tuned on |",
            "|---|--:|--:|",
            f"| pairs | {len(tuned)} | {len(held)} |",
            f"| weak text with more distinct rules than its strong twin | {len(fresh.ordered(tuned))} | {len(fresh.ordered(held))} |",
            f"| strong texts with a note their label calls false | {len(fresh.noted_falsely(tuned))} | {len(fresh.noted_falsely(held))} |",
            "",
            "Rule by rule, over both texts of a pair: how often the label asks for it, how often it speaks, how often it speaks "
            "falsely, how often it is missed.",
            "",
            "| rule | tuned on: asked | speaks | false | missed | never tuned on: asked | speaks | false | missed |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
            *_rows(fresh.by_rule(tuned), fresh.by_rule(held)),
            "",
        ]
    )


def _rows(tuned, held):
    for rule in sorted({*tuned, *held}, key=lambda name: int(name[1:])):
        cells = [
            table.get(rule, {}).get(name, 0)
            for table in (tuned, held)
            for name in ("should", "spoke", "false", "missed")
        ]
        yield f"| {rule} | {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    PAGE.write_text(written(), "utf-8")
