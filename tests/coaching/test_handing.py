"""A snapshot is handed to sponsors and taken back, and beside what they are told each month it gives nobody away."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from clients.models import JournalEntry
from coaching import handing, handouts, participation, snapshots, snapshotting, sponsoring
from coaching.models import Handout, Snapshot
from tests import roads
from tests.coaching.web.test_coach_pages import words
from tests.coaching.web.visiting import browser
from tests.doors.asking import Api
from tests.reporting import AFTER, DAY, MINUTE, asked, begun, frozen, ten
from tests.roads import WEEK_1

APRIL = datetime(2026, 4, 10, 9, tzinfo=UTC)
LATER = AFTER + DAY


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Twelve clients, their sponsor, and a snapshot for sponsors."""
    with begun(django_db_blocker.unblock) as (cast, summer, _first), transaction.atomic():
        sven = roads.sponsor(summer)[0]
        yield cast, summer, sven, frozen(cast, summer, audience="sponsor", title="What summer learned")
        transaction.set_rollback(True)


@pytest.fixture
def cast(world, db):
    return world[0]


@pytest.fixture
def summer(world, db):
    return world[1]


@pytest.fixture
def sven(world, db):
    return world[2]


@pytest.fixture
def found(world, db):
    return Snapshot.objects.get(pk=world[3].pk)


@pytest.fixture
def held(cast, found, sven):
    return handing.hand_over(found, sponsor=sven, by=cast.ada, at=LATER)


# --- In whose hands -----------------------------------------------------------------------------------


def test_a_sponsor_reads_what_was_handed_to_them_and_nothing_else(cast, sven, found, held):
    other = roads.sponsor(cast.spring, "Sue")[0]

    assert [list(handouts.to_sponsor(who)) for who in (sven, other, cast.ada, cast.tomas)] == [[held], [], [], []]
    assert [list(handouts.visible_to(who)) for who in (sven, other, cast.ada)] == [[held], [], [held]]
    assert list(handouts.could_get(found)) == [sven]
    assert list(handouts.waiting(found)) == []


def test_taken_back_or_without_the_sponsorship_it_is_read_no_more(cast, summer, sven, held):
    with transaction.atomic():
        handing.take_back(held, by=cast.ada, at=LATER)
        assert not handouts.to_sponsor(sven).exists()
        transaction.set_rollback(True)
    sponsoring.end(sven.sponsorships.get(cohort=summer), by=cast.ada, at=LATER)

    assert not handouts.to_sponsor(sven).exists()
    assert Api(sven).get(f"handouts/{held.pk}/").status_code == 404


def test_of_two_cohorts_a_sponsor_of_both_reads_it_and_a_sponsor_of_one_does_not(cast, summer, sven):
    both = frozen(cast, summer, cast.spring, audience="sponsor", at=LATER)

    with pytest.raises(handing.CannotHandOver, match="Sven is not a sponsor of every cohort in it"):
        handing.hand_over(both, sponsor=sven, by=cast.ada, at=LATER)
    sponsoring.grant(cast.spring, sponsor=sven, by=cast.ada, at=LATER)
    made = handing.hand_over(both, sponsor=sven, by=cast.ada, at=LATER)
    assert list(handouts.to_sponsor(sven)) == [made]
    sponsoring.end(sven.sponsorships.get(cohort=summer), by=cast.ada, at=LATER)
    assert list(handouts.to_sponsor(sven)) == []


def test_the_journal_says_who_handed_what_to_whom_and_took_it_back(cast, sven, found, held):
    handing.take_back(held, by=cast.ada, at=LATER)

    lines = JournalEntry.objects.filter(subject=f"snapshot:{found.pk}").order_by("pk")
    assert list(lines.values_list("action", "actor", "note"))[-2:] == [
        ("handed over a snapshot", "Ada", "Sven"),
        ("took back a snapshot", "Ada", "Sven"),
    ]


def test_what_was_frozen_before_months_were_held_beside_it_is_not_handed_over(sven, found, monkeypatch):
    monkeypatch.setattr(snapshots, "BESIDE_MONTHS", snapshots.FORMAT + 1)

    assert handing.hand_over_refusal(found, sven).code == "handout.too_old"


