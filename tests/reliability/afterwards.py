"""What those do who have finished, in a lived year: agree to be asked, answer, ask to be left alone.

Plain dates, worked out apart from the product, for the people of the story and for who works out what is owed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTHS = (3, 6, 12)
TUESDAY = 1
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Afterwards:
    """Somebody who has finished. `answers` and `stops` are the check-ins after whose first letter they do that."""

    agrees: bool = True
    answers: int | None = None
    stops: int | None = None


NOBODY = Afterwards(agrees=False)
WHO = {
    "kolkata.autumn@example.org": Afterwards(),
    "berlin.autumn@example.org": Afterwards(answers=3, stops=6),
    "kolkata.spring@example.org": NOBODY,
    "berlin.spring@example.org": Afterwards(answers=6),
}


def confirmed_at(starts_on: date, zone: str) -> datetime:
    """The Saturday of week 9 in the morning, by the cohort's clock."""
    return _instant(starts_on + timedelta(weeks=8, days=5), time(10), zone)


def agreed_at(confirmed: datetime) -> datetime:
    return confirmed + DAY


def first_letter(confirmed: datetime, months: int, zone: str) -> datetime:
    """Nine in the morning of the first Tuesday on or after the day so many months later, where they live."""
    day = confirmed.astimezone(ZoneInfo(zone)).date()
    years, month = divmod(day.month - 1 + months, 12)
    last = 31
    while True:
        try:
            later = date(day.year + years, month + 1, min(day.day, last))
            break
        except ValueError:
            last -= 1  # the month is shorter
    while later.weekday() != TUESDAY:
        later += DAY
    return _instant(later, time(9), zone)


def letters(who: Afterwards, confirmed: datetime, zone: str) -> Iterator[tuple[int, datetime]]:
    """What still comes to them: each check-in twice, a week apart, until it is answered or they want no more."""
    stopped_at = first_letter(confirmed, who.stops, zone) + DAY if who.stops else None
    for months in MONTHS if who.agrees else ():
        first = first_letter(confirmed, months, zone)
        again = _instant(first.astimezone(ZoneInfo(zone)).date() + 7 * DAY, time(9), zone)
        for at in (first,) if who.answers == months else (first, again):
            if stopped_at is None or at < stopped_at:
                yield months, at


def _instant(day: date, hour: time, zone: str) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)
