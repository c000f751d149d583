"""What people do to their dates while the engine is at work: acts of the run in `changes`.

Runs inside Django, as `hands` does; every operation is a transaction of its own.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError

from clients import extending, holding, joining, moving, pausing, stopping, submitting
from clients.models import Cohort, Enrolment, Submission, User
from curriculum import clock
from tests.reliability.answers import ADDED, answer

MOST_AT_ONCE = 1 / 3  # of all cohorts or clients stand still at one moment
TRIES = 40  # until an operation is found that is not refused
WEIGHTS = {"pause": 28, "hold": 24, "stop": 8, "hand_in": 18, "extend": 12, "shift": 5, "withdraw": 5}
WEEKS = (0, 1, 2)


@dataclass
class Office:
    """Somebody who changes something every moment, and notes when it was done."""

    log: Path
    chance: random.Random
    count: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.admin = User.objects.get(email="admin@example.org")
        self.cohorts = list(Cohort.objects.values_list("pk", flat=True))
        self.enrolments = list(Enrolment.objects.values_list("pk", flat=True))

    def change_something(self) -> None:
        """One operation that is not refused."""
        for _try in range(TRIES):
            name = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            try:
                done = getattr(self, name)()
            except ValidationError:
                self.count["refused"] += 1
            except OperationalError as error:
                if "lock timeout" not in str(error):
                    raise
                self.count["not this second"] += 1
            else:
                return self._note(*done)
        raise AssertionError("everything was refused")

    def _note(self, name: str, cohort: str, to: str = "") -> None:
        self.count[name] += 1
        line = {"did": name, "cohort": cohort, "to": to, "at": clock.now().isoformat()}
        with self.log.open("a") as file:
            file.write(json.dumps(line) + "\n")

    # --- A cohort ---

    def pause(self) -> tuple[str, ...]:
        still = list(Cohort.objects.filter(pauses__isnull=False, pauses__ended_at=None))
        if len(still) > len(self.cohorts) * MOST_AT_ONCE or (still and self.chance.random() < 0.5):
            cohort = pausing.resume(self.chance.choice(still), by=self.admin, at=clock.now())
            return "resumed", cohort.slug
        cohort = pausing.pause(self._cohort(), by=self.admin, at=clock.now())
        return "paused", cohort.slug

    def stop(self) -> tuple[str, ...]:
        if stopped := Cohort.objects.exclude(mail_stopped_at=None).first():
            return "released mail", stopping.release_mail(stopped, by=self.admin, at=clock.now()).slug
        return "stopped mail", stopping.stop_mail(self._cohort(), by=self.admin, at=clock.now()).slug

    def shift(self) -> tuple[str, ...]:
        days = self.chance.choice((-1, 1, 1, 7))
        return "moved", moving.shift(self._cohort(), days=days, by=self.admin, at=clock.now()).slug

    # --- A client ---

    def hold(self) -> tuple[str, ...]:
        held = list(Enrolment.objects.active().filter(holds__isnull=False, holds__ended_at=None))
        if len(held) > len(self.enrolments) * MOST_AT_ONCE or (held and self.chance.random() < 0.5):
            return self._about("let go on", holding.go_on(self.chance.choice(held), by=self.admin, at=clock.now()))
        return self._about("put on hold", holding.hold(self._enrolment(), by=self.admin, at=clock.now()))

    def withdraw(self) -> tuple[str, ...]:
        return self._about("withdrew", joining.withdraw(self._enrolment(), by=self.admin, at=clock.now()))

    def hand_in(self) -> tuple[str, ...]:
        piece = self._piece()
        written = answer(piece.exercise.key, str(piece.pk))
        client = piece.enrolment.client
        submitting.hand_in(piece, answer=written, revision=piece.draft_revision, by=client, at=clock.now())
        return self._about("handed in", piece.enrolment)

    def extend(self) -> tuple[str, ...]:
        piece, at = self._piece(), clock.now()
        until = extending.first_day(piece, at=at) + timedelta(days=self.chance.choice((1, 2, 3)))
        extending.ask(piece, until=until, by=piece.enrolment.client, at=at)
        return self._about("asked for more time", piece.enrolment)

    def _about(self, name: str, enrolment: Enrolment) -> tuple[str, str, str]:
        return name, enrolment.cohort.slug, enrolment.client.email

    def _cohort(self) -> Cohort:
        return Cohort.objects.get(pk=self.chance.choice(self.cohorts))

    def _enrolment(self) -> Enrolment:
        return Enrolment.objects.select_related("cohort", "client").get(pk=self.chance.choice(self.enrolments))

    def _piece(self) -> Submission:
        rows = Submission.objects.filter(
            enrolment=self.chance.choice(self.enrolments), exercise__week__number__in=WEEKS, exercise__key__in=ADDED
        )
        rows = rows.filter(state="draft").select_related("exercise__week", "enrolment__client", "enrolment__cohort")
        if not (found := list(rows)):
            raise ValidationError("everything is handed in")
        return self.chance.choice(found)

    # --- Afterwards ---

    def settle(self) -> None:
        """Everybody goes on."""
        at = clock.now()
        for cohort in Cohort.objects.exclude(mail_stopped_at=None):
            stopping.release_mail(cohort, by=self.admin, at=at)
        for cohort in Cohort.objects.filter(pauses__isnull=False, pauses__ended_at=None):
            pausing.resume(cohort, by=self.admin, at=at)
        for enrolment in Enrolment.objects.active().filter(holds__isnull=False, holds__ended_at=None):
            holding.go_on(enrolment, by=self.admin, at=at)


def change(*, operations: int, seconds: float, seed: int, log: str) -> dict[str, int]:
    """So many operations in so many seconds, or as fast as they go. How many of which."""
    office, began = Office(Path(log), random.Random(seed)), time.monotonic()
    for number in range(operations):
        time.sleep(max(0.0, began + seconds * number / operations - time.monotonic()))
        office.change_something()
    patiently(office.settle)
    return dict(office.count)


def patiently(work: Callable[[], Any]) -> None:
    """Whoever is kept waiting by a mail in somebody's hands asks again."""
    for _try in range(TRIES):
        try:
            return work()
        except OperationalError:
            time.sleep(0.2)
    raise AssertionError("nobody let go")
