"""`python -m tests.browser.deputies COHORT < commands`: everybody of a cohort who is not in front of a browser.

Clients and their coach do what those of the demo's finished cohort did, by the product's operations, each at the
instant their file says; who came in by clicks is found, and what is done by clicks is left out. Each line read is an
instant: whatever is to be done by then is done now.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

from clients.models import Cohort, User
from coaching import following, paired, playing, story, told_of
from coaching.models import CheckIn
from tests.browser.lived import COACH, NADIA, PASSWORD, PEOPLE, ZONE
from tests.reliability import afterwards
from tests.reliability.acting import Acting
from tests.reliability.lives import SAID

BY_CLICKS = ("w1-x1", "a8")  # Nadia hands the one in and answers the other in her browser
JOINED = "w-1 tue 12:00"
FAR = datetime(9999, 1, 1, tzinfo=UTC)


class Deputies(Acting, playing.Stage):
    """A stage whose cohort, coach and first client are there already."""

    def __init__(self, cohort: Cohort) -> None:
        company = story.Company(cohort.name, cohort.calendar(), cohort.created_at, tuple(_people(cohort)))
        frame = story.told_in("story.yaml")
        teller = story.Teller(cohort.calendar(), FAR)
        self.told = told = story.Story(
            admin=teller.person(frame["admin"]),
            coach=teller.person(frame["coach"]),
            calibrated=told_of.Calibrated(teller.sure(JOINED, ZONE), {}),
            finished=company, walking=company, coming=company,
        )  # fmt: skip
        super().__init__(told, cohort.edition, password=PASSWORD, welcome=lambda person: person)
        self.cohorts[cohort.name] = cohort
        self.coach, self.people[NADIA] = (User.objects.get(email=email) for email in (COACH, NADIA))
        self._walks(cohort, NADIA, self.people[NADIA])
        self.steps = sorted((*self._steps(company), *self._later(cohort.starts_on)), key=lambda step: step.at)

    def _steps(self, company: story.Company) -> Iterator[playing.Step]:
        yield from self.life_of(company)
        for at, act in paired.scored(self.told.calibrated, self.edition, by=lambda: self.coach):
            yield playing.Step(at, act)

    def _invites(self, *_told: object, **_more: object) -> None:
        """An admin did."""

    def _joins(self, company: story.Company, person: story.Person, *, at: datetime) -> None:
        if person.email != NADIA:
            super()._joins(company, person, at=at)

    def _later(self, starts_on: date) -> Iterator[playing.Step]:
        """Nadia answers the first check-in a day after its letter."""
        letter = afterwards.first_letter(afterwards.confirmed_at(starts_on, ZONE), 3, ZONE)
        yield playing.Step(letter + timedelta(days=1), self._answers_the_first)

    def _answers_the_first(self, *, at: datetime) -> None:
        following.answer(CheckIn.objects.get(enrolment=self.enrolments[NADIA], months=3), sent=SAID, at=at)


def _people(cohort: Cohort) -> Iterator[story.Person]:
    """As their files tell, but for where they live and when they came."""
    teller = story.Teller(cohort.calendar(), FAR)
    for email, name in PEOPLE.items():
        told = story.person_in(f"mondego/{name.split()[0].lower()}.yaml", cohort.starts_on)
        person = teller.person(told | {"zone": ZONE, "joined": JOINED, "invited": JOINED, "talk": [], "released": []})
        yield _without_clicks(person) if email == NADIA else person


def _without_clicks(person: story.Person) -> story.Person:
    turns = tuple(turn for turn in person.turns if turn.key not in BY_CLICKS)
    return replace(person, turns=turns, ratings=tuple(one for one in person.ratings if one.moment not in BY_CLICKS))


def main(name: str) -> None:
    """From the first line to the last."""
    Deputies(Cohort.objects.select_related("edition").get(name=name)).obey()


if __name__ == "__main__":
    main(sys.argv[1])
