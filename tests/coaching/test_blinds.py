"""What is taken out of a text before a stranger reads it."""

import pytest

from coaching import blinds

NAMES = ["Mina", "Linh Đặng", "Ana-Lucia Ortiz", "Bo Wu", "Tomás Łapiński"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mina and I met Linh Đặng.", "[name] and I met [name]."),
        ("linh asked; DANG answered, Linh Dang wrote it down.", "[name] asked; [name] answered, [name] wrote it down."),
        ("Mina's note to Lucia and to Ortiz", "[name]'s note to [name] and to [name]"),
        ("Bo Wu was there, and a bottle of wuliangye", "[name] was there, and a bottle of wuliangye"),
        ("Tomas Lapinski", "[name]"),
        ("Minaret and terminal stay", "Minaret and terminal stay"),
        ("write to mina.k@example.org today", "write to [name] today"),
        ("live on 14 October", "live on [date]"),
        ("live on the 14th of October, 2026.", "live on [date]."),
        ("by March 4th, or 3/4/26, or 4.3.2026, or 2026-03-04", "by [date], or [date], or [date], or [date]"),
        ("the 15th; in CW 18, week 8 and sprint 12 of Q3", "[date]; in [date], [date] and [date] of [date]"),
        ("by the end of November, in May, since 2025", "by the end of [date], in [date], since [date]"),
        ("It may help, we march on; in one second 340 ms of 1,200 users", None),
        ("May I ask for 9,000 dollars in 3.5 weeks?", None),
        ("On Monday at nine, in two weeks, 2 of 3", None),
    ],
)
def test_names_and_days_go_and_everything_else_stays(text, shown):
    assert blinds.hidden(text, NAMES) == (text if shown is None else shown)


def test_without_names_only_days_go():
    assert blinds.hidden("Mina comes on 4 May.", []) == "Mina comes on [date]."
