"""The engine under everything people and failing machines do to it, and proof that the rules would notice."""

import inspect
import textwrap
import threading
from collections.abc import Callable
from types import ModuleType

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from clients import delivering
from coaching import firing, plans, scheduling
from coaching.models import Milestone
from tests import roads
from tests.coaching.engine_machine import Broken, Engine

pytestmark = [pytest.mark.database, pytest.mark.timeout(900)]
SEEDS, MACHINES = range(6), 5  # Hypothesis varies what it has tried; a new seed begins somewhere else
MODERATE = settings(
    max_examples=MACHINES,
    stateful_step_count=25,
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
REVIVE = "SET state = 'pending', fired_at = NULL, "
# What a mistake in the engine would look like: the function, what stands there, what would stand there instead.
FAULTS: dict[str, list[tuple[ModuleType, str, str, str]]] = {
    "a pause is not asked for when a milestone fires": [
        (firing, "due", ".walking()", ".all()"),
        (firing, "_cohorts_going_on", 'held - set(paused.values_list("pk", flat=True))', "held"),
    ],
    "nothing is asked when a message leaves": [
        (delivering, "_handed_over", "if outcome := _not_now(message, kind, at):", "if outcome := None:"),
    ],
    "a message is marked before it is handed over": [
        (delivering, "_handed_over", "@transaction.atomic\n", ""),
        (
            delivering, "_handed_over",
            "    handed = False\n", "    _settle(message, state=State.SENT, sent_at=at)\n    handed = False\n",
        ),
    ],
    "a milestone is marked before its messages are posted": [
        (firing, "_effect", "@transaction.atomic\n", ""),
        (firing, "_effect", "    messaging.post_all(", "    _settle(batch)\n    messaging.post_all("),
    ],
    "a new plan revives what has fired": [
        (scheduling, "_replan", "filter(state=State.PENDING)", "filter(state__in=[State.PENDING, State.FIRED])"),
        (scheduling, "_write", "execute(WRITE,", f"execute(WRITE.replace('SET ', {REVIVE!r}),"),
    ],
    "a new plan is ignored": [
        (scheduling, "_replan", "    _write(", "    list("),
        (firing, "_decide", "if moved > batch.at:", "if moved is None:"),
    ],
    "the next occurrence takes the number of the last": [
        (scheduling, "follow", "milestone.occurrence + ahead", "milestone.occurrence"),
    ],
    "a week is seven times 24 hours": [
        (plans, "_in_its_week", "return _moment(", "return timedelta(weeks=1) + _moment("),
        (plans, "_in_its_week", "week=row.week,", "week=row.week - 1,"),
    ],
    "a message has another key with every try": [
        (delivering, "message_id", "message.key.encode()", "(message.key + str(message.attempts)).encode()"),
    ],
    "a lease that was lost is not noticed": [
        (delivering, "_ours", ".filter(pk=pk, state=State.SENDING, lease_token=token)", ".filter(pk=pk)"),
    ],
    "the worker's clock is an hour ahead": [
        (firing, "fire_due", "    _bury(at)\n", "    at += timedelta(hours=1)\n    _bury(at)\n"),
    ],
    "what a killed worker had in hand stays with it": [
        (delivering, "_claim", " | Q(state=State.SENDING, lease_until__lt=at)", ""),
    ],
    "what a killed engine had in hand stays with it": [
        (firing, "due", " | Q(lease_until__lte=at)", ""),
    ],
}  # fmt: skip


@pytest.fixture
def three_weeks(db, tmp_path):
    """An edition with weeks 0 to 2: the rules know no number of weeks, and every milestone costs time."""
    return roads.edition_of_before(tmp_path)


@pytest.fixture
def machine(three_weeks, cast, settings):
    """The machine for the cast, with a provider that lets it look."""
    settings.EMAIL_BACKEND = "tests.coaching.engine_machine.Provider"
    return type("EngineOfTheCast", (Engine,), {"cast": cast})


@pytest.fixture
def plant(monkeypatch):
    """Put another text into a function, for the length of a test."""

    def change(module: ModuleType, name: str, old: str, new: str) -> None:
        source = SOURCES.get((module.__name__, name)) or textwrap.dedent(inspect.getsource(getattr(module, name)))
        assert source.count(old) == 1, f"{name} has changed; the fault has to be planted in another way"
        SOURCES[module.__name__, name] = source.replace(old, new)
        found: dict[str, Callable] = {}
        exec(compile(SOURCES[module.__name__, name], f"<{name} with a fault>", "exec"), vars(module), found)
        monkeypatch.setattr(module, name, found[name])

    SOURCES: dict[tuple[str, str], str] = {}
    return change


def run(machine: type[Engine], *phases: Phase) -> None:
    for number in SEEDS:
        run_state_machine_as_test(seed(number)(machine), settings=settings(MODERATE, phases=phases))


def test_whatever_happens_the_rules_of_the_engine_hold(machine):
    run(machine, Phase.generate, Phase.shrink)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_engine_is_noticed(machine, plant, fault):
    for place in FAULTS[fault]:
        plant(*place)

    with pytest.raises(Broken):
        run(machine, Phase.generate)


def test_milestones_that_could_be_planned_twice_are_noticed(machine):
    def forget_the_constraint():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("DROP INDEX a_milestone_is_planned_once")

    machine.before = staticmethod(forget_the_constraint)

    with pytest.raises(Broken):
        run(machine, Phase.generate)


@pytest.mark.parametrize("bound", [True, False])
def test_a_batch_is_as_large_as_was_asked_for_and_would_be_larger_without_its_bound(cast, plant, bound):
    if not bound:
        plant(firing, "_lease", "[:limit]", "[:]")
    unlock = Milestone.objects.filter(kind="week.unlock", week=1).first()

    firing.fire_due(at=unlock.due_at, limit=2)

    assert (Milestone.objects.filter(attempts__gt=0).count() == 2) is bound


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_eight_engines_fire_each_milestone_once_and_would_not_without_its_lock(transactional_db, plant, locked):
    roads.everybody()
    if not locked:
        plant(firing, "_lease", '.select_for_update(skip_locked=True, of=("self",))', "")
        plant(firing, "_held", '.select_for_update(skip_locked=True, of=("self",))', "")
    instants = sorted(set(Milestone.objects.values_list("due_at", flat=True)))[:6]
    gate, fired = threading.Barrier(8), []

    def engine():
        for at in instants:
            gate.wait(timeout=60)
            fired.append(firing.fire_due(at=at)[0])
        connection.close()

    threads = [threading.Thread(target=engine) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)

    assert (sum(fired) == Milestone.objects.filter(state="fired").count()) is locked
