"""Cohorts with an outcome, by the real operations: who rated themselves how, and a snapshot of it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta

from django.db import transaction

from clients import assessing, assessments
from clients.models import Cohort, Enrolment, User
from coaching import handing, snapshotting, sponsoring
from coaching.models import Handout, Snapshot
from tests import keeping, roads, stages
from tests.cast import Cast
from tests.pairing import WEEK_8
from tests.roads import BEFORE, WEEK_1

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
END = WEEK_8 + 2 * DAY  # Friday of week 8: the final assessment is open
AFTER = WEEK_8 + 14 * DAY
ALL = ("stakeholder", "influence", "presence", "upward")
MOVED = ((2, 3), (2, 3), (3, 4), (1, 3), (2, 4), (3, 3), (2, 2), (2, 3), (4, 3), (1, 4), (2, 3), (3, 4))


def rates(who: User, moment: str, point: int, *, at: datetime) -> None:
    """One point for every statement."""
    enrolment = keeping.enrolment_of(who)
    asked = assessments.questionnaire_of(enrolment)
    given = {item.key: point for item in asked.items}
    ready = {item.key: "no" for item in asked.readiness}
    assessing.keep(enrolment, moment, answers=given, readiness=ready, by=who, at=at)
    assessing.finish(enrolment, moment, by=who, at=at)


def joined(cohort: Cohort, name: str, moved: tuple[int, int]) -> User:
    """One more client, who rated themselves at both ends."""
    who = roads.person(name)
    roads.client(cohort, who)
    rates(who, "a0", moved[0], at=WEEK_1)
    rates(who, "a8", moved[1], at=END)
    return who


def cohort(cast: Cast, people: int = 12, *, name: str = "Summer", moved: Sequence[tuple[int, int]] = MOVED) -> Cohort:
    """So many clients, called after their cohort and numbered."""
    found = roads.cohort(name, by=cast.ada)
    roads.coach(found, cast.tomas)
    for number in range(people):
        joined(found, f"{name} {number}", moved[number % len(moved)])
    return found


def person(cohort: Cohort, number: int) -> Enrolment:
    return Enrolment.objects.get(cohort=cohort, client__name=f"{cohort.name} {number}")


def asked(cast: Cast, *cohorts: Cohort, audience: str = "admin", title: str = "", at: datetime = AFTER) -> Snapshot:
    return snapshotting.ask(cohorts, audience=audience, title=title, by=cast.ada, at=at)


def computed(snapshot: Snapshot, *, at: datetime = AFTER) -> Snapshot:
    """By a worker that finds it."""
    snapshotting.compute_one(at=at)
    snapshot.refresh_from_db()
    return snapshot


def frozen(cast: Cast, *cohorts: Cohort, audience: str = "admin", title: str = "", at: datetime = AFTER) -> Snapshot:
    return computed(asked(cast, *cohorts, audience=audience, title=title, at=at), at=at)


@contextmanager
def begun(unblock: Callable[[], AbstractContextManager[None]]) -> Iterator[tuple[Cast, Cohort, Snapshot]]:
    """Everybody, twelve clients of Summer who rated themselves at both ends, and a snapshot of them; undone at the end,
    so that what each test of a module does is undone on top of it."""
    with unblock(), transaction.atomic():
        cast = stages.cast() or roads.everybody()
        summer = cohort(cast)
        yield cast, summer, frozen(cast, summer)
        transaction.set_rollback(True)


def ten(cast: Cast, sponsor: User, *, name: str = "Ten") -> Cohort:
    """As many clients as it takes to tell a sponsor of them, and that sponsor."""
    found = roads.cohort(name, by=cast.ada)
    for number in range(10):
        roads.client(found, roads.person(f"{name} {number}"))
    sponsoring.grant(found, sponsor=sponsor, by=cast.ada, at=BEFORE)
    return found


def handed(cast: Cast, cohort: Cohort, sponsor: User, *, title: str = "", at: datetime = WEEK_1) -> Handout:
    """A snapshot of these clients, frozen and in the hands of their sponsor."""
    found = computed(asked(cast, cohort, audience="sponsor", title=title, at=at - MINUTE), at=at)
    return handing.hand_over(found, sponsor=sponsor, by=cast.ada, at=at)


def snapshots_of(*cohorts: Cohort, besides: Cohort, by: User, at: datetime = WEEK_1) -> dict[str, int]:
    """Of the same cohorts one that is frozen and one that failed; of one more one that waits. By what each is called."""

    def ask(*those: Cohort) -> Snapshot:
        return snapshotting.ask(those, audience="admin", by=by, at=at)

    done, failed = computed(ask(*cohorts), at=at), ask(*cohorts)
    snapshotting.fail(snapshotting.claim(at=at), "moving")
    draft = ask(*cohorts, besides)
    return {"snapshot": done.pk, "failed snapshot": failed.pk, "draft snapshot": draft.pk}
