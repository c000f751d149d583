"""`python -m tests.reliability.lives < commands`: people who live through a cohort while the engine runs.

Runs inside Django for as long as the run lasts. Everybody does what somebody of the demo's finished cohort did, by
the product's operations, each at the instant their file says, where they live; one client does nothing at all. Each
line read is an instant: whatever is to be done by then is done now, by the database's clock. Each line written says
which step comes next. The first line written is what the run has to know to judge the outcome by itself.
"""

import os
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import django
from django.apps import apps

if not apps.ready:  # the run itself only reads the story, and needs no database
    nowhere = {"SECRET_KEY": secrets.token_urlsafe(48), "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    defaults = {"DJANGO_SETTINGS_MODULE": "tests.reliability.settings", "ACROSS_LOCAL": "1"} | nowhere
    for name, content in defaults.items():
        os.environ.setdefault(name, content)
    django.setup()

from django.core.management import call_command

from clients.models import User
from coaching import check_ins, following, graduating, paired, playing, story
from coaching.models import CheckIn
from coaching.told_of import Calibrated
from curriculum import clock, importing, publishing
from curriculum.moments import Calendar
from tests import migrated
from tests.reliability import afterwards
from tests.reliability.acting import Acting
from tests.reliability.answers import CONTENT

ZONE = "Europe/Berlin"  # of both cohorts
# Where they live, and whose life theirs is like. Nobody in a file is one who comes in and does nothing.
LIVES = {
    "Asia/Kolkata": "mondego/nadia.yaml",
    "America/Sao_Paulo": None,
    "Africa/Lagos": "mondego/hiroko.yaml",
    "Europe/Berlin": "mondego/diego.yaml",
    "America/Los_Angeles": "mondego/arash.yaml",
}
MEETS = {"arranged": "w-3 wed 10:15", "weekday": "tue", "time": "17:00", "link": "https://meet.example.org/cohort"}
NAMES = ("Autumn", "Spring")
GATHERED = timedelta(minutes=10)  # for which a mail about answers waits for more of them
FAR = datetime(9999, 1, 1, tzinfo=UTC)
SAID = {  # to a check-in
    "outcome": "management", "month": "2027-02", "proof": "told", "conversation_held": "yes", "interviews": "1",
    "habits": ["ledger"], "what_helped": "The four moves.", "consent_anonymous_use": "yes",
    "now_s": "4", "now_i": "3", "now_m": "4", "now_u": "4",
}  # fmt: skip


def address(zone: str, cohort: str) -> str:
    """The mail address of whoever lives there and walks in that cohort."""
    return f"{zone.rpartition('/')[2].lower()}.{cohort.lower()}@example.org"


def company(name: str, starts_on: date) -> story.Company:
    """A cohort of five, one in each place."""
    calendar = Calendar(starts_on=starts_on, zone=ZONE)
    teller = story.Teller(calendar, FAR)
    opened = teller.fixed("w-3 tue 09:10", ZONE)
    return story.Company(name, calendar, opened, tuple(_people(name, teller)), teller.gatherings(MEETS))


def _people(cohort: str, teller: Any) -> Iterator[story.Person]:
    for zone, file in LIVES.items():
        told = story.person_in(file, teller.calendar.starts_on) if file else {"joined": "w-2 wed 12:00"}
        place = zone.rpartition("/")[2].replace("_", " ")
        own = {"name": f"Client in {place}", "email": address(zone, cohort), "zone": zone, "invited": "w-2 mon 09:30"}
        yield _untied(teller.person(told | own))


def _untied(person: story.Person) -> story.Person:
    """An answer on the very second on which the mail about another leaves comes a minute before it.

    Nobody could say which of the two is first, and with that whether one mail is owed or two.
    """
    leaving = {turn.reply.sent_at + GATHERED for turn in person.turns if turn.reply}
    return replace(person, turns=tuple(_before(turn, leaving) for turn in person.turns))


def _before(turn: story.Turn, leaving: set[datetime]) -> story.Turn:
    if turn.reply is None or turn.reply.sent_at not in leaving:
        return turn
    return replace(turn, reply=replace(turn.reply, sent_at=turn.reply.sent_at - timedelta(minutes=1)))


@dataclass(frozen=True)
class Told(story.Story):
    """Both cohorts; nobody else is there."""

    @property
    def cohorts(self) -> tuple[story.Company, ...]:
        return (self.finished, self.walking)


def told(starts: tuple[date, date]) -> Told:
    """Everything everybody will do, in cohorts that start on these two Mondays."""
    autumn, spring = (company(name, monday) for name, monday in zip(NAMES, starts, strict=True))
    frame = story.told_in("story.yaml")
    teller = story.Teller(autumn.calendar, FAR)
    admin, coach = teller.person(frame["admin"]), teller.person(frame["coach"])
    return Told(admin, coach, Calibrated(coach.joined_at, {}), autumn, spring, spring)


class Lives(Acting):
    """The steps of a story, taken when their time has come."""

    def __init__(self, lived: Told) -> None:
        at = clock.now()
        call_command("createcachetable")
        edition = publishing.publish(importing.import_edition(CONTENT), signed_by="Ruth", at=at)
        self.stage = playing.Stage(lived, edition, password="not used", welcome=_as_they_are)
        first = min(lived.admin.joined_at, lived.finished.opened_at)
        steps = [playing.Step(first, self._office)]
        steps += [step for one in lived.cohorts for step in (*self.stage.life_of(one), *self._end_of(one))]
        scored = paired.scored(lived.calibrated, edition, by=lambda: self.stage.coach)
        steps += [playing.Step(at, act) for at, act in scored]
        self.steps = sorted(steps, key=lambda step: step.at)

    def _office(self, *, at: datetime) -> None:
        self.stage.story = replace(
            self.stage.story,
            admin=replace(self.stage.story.admin, joined_at=at),
            coach=replace(self.stage.story.coach, invited_at=at, joined_at=at),
        )
        self.stage.open_the_office()

    def _end_of(self, one: story.Company) -> Iterator[playing.Step]:
        """Whoever has done it all has finished; what they do in the year after."""
        confirmed = afterwards.confirmed_at(one.calendar.starts_on, one.calendar.zone)
        yield playing.Step(confirmed, partial(self._confirm, one.name))
        for person in one.people:
            whose = afterwards.WHO.get(person.email, afterwards.NOBODY)
            if whose.agrees:
                yield playing.Step(afterwards.agreed_at(confirmed), partial(self._agree, person.email))
            for months, act in ((whose.answers, self._answer), (whose.stops, self._stop)):
                if months:
                    letter = afterwards.first_letter(confirmed, months, person.zone)
                    yield playing.Step(letter + timedelta(days=1), partial(act, person.email, months))

    def _confirm(self, cohort: str, *, at: datetime) -> None:
        graduating.graduate_all(self.stage.cohorts[cohort], by=self.stage.admin, at=at)

    def _agree(self, email: str, *, at: datetime) -> None:
        enrolment = self.stage.enrolments[email]
        following.agree(enrolment, check_ins.Scope.CHECK_INS, by=enrolment.client, at=at)

    def _answer(self, email: str, months: int, *, at: datetime) -> None:
        following.answer(self._check_in(email, months), sent=SAID, at=at)

    def _stop(self, email: str, months: int, *, at: datetime) -> None:
        following.stop_asking(self._check_in(email, months), at=at)

    def _check_in(self, email: str, months: int) -> CheckIn:
        return CheckIn.objects.get(enrolment=self.stage.enrolments[email], months=months)


def _as_they_are(person: User) -> User:
    return person


def main(first: str, second: str) -> None:
    """Two cohorts that start on these days, from the first line to the last."""
    migrated.bring(os.environ["DATABASE_URL"])
    lives = Lives(told((date.fromisoformat(first), date.fromisoformat(second))))
    lives.obey()


if __name__ == "__main__":
    main(*sys.argv[1:])