@pytest.mark.parametrize(
    "broken",
    [
        lambda held: Handout.objects.filter(pk=held.pk).update(handed_at=LATER + DAY),
        lambda held: Handout.objects.filter(pk=held.pk).delete(),
        lambda held: Handout.objects.create(
            snapshot=held.snapshot, sponsor=held.sponsor, handed_by=held.handed_by, handed_at=LATER
        ),
        lambda held: Handout.objects.create(
            snapshot=Snapshot.objects.get(audience="admin"), sponsor=held.sponsor, handed_by=held.handed_by,
            handed_at=LATER,
        ),
        lambda held: Handout.objects.filter(pk=held.pk).update(taken_back_at=LATER - DAY),
    ],
    ids=["changed", "removed", "twice", "for admins", "taken back before"],
)  # fmt: skip
def test_the_database_keeps_handouts_whole(held, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        broken(held)

    assert Handout.objects.get() == held


# --- At the doors -------------------------------------------------------------------------------------


def test_page_paper_table_and_api_say_the_same_in_the_sponsors_masking(sven, found, held, now):
    now.at = LATER
    client = browser(sven)
    content = snapshots.content(found)

    page, table = (
        client.get(reverse(*one)) for one in (("handout", None, [held.pk]), ("handout-file", None, [held.pk, "csv"]))
    )
    told = Api(sven).get(f"handouts/{held.pk}/").json()

    assert content.report.least == 10
    assert (told["least"], told["sha256"], told["document"]) == (10, found.sha256, found.data)
    assert len(told["numbers"]) == len(table.content.decode().splitlines()) - 1 == words_of_rows(page)
    assert client.get(reverse("handout-file", args=[held.pk, "pdf"])).content.startswith(b"%PDF")
    assert client.get(reverse("handout-file", args=[held.pk, "json"])).status_code == 404
    assert "Summer 0" not in page.content.decode()
    assert "What summer learned" in words(client.get(reverse("sponsor")))


def words_of_rows(page):
    return page.content.decode().split('id="numbers-h"')[1].count("<tr><td>")


def test_an_admin_hands_it_over_sees_who_has_it_and_takes_it_back(cast, sven, found, now):
    now.at = LATER
    client, address = browser(cast.ada), reverse("snapshot", args=[found.pk])
    client.post(reverse("snapshot-hand-over", args=[found.pk]), {"sponsor": sven.pk})

    assert "Sven reads it from now on." in words(client.get(address))
    assert Api(cast.ada).get(f"snapshots/{found.pk}/handouts/").json()[0]["sponsor"]["name"] == "Sven"
    client.post(reverse("handout-take-back", args=[Handout.objects.get().pk]))
    assert "taken back" in words(client.get(address))
    nobody = client.post(reverse("snapshot-hand-over", args=[found.pk]), {"sponsor": ""})
    assert (nobody.status_code, "This field is required." in words(nobody)) == (422, True)


# --- Beside what is told each month -------------------------------------------------------------------


@pytest.fixture(scope="module")
def told(world, django_db_blocker):
    """Ten clients on the first of March. One comes, there is a snapshot; nine more come, there is another; and one."""
    cast, _summer, sven, _found = world
    with django_db_blocker.unblock(), transaction.atomic():
        few = ten(cast, sven)
        roads.client(few, roads.person("Late 0"), at=WEEK_1)
        eleven = frozen(cast, few, audience="sponsor", at=WEEK_1 + MINUTE)
        for number in range(1, 10):
            roads.client(few, roads.person(f"Late {number}"), at=WEEK_1 + DAY)
        twenty = frozen(cast, few, audience="sponsor", at=WEEK_1 + 2 * DAY)
        roads.client(few, roads.person("Late 10"), at=WEEK_1 + 3 * DAY)
        yield few, eleven, twenty
        transaction.set_rollback(True)


def enrolled(snapshot):
    return snapshots.content(snapshot).report.who.enrolled


def test_one_who_came_since_a_month_was_told_is_not_found_by_a_snapshot(told, sven):
    few, eleven, twenty = told

    assert monthly(sven, few, WEEK_1) == 10
    assert (eleven.state, eleven.error) == ("failed", snapshots.NOTHING)
    assert enrolled(twenty) == 20


def test_nor_by_the_next_month_after_a_snapshot(told, sven):
    few, _eleven, _twenty = told
    joined = [participation.Times(one, None) for one in few.enrolments.values_list("joined_at", flat=True)]

    assert monthly(sven, few, APRIL) is None
    assert participation.of(few, joined, at=APRIL).enrolled == 21  # where nobody has seen a snapshot


def monthly(sven, cohort, at):
    return next(one.enrolled for one in participation.of_sponsor(sven, at=at) if one.cohort == cohort)


def test_where_a_month_begins_while_it_is_computed_it_is_computed_again(cast, summer, sven):
    eve, first = datetime(2026, 5, 31, 21, 59, tzinfo=UTC), datetime(2026, 5, 31, 22, 1, tzinfo=UTC)
    asked(cast, summer, audience="sponsor", at=eve)
    draft = snapshotting.claim(at=eve)
    computed = snapshotting.compute(draft, lambda _done, _of: True, at=eve)

    assert not snapshotting.freeze(draft, computed, at=first)
    assert snapshotting.freeze(draft, computed, at=eve)
