"""Public holidays of a country, for whoever plans weeks. A suggestion: a plan follows from what somebody decides.

The days come from the `holidays` package, the countries and whose zone is whose from the time zone database.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import NamedTuple

SATURDAY = 5


class Holiday(NamedTuple):
    """A day off in a country, and the Monday of its week."""

    day: date
    name: str

    @property
    def monday(self) -> date:
        return self.day - timedelta(days=self.day.weekday())


def between(country: str, first: date, last: date) -> list[Holiday]:
    """Those on working days, in order; none for a country nobody keeps a calendar of."""
    if country not in countries():
        return []
    days = {day: name for year in range(first.year, last.year + 1) for day, name in _of(country, year)}
    return [Holiday(day, days[day]) for day in sorted(days) if first <= day <= last and day.weekday() < SATURDAY]


@cache
def countries() -> dict[str, str]:
    """Code → name, of every country a calendar is kept of, by name."""
    import holidays  # noqa: PLC0415  a sixth of a second, and only whoever plans a cohort needs it

    kept = holidays.list_supported_countries()
    return {code: name for code, name in sorted(_table("iso3166.tab"), key=lambda row: row[1]) if code in kept}


@cache
def country_of(zone: str) -> str:
    """The country a zone is named after; empty where it is named after none."""
    return next((row[0] for row in _table("zone.tab") if row[2] == zone), "")


@cache
def _of(country: str, year: int) -> tuple[tuple[date, str], ...]:
    import holidays  # noqa: PLC0415  as above

    kept = holidays.country_holidays(country, years=[year], language="en_US")
    return tuple(kept.items())


def _table(name: str) -> Iterable[list[str]]:
    text = (resources.files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
