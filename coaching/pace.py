"""The plan of a live session beside the clock: which part it is at, what is left of it, ahead or behind.

The plan is the edition's for the week. Where nobody said which part has begun, it goes by the plan.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .models import LiveSession
from .sessions import starts_at

SLACK = timedelta(hours=1)  # so long after its end a session may still be going on
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Part:
    """One part of the plan. `begins_at` and `ends_at` are what the plan says."""

    number: int
    what: str
    minutes: int
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Pace:
    """A session beside the clock. `now` is the part it is at, None before it begins and once its plan is over.

    `behind` is in whole minutes, negative when it is ahead, 0 while nobody has said what has begun. `left` is of the
    part it is at, negative once that takes longer than planned.
    """

    parts: tuple[Part, ...]
    now: Part | None
    left: int
    behind: int
    is_said: bool
    is_running: bool

    @property
    def next(self) -> Part | None:
        """The one to begin next."""
        if not self.is_running or not self.parts:
            return None
        number = self.now.number + 1 if self.now else len(self.parts)
        return self.parts[number] if number < len(self.parts) else None

    @property
    def ahead(self) -> int:
        return -self.behind

    @property
    def over(self) -> int:
        """Minutes the part takes longer than planned."""
        return max(-self.left, 0)


def parts(session: LiveSession, *, at: datetime) -> tuple[Part, ...]:
    """The parts of its plan, each with its instants. One query."""
    week = session.cohort.edition.weeks.filter(number=session.week).first()
    begins, found = starts_at(session, at=at), []
    for number, row in enumerate((week.session if week else {}).get("rows", [])):
        ends = begins + row["minutes"] * MINUTE
        found.append(Part(number, row["what"], row["minutes"], begins, ends))
        begins = ends
    return tuple(found)


def of(session: LiveSession, *, at: datetime) -> Pace:
    """Where a session is at this instant."""
    plan, begins = parts(session, at=at), starts_at(session, at=at)
    ends = begins + session.minutes * MINUTE
    is_running = session.state == LiveSession.State.PLANNED and begins <= at < ends + SLACK
    if not is_running or not plan:
        return Pace(plan, None, 0, 0, False, is_running)
    if session.part is None or session.part_began_at is None or session.part >= len(plan):
        now = next((part for part in plan if part.begins_at <= at < part.ends_at), None)
        return Pace(plan, now, _minutes(now.ends_at - at) if now else 0, 0, False, is_running)
    now = plan[session.part]
    left = session.part_began_at + now.minutes * MINUTE - at
    return Pace(plan, now, _minutes(left), _minutes(at + max(left, timedelta()) - now.ends_at), True, is_running)


def _minutes(span: timedelta) -> int:
    """Whole minutes, begun ones counted, so that a part with seconds left has one minute."""
    return -int(-span // MINUTE)
