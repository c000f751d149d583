"""`python -m tests.reliability.hands ACT < arguments.json`: what people do before and during a run.

Runs inside Django, in a process of its own with the run's environment, and does everything through the
product's operations. Answers in JSON with what the run has to know to judge the outcome by itself.
"""

import json
import os
import random
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django
import yaml

django.setup()

from django.conf import settings  # noqa: E402  Django has to be set up first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from clients import agreeing, joining, opening, pausing, submitting  # noqa: E402
from clients.models import Cohort, Enrolment, Submission, User  # noqa: E402
from coaching import assigning, calibrating, firing, looking, reconciling  # noqa: E402
from coaching.models import Milestone  # noqa: E402
from config import tokens  # noqa: E402
from curriculum import clock, importing, moments, publishing  # noqa: E402
from curriculum.blueprint import DAYS  # noqa: E402
from curriculum.models import Edition  # noqa: E402
from tests import migrated  # noqa: E402
from tests.reliability.answers import ADDED, CONTENT, answer  # noqa: E402
from tests.reliability.changing import change  # noqa: E402

WEEK = timedelta(weeks=1)
REVIEW_IS_WARNED_OF_AFTER = timedelta(hours=48)
HANDED_IN = "w1-t1"
# Around the world in steps of about three hours: somewhere it is always the middle of the day.
PLACES = (
    "Pacific/Auckland", "Asia/Tokyo", "Asia/Dhaka", "Asia/Dubai", "Africa/Cairo", "Atlantic/Azores",
    "America/Sao_Paulo", "America/Chicago", "America/Anchorage", "Pacific/Honolulu",
)  # fmt: skip
# kind → (the week it is about, the weeks later it comes): all five fall into the second week of a cohort.
WEEKLY = {
    "week.unlock": (2, 0),
    "nudge.midweek": (2, 0),
    "due.reminder": (2, 0),
    "overdue.1": (1, 1),
    "overdue.2": (0, 2),
}


def prepare() -> None:
    """Tables, the shared cache's table."""
    migrated.bring(os.environ["DATABASE_URL"])
    call_command("createcachetable")


# --- Homework ---------------------------------------------------------------------------------------


def homework(*, cohorts: int, clients: int) -> list[dict[str, Any]]:
    """Cohorts with every week open, and a token for every client: what can be handed in, and by whom."""
    at = clock.now()
    edition, found = _edition({}, "UTC", at), []
    for number in range(cohorts):
        cohort = _cohort(f"Writers {number}", edition, monday(at, "UTC") - 9 * WEEK, "UTC", at)
        for client in range(clients):
            found += _pieces(_enrolled(cohort, f"writer-{number}-{client}", at), at)
    return found


def _pieces(enrolment: Enrolment, at: datetime) -> Iterator[dict[str, Any]]:
    token = tokens.make(enrolment.client, name="run", at=at).secret
    theirs = Submission.objects.filter(enrolment=enrolment, exercise__key__in=ADDED)
    for piece in theirs.select_related("exercise"):
        yield {"id": piece.pk, "exercise": piece.exercise.key, "token": token}


def office() -> dict[str, Any]:
    """An admin with a token, and a cohort to invite people to."""
    at = clock.now()
    admin = _person("admin@example.org", "UTC")
    joining.make_admin(admin, by=None, at=at)
    edition = Edition.objects.first() or _edition({}, "UTC", at)
    cohort = _cohort("Office", edition, monday(at, "UTC"), "UTC", at)
    return {"cohort": cohort.pk, "token": tokens.make(admin, name="run", at=at).secret}


