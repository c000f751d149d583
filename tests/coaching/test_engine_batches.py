"""How much an engine takes in hand at once, and that several of them take nothing twice."""

import threading

import pytest
from django.db import connection

from coaching import firing
from coaching.models import Milestone
from tests import roads

pytestmark = pytest.mark.database


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
