"""What managers and peers said, in a report: of closed rounds, of groups that are large enough, of enough clients."""

from datetime import timedelta

import pytest

from clients.models import Enrolment
from coaching import outcomes
from coaching.outcomes import rows, showing
from coaching.plots import sections
from tests import roads
from tests.pulsing import answered, asked
from tests.roads import BEFORE, WEEK_1

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEK_8 = WEEK_1 + 49 * DAY
AFTER = WEEK_8 + 22 * DAY
PEERS = ("Ana", "Ben", "Cleo")


def walking(cast, many):
    cohort = roads.cohort("Many", by=cast.ada)
    people = [roads.person(f"Client{number}") for number in range(many)]
    for who in people:
        roads.client(cohort, who, at=BEFORE)
    return cohort, people


def heard(cast, who, before, after, *, peers=PEERS, group="peer"):
    """The same people at both ends."""
    for name in peers:
        for at, point in ((WEEK_1, before), (WEEK_8, after)):
            if point:
                address = f"{name}.{who.name}@raters.example".lower()
                link = asked(cast, who, name, at=at, address=address, group=group)
                answered(link, at=at + DAY, p1=str(point), p2="0")


def report(cohort, at=AFTER):
    return outcomes.of(Enrolment.objects.filter(cohort=cohort), at=at)


def change(found, key="peer.p1"):
    return next(one for one in found.pulse if one.key == key)


def test_both_ends_and_the_change_between_them_of_those_who_asked(cast):
    cohort, people = walking(cast, 6)
    for place, who in enumerate(people[:5]):
        heard(cast, who, 2, 3 + place % 2)
    heard(cast, people[5], 3, None)

    found = change(report(cohort))
    assert (found.name, found.mean.n, found.mean.of) == ("Peers: what technical work means for them", 5, 6)
    assert (found.before.n, found.after.n, round(found.mean.value, 2)) == (6, 5, 1.4)
    shown = showing.shown(report(cohort), least=5)
    assert (change(shown).before.mean, change(shown).after.mean, change(shown).mean.n) == (2, 3.4, 5)
    assert change(shown, "peer.p2").mean.n == 0
    told = next(one for one in sections.of(shown) if one.key == "behaviour")
    assert ["Peers: what technical work means for them", "5 of 6"] in [list(row[:2]) for row in told.tables[0][1].rows]
    assert "pulse.peer.p1.before" in {row.key for row in rows.of(shown)}


@pytest.mark.parametrize(("least", "is_told"), [(5, True), (10, False)])
def test_fewer_clients_than_an_audience_asks_for_are_told_of_nobody(cast, least, is_told):
    cohort, people = walking(cast, 5)
    for who in people:
        heard(cast, who, 2, 4)

    shown = change(showing.shown(report(cohort), least=least))

    assert (shown.mean.value is not None, shown.before.mean is not None) == (is_told, is_told)


def test_two_peers_of_a_client_do_not_count_and_a_manager_is_never_added_to_them(cast):
    cohort, (who,) = walking(cast, 1)
    heard(cast, who, 2, 4, peers=PEERS[:2])
    heard(cast, who, 5, 5, peers=("Boss",), group="manager")

    found = report(cohort)
    assert [(one.key, one.mean.n, one.mean.of) for one in found.pulse if one.key.endswith("p1")] == [
        ("manager.p1", 1, 1), ("peer.p1", 0, 1),
    ]  # fmt: skip


def test_a_round_counts_once_it_is_closed(cast):
    cohort, (who,) = walking(cast, 1)
    heard(cast, who, 2, 4)

    seen = [change(report(cohort, at=at)) for at in (WEEK_1 + 20 * DAY, WEEK_1 + 22 * DAY, AFTER)]
    assert [(one.before.n, one.after.n) for one in seen] == [(0, 0), (1, 0), (1, 1)]


def test_where_nobody_was_asked_nothing_stands(cast):
    cohort, _people = walking(cast, 1)

    found = report(cohort)
    assert found.pulse == ()
    told = next(one for one in sections.of(showing.shown(found, least=5)) if one.key == "behaviour")
    assert "Nobody else at work was asked." in told.sentences
    assert outcomes.of(Enrolment.objects.none(), at=AFTER).pulse == ()


def test_it_takes_the_same_queries_however_many_asked(cast, django_assert_max_num_queries):
    cohort, people = walking(cast, 3)
    counts = []
    for who in people:
        heard(cast, who, 2, 4)
        with django_assert_max_num_queries(40) as seen:
            report(cohort)
        counts.append(len(seen))

    assert counts[0] == counts[1] == counts[2]