def sign_in() -> str:
    """A client signs in. The key of their session."""
    client = User.objects.get(email="writer-0-0@example.org")
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(client.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = client.get_session_auth_hash()
    session.create()
    return session.session_key or ""


# --- Milestones -------------------------------------------------------------------------------------


def milestones(*, cohorts: int, clients: int, lead: float, window: float, names: str = "") -> list[dict[str, Any]]:
    """Six milestones for every client, due one after the other in a window of so many seconds.

    The engine is meant to start `lead` seconds from now, when a third of them is due already. Returns every
    message that has to arrive: of which milestone and kind, to whom, in which cohort, not before when. `names` tells
    those of one call from those of the next.
    """
    now = clock.now()
    zone = place_at_midday(now)
    coach = _person(f"{names}coach@example.org", zone)
    joining.make_admin(_person(f"{names}admin@example.org", "UTC"), by=None, at=now)
    start = now + timedelta(seconds=lead - window / 3)
    expected: list[dict[str, Any]] = []
    for number in range(cohorts):
        instants = instants_of(number, cohorts, start, window)
        edition = _edition(instants, zone, now)
        cohort = _cohort(f"{names}Cohort {number}", edition, monday(now, zone) - WEEK, zone, now - 3 * WEEK)
        _coaches(cohort, coach, now - 3 * WEEK)
        for client in range(clients):
            warned_at = start + timedelta(seconds=window * (client + 0.5) / clients)
            enrolment = _enrolled(cohort, f"{names}client-{number}-{client}", now - 3 * WEEK)
            _hand_in(enrolment, warned_at - REVIEW_IS_WARNED_OF_AFTER)
            expected += _expected(enrolment, coach, instants | {"review.warn": warned_at})
    return expected


def people(*, cohorts: int, clients: int, lead: float, window: float) -> None:
    """Five milestones for every client, due one after the other in a window of so many seconds, and an admin."""
    now = clock.now()
    zone = place_at_midday(now)
    joining.make_admin(_person("admin@example.org", "UTC"), by=None, at=now)
    for number in range(cohorts):
        edition = _edition(instants_of(number, cohorts, now + timedelta(seconds=lead), window), zone, now)
        cohort = _cohort(f"Cohort {number}", edition, monday(now, zone) - WEEK, zone, now - 3 * WEEK)
        coach = _person(f"coach-{number}@example.org", zone)
        _coaches(cohort, coach, now - 3 * WEEK)
        for client in range(clients):
            _enrolled(cohort, f"client-{number}-{client}", now - 3 * WEEK)


def _coaches(cohort: Cohort, coach: User, at: datetime) -> None:
    """Assigned, and let off scoring exemplars."""
    assigning.assign(cohort, coach=coach, by=None, at=at)
    if not coach.let_offs.exists():
        calibrating.let_off(coach, reason="They scored them on paper", by=None, at=at)


def mailbag(*, clients: int, invited: int) -> None:
    """A cohort whose second week opens right now for its clients, and so many invitations to it."""
    now = clock.now()
    zone = place_at_midday(now)
    edition = _edition(instants_of(0, 1, now + timedelta(seconds=5), len(WEEKLY)), zone, now)
    cohort = _cohort("Mailbag", edition, monday(now, zone) - WEEK, zone, now - 3 * WEEK)
    for number in range(clients):
        _enrolled(cohort, f"client-{number}", now - 3 * WEEK)
    for number in range(invited):
        joining.invite(cohort, email=f"invited-{number}@example.org", role="client", by=None, at=now)


def outage(*, people: int) -> None:
    """Three days without a look, and five moments overdue for each of so many clients."""
    from tests.bench import engine

    engine.after_an_outage(people)


def make_up_for() -> float:
    """Look until nothing is due. The seconds it took."""
    began = time.monotonic()
    while firing.due(at=clock.now()).exists():
        looking.look(at=clock.now(), driver="loop")
    return time.monotonic() - began


def poisoned(*, kinds: list[str], each: int, others: int) -> None:
    """One cohort whose second week opens right now for everybody; some are called as the poison they carry."""
    now = clock.now()
    zone = place_at_midday(now)
    start = now + timedelta(seconds=5)
    instants = instants_of(0, 1, start, len(WEEKLY))
    edition = _edition(instants, zone, now)
    cohort = _cohort("Poisoned", edition, monday(now, zone) - WEEK, zone, now - 3 * WEEK)
    _coaches(cohort, _person("coach@example.org", zone), now - 3 * WEEK)
    names = [f"poison-{kind}.{number}" for kind in kinds for number in range(each)]
    names += [f"well-{number}" for number in range(others)]
    random.Random(1).shuffle(names)
    for name in names:
        _enrolled(cohort, name, now - 3 * WEEK)
    reconciling.reconcile(at=now)


def instants_of(number: int, cohorts: int, start: datetime, window: float) -> dict[str, datetime]:
    """When the weekly kinds of one cohort are due: whole seconds, no two at once in all cohorts."""
    step = window / (cohorts * len(WEEKLY))
    return {
        kind: (start + timedelta(seconds=step * (position * cohorts + number))).replace(microsecond=0)
        for position, kind in enumerate(WEEKLY)
    }


def place_at_midday(now: datetime) -> str:
    """A zone in which it is day for hours to come, so that nobody is asleep and no date changes."""
    return next(zone for zone in PLACES if 10 <= moments.to_wall(now, zone).hour < 17)


def monday(now: datetime, zone: str) -> date:
    """The Monday of this week, as the zone's calendar has it."""
    today = moments.to_wall(now, zone).date()
    return today - timedelta(days=today.weekday())


def _edition(instants: dict[str, datetime], zone: str, at: datetime) -> Edition:
    """The programme with these weekly moments in place of its own."""
    plan = yaml.safe_load((CONTENT / "milestones.yaml").read_text("utf-8"))
    rows = [row for row in plan if "hours_after" in row]
    for kind, instant in instants.items():
        week, later = WEEKLY[kind]
        wall = moments.to_wall(instant, zone)
        when = {"day": DAYS[wall.weekday()], "time": wall.time().isoformat(), "zone": "cohort"}
        rows.append({"kind": kind, "weeks": [week], "weeks_later": later, **when})
    with TemporaryDirectory() as folder:
        copy = shutil.copytree(CONTENT, Path(folder) / "content")
        (copy / "milestones.yaml").write_text(yaml.safe_dump(rows), "utf-8")
        return publishing.publish(importing.import_edition(copy), signed_by="Ruth", at=at)


def _hand_in(enrolment: Enrolment, at: datetime) -> None:
    piece = Submission.objects.get(enrolment=enrolment, exercise__key=HANDED_IN)
    written = answer(HANDED_IN, str(piece.pk))
    submitting.hand_in(piece, answer=written, revision=0, by=enrolment.client, at=at)


def _expected(enrolment: Enrolment, coach: User, due: dict[str, datetime]) -> Iterator[dict[str, Any]]:
    """Who has to hear of each of these, and when at the earliest. The plan in the database has to agree."""
    told = {kind: [(kind, enrolment.client)] for kind in WEEKLY} | {"review.warn": [("review.warn", coach)]}
    told["overdue.2"].append(("overdue.2.coach", coach))
    for kind, instant in due.items():
        row = Milestone.objects.get(enrolment=enrolment, kind=kind, due_at=instant, state="pending")
        for letter, person in told[kind]:
            yield {
                "milestone": row.pk,
                "kind": letter,
                "person": person.pk,
                "to": person.email,
                "cohort": enrolment.cohort.slug,
                "due": instant.isoformat(),
            }


# --- During the run ---------------------------------------------------------------------------------


def pause(*, cohort: str) -> None:
    """An admin lets a cohort stand still."""
    admin = User.objects.get(email="admin@example.org")
    pausing.pause(Cohort.objects.get(slug=cohort), by=admin, at=clock.now(), reason="the run")


def resume(*, cohort: str) -> None:
    """And lets it go on."""
    admin = User.objects.get(email="admin@example.org")
    pausing.resume(Cohort.objects.get(slug=cohort), by=admin, at=clock.now())


# --- Small things -----------------------------------------------------------------------------------


def _cohort(name: str, edition: Edition, starts_on: date, zone: str, at: datetime) -> Cohort:
    return opening.open_cohort(name=name, edition=edition, starts_on=starts_on, zone=zone, by=None, at=at)


def _enrolled(cohort: Cohort, name: str, at: datetime) -> Enrolment:
    enrolment = joining.enrol(cohort, client=_person(f"{name}@example.org", cohort.zone), by=None, at=at)
    agreeing.accept(enrolment, sha256=cohort.agreement.sha256, by=enrolment.client, at=at)
    return enrolment


def _person(email: str, zone: str) -> User:
    """Nobody signs in with a password here, and nobody minds how many reminders come in one week."""
    return User.objects.create_user(email, name=email.partition("@")[0].title(), zone=zone, weekly_budget=20)


ACTS = {
    act.__name__: act
    for act in (
        prepare, homework, office, mailbag, make_up_for, milestones, outage, people, poisoned, pause, resume, change, sign_in,
    )
}  # fmt: skip
ALONE = (make_up_for, change)  # these make transactions of their own


def main(act: str) -> None:
    """The act, in one transaction, with what is asked on standard input; what it says goes to standard output."""
    with nullcontext() if ACTS[act] in ALONE else transaction.atomic():
        said = ACTS[act](**json.load(sys.stdin))
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
