"""Playing a story: how a cohort ends, what its graduates do months later, and what is released to whoever pays."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from clients import closing
from clients.models import Attempt, Cohort, Enrolment, OneOnOne, Submission, User

from . import following, graduating, pulsing, raters, rating, releasing, story, told_after, waiving
from .meeting_steps import Step
from .models import CheckIn, Release


class Endings:
    """What of a stage comes at the end and after it."""

    cohorts: dict[str, Cohort]
    people: dict[str, User]
    enrolments: dict[str, Enrolment]
    pieces: dict[tuple[str, str], Submission]
    kept: dict[str, dict[tuple[str, str], Any]]
    admin: User
    coach: User
    next_due_at: datetime | None

    def _ends(self, company: story.Company, end: told_after.End) -> Iterator[Step]:
        for one in end.waived:
            yield Step(one.at, partial(self._waives, one), one.who)
        for graduate in end.graduates:
            yield from self._after(graduate)
        for colleague in end.colleagues:
            yield Step(colleague.asked_at, partial(self._asks, colleague), colleague.who)
            for moment, at, sent in colleague.said:
                yield Step(at, partial(self._hears_of, colleague, moment, sent), colleague.who)
        for email, at in end.shared:
            yield Step(at, partial(self._shares, email), email)
        yield Step(end.closed_at, partial(self._closes, company))

    def _after(self, one: told_after.Graduate) -> Iterator[Step]:
        for seen in one.rated:
            yield Step(seen.at, partial(self._sees, one, seen), one.email)
        yield Step(one.finished_at, partial(self._finishes, one), one.email)
        for scope, at in one.agreed:
            yield Step(at, partial(self._allows, one, scope), one.email)
        for months, at, sent in one.said:
            yield Step(at, partial(self._checks_in, one, months, sent), one.email)
        if one.stopped_at:
            yield Step(one.stopped_at, partial(self._wants_no_more, one), one.email)

    def _asks(self, one: told_after.Colleague, *, at: datetime) -> None:
        whom = {"group": one.group, "name": one.name, "address": one.address}
        mine, by = self.enrolments[one.who], self.people[one.who]
        pulsing.ask(mine, **whom, wording="work", again=True, by=by, at=at)

    def _hears_of(self, one: told_after.Colleague, moment: str, sent: dict, *, at: datetime) -> None:
        """Whoever was asked answers by their link."""
        mine = raters.links().filter(rater__enrolment=self.enrolments[one.who], rater__address=one.address)
        pulsing.answer(mine.get(moment=moment), sent=sent, at=at)

    def _shares(self, email: str, *, at: datetime) -> None:
        following.agree(self.enrolments[email], "pulse", by=self.people[email], at=at)

    def _sees(self, one: told_after.Graduate, seen: told_after.Rated, *, at: datetime) -> None:
        rating.rate(self.enrolments[one.email], seen.moment, given=seen.given, by=self.coach, at=at)

    def _waives(self, one: told_after.Waived, *, at: datetime) -> None:
        waiving.waive(self.enrolments[one.who], one.condition, reason=one.why, by=self.admin, at=at)

    def _finishes(self, one: told_after.Graduate, *, at: datetime) -> None:
        graduating.graduate(self.enrolments[one.email], by=self.admin, at=at)
        self.next_due_at = None

    def _allows(self, one: told_after.Graduate, scope: str, *, at: datetime) -> None:
        following.agree(self.enrolments[one.email], scope, by=self.people[one.email], at=at)

    def _checks_in(self, one: told_after.Graduate, months: int, sent: dict, *, at: datetime) -> None:
        following.answer(self._check_in(one, months), sent=sent, at=at)

    def _wants_no_more(self, one: told_after.Graduate, *, at: datetime) -> None:
        following.stop_asking(self._check_in(one, min(CheckIn.MONTHS)), at=at)
        self.next_due_at = None

    def _check_in(self, one: told_after.Graduate, months: int) -> CheckIn:
        rows = CheckIn.objects.select_related("enrolment__client", "enrolment__cohort__edition")
        return rows.get(enrolment=self.enrolments[one.email], months=months)

    def _closes(self, company: story.Company, *, at: datetime) -> None:
        closing.close(self.cohorts[company.name], by=self.admin, at=at)
        self.next_due_at = None

    def _releases(self, person: story.Person, copy: story.Released, *, at: datetime) -> None:
        releasing.release(
            self.enrolments[person.email], kind=copy.kind, source=self._source(person.email, copy),
            by=self.people[person.email], at=at,
        )  # fmt: skip

    def _source(self, email: str, copy: story.Released) -> int:
        """The number of what the story names."""
        if copy.kind == Release.Kind.LINE:
            return self.kept["lines"][email, copy.key].pk
        piece = self.pieces[email, copy.key]
        if copy.kind == Release.Kind.ONE:
            return OneOnOne.objects.get(submission=piece).pk
        return Attempt.objects.filter(submission=piece, taken_back=None).latest("serial").pk
