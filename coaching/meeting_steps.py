"""Playing a story: the live sessions and calls of a cohort as it tells, and days on which its coach is away."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from clients.models import Cohort, Enrolment, User

from . import attending, calling, convening, story, substituting
from .models import LiveSession


class Step(NamedTuple):
    """One thing somebody did. `whose` says the one client whom it touches; empty where it may touch anybody."""

    at: datetime
    act: Callable[..., object]
    whose: str = ""


class Meetings:
    """What of a stage has to do with live sessions."""

    cohorts: dict[str, Cohort]
    people: dict[str, User]
    enrolments: dict[str, Enrolment]
    admin: User
    coach: User
    next_due_at: datetime | None

    def _leads(self, company: story.Company) -> Iterator[Step]:
        """What its coach does for all of a cohort."""
        if company.gatherings:
            yield from self._meets(company, company.gatherings)
        if company.talks:
            yield from self._talks(company, company.talks)
        for absence in company.absences:
            yield Step(absence.set_at, partial(self._goes_away, company, absence))

    def _meets(self, company: story.Company, told: story.Gatherings) -> Iterator[Step]:
        yield Step(told.arranged_at, partial(self._arranges, company, told))
        for week, wall, at in told.moved:
            yield Step(at, partial(self._of_week, company, week, convening.move, wall=wall))
        for week, why, at in told.cancelled:
            yield Step(at, partial(self._of_week, company, week, convening.cancel, reason=why))
        for week, at in told.held:
            yield Step(at, partial(self._of_week, company, week, convening.hold))
        for week, marks, at in told.attended:
            yield Step(at, partial(self._took_attendance, company, week, marks))
        for week, email, at in told.declined:
            if any(person.email == email for person in company.people):
                yield Step(at, partial(self._of_week, company, week, convening.decline, who=email))

    def _arranges(self, company: story.Company, told: story.Gatherings, *, at: datetime) -> None:
        convening.arrange(
            self.cohorts[company.name],
            weekday=told.weekday,
            time=told.time,
            minutes=told.minutes,
            link=told.link,
            by=self.admin,
            at=at,
        )
        self.next_due_at = None

    def _of_week(
        self,
        company: story.Company,
        week: int,
        act: Callable[..., object],
        *,
        at: datetime,
        who: str = "",
        **terms: Any,
    ) -> None:
        session = LiveSession.objects.get(cohort=self.cohorts[company.name], week=week)
        act(session, **terms, by=self.people[who] if who else self.coach, at=at)
        self.next_due_at = None

    def _took_attendance(self, company: story.Company, week: int, marks: dict[str, str], *, at: datetime) -> None:
        """Those the story names, and everybody else was there."""
        session = LiveSession.objects.get(cohort=self.cohorts[company.name], week=week)
        there = [email for email in marks if email in self.enrolments]
        named = {self.enrolments[email].pk: marks[email] for email in there}
        attending.take(session, named, by=self.coach, at=at)
        attending.rest(session, by=self.coach, at=at)

    # --- Midpoint calls ---

    def _talks(self, company: story.Company, told: story.Talks) -> Iterator[Step]:
        yield Step(told.offered_at, partial(self._offers_calls, company, told))
        for email, place, at in told.booked:
            if any(person.email == email for person in company.people):
                yield Step(at, partial(self._books_a_call, email, place))

    def _offers_calls(self, company: story.Company, told: story.Talks, *, at: datetime) -> None:
        cohort = self.cohorts[company.name]
        self.times = calling.offer(cohort, walls=told.walls, minutes=told.minutes, link=told.link, by=self.coach, at=at)

    def _goes_away(self, company: story.Company, told: story.Absence, *, at: datetime) -> None:
        """Whoever stands in has an account by then."""
        substituting.set_window(
            self.cohorts[company.name],
            away=self.coach,
            substitute=self.people[told.substitute],
            first_day=told.first_day,
            last_day=told.last_day,
            by=self.coach,
            at=at,
        )
        self.next_due_at = None

    def _books_a_call(self, email: str, place: int, *, at: datetime) -> None:
        calling.book(self.enrolments[email], self.times[place], by=self.people[email], at=at)
        self.next_due_at = None
