"""The engine under everything people and failing machines do to it, and proof that the rules would notice.

Machines live lives made up by chance, as many from each start: ACROSS_MACHINES says how many.
"""

import os
from collections.abc import Sequence

import pytest
from django.db import connection, transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import roads
from tests.coaching.engine_faults import FAULTS, NOOR, SUNDAY_BEFORE
from tests.coaching.engine_machine import STARTS, Engine, Step, begun, live
from tests.coaching.engine_world import Broken

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.timeout(900)]
MACHINES = int(os.environ.get("ACROSS_MACHINES", "12"))  # from each start
STEPS = 14  # each a deed, a moment and a worker's visit
BY_CHANCE = settings(
    max_examples=MACHINES,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
TWICE = [Step("be_planned_again", NOOR), "week.unlock", Step()]  # nothing comes of it but where rows are not unique
EACH_START = pytest.mark.parametrize("machine", range(len(STARTS)), indirect=True)
EACH_FAULT = pytest.mark.parametrize(
    ("machine", "name"), [(fault.start, name) for name, fault in FAULTS.items()], indirect=["machine"]
)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """The cast in an edition with weeks 0 to 2: the rules know no number of weeks, and every milestone costs time.

    Also a provider that lets the machine look. All of it is made once, and undone at the end.
    """
    provider = override_settings(EMAIL_BACKEND="tests.coaching.engine_world.Provider")
    with django_db_blocker.unblock(), transaction.atomic(), provider:
        roads.edition_of_before(tmp_path_factory.mktemp("edition"))
        yield roads.everybody()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def machine(world, request):
    """Machines that begin at one of the starts. From every second one the provider remembers keys."""
    provider = override_settings(EMAIL_HONOURS_KEYS=request.param % 2 == 1)
    with provider, begun(world, STARTS[request.param]) as found:
        yield found


def live_as_written(machine: type[Engine], programme: Sequence[Step | str], *, constrained: bool = True) -> None:
    life = machine()
    try:
        if not constrained:
            forget_the_constraint()
        live(life, programme)
    finally:
        life.teardown()


def live_by_chance(machine: type[Engine], machines: int, *phases: Phase) -> None:
    how = settings(BY_CHANCE, max_examples=machines, phases=phases)
    run_state_machine_as_test(seed(STARTS.index(machine.begins_with.notes.at))(machine), settings=how)


def forget_the_constraint() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP INDEX a_milestone_is_planned_once")


@EACH_START
def test_whatever_happens_the_rules_of_the_engine_hold(machine, record_property):
    record_property("lives", MACHINES)
    live_by_chance(machine, MACHINES, Phase.generate, Phase.shrink)


@EACH_FAULT
def test_where_a_fault_would_show_no_rule_is_broken_without_it(machine, name):
    live_as_written(machine, FAULTS[name].programme)


@EACH_FAULT
def test_a_fault_in_the_engine_is_noticed(machine, plant, name, record_property):
    record_property("seeded faults noticed", 1)
    for place in FAULTS[name].places:
        plant(*place)

    with pytest.raises(Broken):
        live_as_written(machine, FAULTS[name].programme)


@pytest.mark.parametrize("machine", [SUNDAY_BEFORE], indirect=True)
def test_milestones_that_could_be_planned_twice_are_noticed(machine):
    live_as_written(machine, TWICE)

    with pytest.raises(Broken):
        live_as_written(machine, TWICE, constrained=False)
