"""Snapshots of the outcomes report: asked for, computed by whoever finds the row, frozen, and the same ever after."""

import json
from dataclasses import fields

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from clients import joining
from clients.models import JournalEntry
from coaching import outcomes, snapshot_files, snapshots, snapshotting
from coaching.models import Snapshot, SnapshotPart
from coaching.outcomes import behind, plain
from curriculum import leasing
from curriculum.figures import Why
from tests import roads
from tests.reporting import AFTER, DAY, MINUTE, asked, begun, cohort, computed, frozen, joined, person
from tests.roads import WEEK_1

State = Snapshot.State


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with begun(django_db_blocker.unblock) as found:
        yield found


@pytest.fixture
def cast(world, db):
    return world[0]


@pytest.fixture
def summer(world, db):
    return world[1]


@pytest.fixture
def first(world, db):
    """Frozen, of summer."""
    return Snapshot.objects.get(pk=world[2].pk)


def test_what_is_frozen_is_the_report_by_its_very_bytes(cast, summer, first):
    found = first
    said = snapshots.content(found)

    assert (found.state, found.error, found.sha256) == (State.FROZEN, "", plain.digest(found.data))
    assert said.report.who.enrolled == 12
    own = {one.own.key: one.own for one in said.report.rated}
    assert (own["upward"].mean.n, own["upward"].mean.value) == (12, pytest.approx(1.0))
    assert json.loads(found.data)["report"] == plain.data_of(said.report)


def test_a_title_is_the_finding_unless_an_admin_gave_one(cast, summer, first):
    by_rule = first
    given = frozen(cast, summer, title="  What  summer\nlearned ", at=AFTER + DAY)

    assert by_rule.title == snapshots.content(by_rule).report.told.title
    assert (given.title, snapshots.content(given).title) == ("What summer learned", "What summer learned")
    assert (snapshots.content(by_rule).finding, snapshots.content(given).finding) == ("", by_rule.title)
    said = [dict(snapshot_files.words_of(snapshots.content(one)))["By the numbers"] for one in (by_rule, given)]
    assert said == [(), (f"{by_rule.title}.",)]


def test_a_draft_can_be_named_and_what_is_frozen_cannot(cast, summer):
    draft = asked(cast, summer)
    snapshotting.entitle(draft, title="Summer, in short", by=cast.ada, at=AFTER)
    found = computed(draft)

    assert found.title == "Summer, in short"
    refusal = snapshotting.entitle_refusal(found)
    assert (refusal.code, refusal.message) == ("snapshot.frozen", "It is frozen, with its title. Ask for a new one.")
    with pytest.raises(snapshotting.CannotSnapshot, match="frozen"):
        snapshotting.entitle(found, title="Other", by=cast.ada, at=AFTER)
    with pytest.raises(snapshotting.BadTitle) as long:
        snapshotting.entitle(found, title="x" * 161, by=cast.ada, at=AFTER)
    assert long.value.message == "A title has 160 characters at most; this one has 161."


def test_versions_of_the_product_the_edition_and_its_instruments_are_in_it(cast, summer, first, settings):
    versions = snapshots.content(first).versions

    assert versions["product"] == settings.VERSION
    assert [one["digest"] for one in versions["editions"]] == [summer.edition.digest]
    assert {one["key"] for one in versions["instruments"]} == set(
        summer.edition.instruments.values_list("key", flat=True)
    )
    assert all(len(one["digest"]) == 64 for one in versions["instruments"])


def test_the_journal_says_who_asked_and_what_was_frozen(cast, summer, first):
    found = first
    lines = JournalEntry.objects.filter(subject=f"snapshot:{found.pk}")

    assert list(lines.values_list("action", "actor", "note")) == [
        ("asked for a snapshot", "Ada", "admins"),
        ("froze a snapshot", "engine", found.sha256),
    ]


# --- Frozen -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE coaching_snapshot SET title = 'Better'",
        "UPDATE coaching_snapshot SET data = '{}', sha256 = repeat('a', 64)",
        "UPDATE coaching_snapshot SET state = 'asked', data = '', sha256 = '', frozen_at = NULL",
        "UPDATE coaching_snapshot SET shown = '{}'",
        "DELETE FROM coaching_snapshot",
        "DELETE FROM coaching_snapshot_cohorts",
        "UPDATE coaching_snapshotpart SET places = '{}'",
        "INSERT INTO coaching_snapshotpart (snapshot_id, enrolment_id, places) "
        "SELECT s.id, e.id, '{}' FROM coaching_snapshot s, clients_enrolment e "
        "WHERE e.id NOT IN (SELECT enrolment_id FROM coaching_snapshotpart)",
    ],
)
def test_what_is_frozen_refuses_every_change_whoever_asks(cast, summer, first, statement):
    found = first
    before = Snapshot.objects.filter(pk=found.pk).values().get()

    refused = pytest.raises(IntegrityError, match=r"never changes|frozen snapshot")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Snapshot.objects.filter(pk=found.pk).values().get() == before
    assert (found.cohorts.count(), found.parts.count()) == (1, 12)
    assert snapshots.is_whole(found)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "frozen"},
        {"state": "computing"},
        {"state": "failed"},
        {"data": "{}"},
        {"sha256": "a" * 64},
        {"step": 3, "steps": 2},
        {"of": ""},
        {"error": "broken"},
        {"lease_until": AFTER},
    ],
)
def test_what_is_half_is_refused_by_the_database(cast, summer, changes):
    draft = asked(cast, summer)

    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.filter(pk=draft.pk).update(**changes)


def test_what_comes_later_does_not_change_what_is_frozen(cast, summer, first):
    found = first
    said = found.data
    joining.withdraw(person(summer, 3), by=cast.ada, at=AFTER + DAY, reason="New employer")
    joined(summer, "Late", (1, 5))
    found.refresh_from_db()

    assert (found.data, snapshots.content(found).report.who.enrolled) == (said, 12)


def test_somebody_whose_records_go_takes_their_part_with_them_and_no_number(cast, summer, first):
    found = first
    gone = person(summer, 3)
    SnapshotPart.objects.filter(enrolment=gone).delete()

    assert SnapshotPart.objects.filter(snapshot=found).count() == 11
    assert snapshots.content(found).report.who.enrolled == 12


def test_the_demo_takes_its_snapshots_along(cast, summer):
    from coaching import clearing

    other = frozen(cast, cohort(cast, 5, name="Real"))
    type(summer).objects.filter(pk=summer.pk).update(demo=True)

    clearing.remove_demo(at=AFTER)

    assert list(Snapshot.objects.all()) == [other]


# --- Asking -------------------------------------------------------------------------------------------


def test_asking_is_refused_in_words(cast, summer):
    few = cohort(cast, 4, name="Few")

    def said(*cohorts, audience="admin"):
        refusal = snapshotting.ask_refusal(cohorts, audience)
        return (refusal.code, refusal.message) if refusal else None

    assert said() == ("snapshot.of_none", "Choose at least one cohort.")
    assert said(few) == ("snapshot.too_few", "4 people are in it, and it takes at least 5. Add a cohort.")
    assert said(summer) is None
    assert said(few, audience="sponsor") == (
        "snapshot.too_few",
        "4 people are in it, and it takes at least 10. Add a cohort.",
    )
    assert said(few, summer, audience="sponsor") is None
    asked(cast, summer)
    assert said(summer) == ("snapshot.on_the_way", "It is being computed already. Wait until it is there.")
    assert said(summer, audience="sponsor") is None


def test_admins_see_every_snapshot_and_nobody_else_any(cast, summer, first):
    found = first

    assert list(snapshots.visible_to(cast.ada)) == [found]
    assert [list(snapshots.visible_to(who)) for who in (cast.tomas, cast.ines, cast.mina, cast.lena)] == [[]] * 4


# --- Workers ------------------------------------------------------------------------------------------


def test_what_a_killed_worker_left_is_taken_up_after_the_lease(cast, summer):
    draft = asked(cast, summer)
    snapshotting.claim(at=AFTER)

    assert snapshotting.compute_one(at=AFTER + MINUTE) is False
    assert computed(draft, at=AFTER + 2 * MINUTE).state == State.FROZEN


def test_without_a_queue_the_engine_computes_it(cast, summer, now):
    now.at = WEEK_1
    draft = asked(cast, summer, at=WEEK_1)
    call_command("engine", "--once")
    draft.refresh_from_db()

    assert draft.state == State.FROZEN


def test_the_third_time_a_worker_dies_of_it_is_the_last(cast, summer):
    draft = asked(cast, summer)
    for number in range(3):
        assert snapshotting.claim(at=AFTER + 2 * number * MINUTE)
    draft = computed(draft, at=AFTER + 10 * MINUTE)

    assert (draft.state, snapshots.sentence(draft)) == (
        State.FAILED,
        "It could not be computed this time. Ask again; if it fails once more, tell whoever runs this.",
    )
    snapshotting.ask_again(draft, by=cast.ada, at=AFTER + 11 * MINUTE)
    assert computed(draft, at=AFTER + 12 * MINUTE).state == State.FROZEN
    assert snapshotting.ask_again_refusal(draft).code == "snapshot.not_failed"


def test_what_cannot_be_computed_fails_for_good_after_three_tries_and_can_be_asked_again(cast, summer, monkeypatch):
    draft, tries = asked(cast, summer), []
    monkeypatch.setattr("coaching.outcomes.promotions.of", lambda *those, **more: tries.append(1) or 1 / 0)
    for number in range(leasing.TRIES_AT_MOST):
        with pytest.raises(snapshotting.Incomplete, match="promotions"):
            snapshotting.compute_one(at=AFTER + number * DAY)
    draft.refresh_from_db()

    assert (draft.state, draft.error, len(tries)) == (State.FAILED, "broken", 3)
    assert snapshots.sentence(draft).startswith("It could not be computed this time. Ask again;")
    assert not snapshotting.compute_one(at=AFTER + 9 * DAY)
    monkeypatch.undo()
    snapshotting.ask_again(draft, by=cast.ada, at=AFTER)
    assert computed(draft).is_frozen


def test_whoever_lost_the_lease_writes_over_nobody(cast, summer):
    draft = asked(cast, summer)
    lost = snapshotting.claim(at=AFTER)
    held = snapshotting.claim(at=AFTER + 2 * MINUTE)

    assert snapshotting.note_progress(lost, 3, 13, at=AFTER + 2 * MINUTE) is False
    assert snapshotting.note_progress(held, 4, 13, at=AFTER + 2 * MINUTE) is True
    assert snapshotting.fail(lost, "broken") is False
    draft.refresh_from_db()
    assert (draft.state, draft.step, snapshots.percent(draft)) == (State.COMPUTING, 4, 30)


def test_every_step_is_a_person_and_the_last_one_freezes(cast, summer, monkeypatch):
    told = []
    note = snapshotting.note_progress
    monkeypatch.setattr(
        snapshotting,
        "note_progress",
        lambda found, done, of, *, at: told.append((done, of)) or note(found, done, of, at=at),
    )
    found = frozen(cast, summer)

    assert [told[place] for place in range(12)] == [(number, 13) for number in range(1, 13)]
    assert (found.step, found.steps) == (13, 13)


def test_what_changes_while_it_is_read_is_read_again(cast, summer, monkeypatch):
    draft, compute = asked(cast, summer), snapshotting.compute
    rounds = []

    def slow(found, step, *, at):
        done = compute(found, step, at=at)
        rounds.append(len(done.people))
        if len(rounds) == 1:
            joined(summer, "Late", (1, 5))
        return done

    monkeypatch.setattr(snapshotting, "compute", slow)
    found = computed(draft)

    assert (found.state, rounds) == (State.FROZEN, [12, 13])
    assert snapshots.content(found).report.who.enrolled == 13


def test_what_never_stands_still_fails_with_a_sentence(cast, summer, monkeypatch):
    draft, compute = asked(cast, summer), snapshotting.compute

    def slow(found, step, *, at):
        done = compute(found, step, at=at)
        roads.client(summer, roads.person(f"Late {len(done.people)}"))
        return done

    monkeypatch.setattr(snapshotting, "compute", slow)
    draft = computed(draft)

    assert (draft.state, snapshots.sentence(draft)) == (
        State.FAILED,
        "Numbers kept changing while they were read. Ask again.",
    )


# --- Nobody is given away -----------------------------------------------------------------------------


def shown_of(snapshot):
    return shown_of_report(snapshots.content(snapshot).report)


def shown_of_report(report):
    return next(one.own for one in report.rated if one.own.key == "upward")


def test_an_earlier_snapshot_keeps_the_one_who_came_since_from_being_told(cast, summer, first):
    """Means of twelve and of thirteen would tell what the thirteenth said."""
    joined(summer, "Late", (1, 5))
    own = shown_of(frozen(cast, summer, at=AFTER + DAY))

    assert shown_of(first).mean.value is not None
    assert shown_of(first).lines != ()
    assert (own.mean.value, own.standardised.value, own.before.mean, own.after.mean, own.lines) == (
        None, None, None, None, (),
    )  # fmt: skip
    assert {own.mean.why, own.before.why} == {Why.TOO_FEW_TO_SHOW}


def test_where_somebody_is_gone_without_a_trace_it_is_refused_with_a_sentence(cast, summer, first):
    """Whatever is shown of eleven beside what was shown of twelve would be about the one whose records went."""
    SnapshotPart.objects.filter(enrolment=person(summer, 3)).delete()
    second = frozen(cast, summer, at=AFTER + DAY)

    assert (second.state, second.error, second.data) == (State.FAILED, "nothing_to_show", "")
    assert "nothing of this one can be shown" in snapshots.sentence(second)


def test_once_enough_came_their_number_is_told_again(cast, summer, first):
    for number in range(5):
        joined(summer, f"Late {number}", (2, 4))
    own = shown_of(frozen(cast, summer, at=AFTER + DAY))

    assert (own.mean.n, own.mean.value) == (17, pytest.approx((12 + 10) / 17))


def test_what_admins_have_seen_takes_nothing_from_a_sponsor(cast, summer, first):
    """Admins had one of twelve; sponsors had none, so theirs of thirteen tells nothing of the one who came."""
    joined(summer, "Late", (1, 5))
    own = shown_of(frozen(cast, summer, audience="sponsor", at=AFTER + DAY))

    assert (own.mean.n, own.mean.value) == (13, pytest.approx(16 / 13))


def test_the_same_again_is_shown_again(cast, summer, first):
    assert shown_of(frozen(cast, summer, at=AFTER + DAY)) == shown_of(first)


def test_a_sponsor_is_told_no_number_of_fewer_than_ten(cast, summer):
    report = snapshots.content(frozen(cast, summer, audience="sponsor")).report
    own = shown_of_report(report)

    assert (report.least, report.who.enrolled, report.who.reasons, report.who.withdrawn) == (10, 12, (), None)
    assert (own.mean.n, own.mean.of) == (12, 12)
    assert own.mean.value is not None
    assert (own.rose, own.same, own.fell) == (None, None, (0, 1))  # nine, two, one: the last is told as a tenth at most
    main = next(one for one in report.work.handed_in if one.role == "main")
    assert (main.done, main.share.value, main.share.why) == ((0, 1), None, Why.FEW_OF_ALL)
    assert report.work.turnaround.reviews == report.promotions.graduates == report.rated[0].carried == 0


def test_what_is_not_noted_as_shown_has_no_number_in_the_data(cast, summer, first):
    joined(summer, "Late", (1, 5))
    second = frozen(cast, summer, at=AFTER + DAY)
    nothing = {"shown": [], "coded": {}, "sums": []}

    for snapshot in (first, second):
        for key, one in behind.changes_of(snapshots.content(snapshot).report).items():
            noted = snapshot.shown.get(key, nothing)
            counts = {name: getattr(one, name) for name in ("rose", "same", "fell")}
            assert {name for name, n in counts.items() if isinstance(n, int)} == set(counts) & set(noted["shown"]), key
            assert (one.mean.value is not None) == ("mean" in noted["sums"])
            assert (one.before.mean is not None) == ({"mean", "before"} <= set(noted["sums"]))
            assert bool(one.lines) == ("detail" in noted["sums"])
    assert any("mean" in noted["sums"] for noted in first.shown.values())
    assert not any("mean" in noted["sums"] for noted in second.shown.values())


def test_parts_come_to_the_numbers_they_stand_behind(cast, summer):
    from clients.models import Enrolment

    people = Enrolment.objects.filter(cohort=summer)
    whole = outcomes.of(people, at=AFTER)
    alone = {one.pk: outcomes.of(people.filter(pk=one.pk), at=AFTER) for one in people}
    measures = behind.measures(whole, alone, audience="admin")

    for key, change in behind.changes_of(whole).items():
        groups = [part.group for part in measures[key].parts.values()]
        counted = {name: sum(one in of for one in groups) for name, of in measures[key].wanted.items()}
        told = {"n": change.mean.n, "rose": change.rose, "same": change.same, "fell": change.fell}
        for row in (row for row in change.reliable if row.threshold is not None):
            told |= {f"{way} at {row.reliability:.2f}": getattr(row, way) for way in ("up", "none", "down")}
        assert counted == (told if measures[key].parts else dict.fromkeys(counted, 0))


def test_every_part_of_a_report_has_somebody_who_decided_what_is_shown_of_it():
    """A new one is put into `masked.of` first, and into `rows.of`; what stands below is told to everybody."""
    told_to_everybody = {"at", "about", "methods", "least", "failed", "told"}

    assert {one.name for one in fields(outcomes.Report)} == told_to_everybody | {
        "who", "rated", "observed", "work", "practice", "promotions", "goals", "pulse",
    }  # fmt: skip


def test_what_a_sample_looks_like_stays_nowhere(cast, summer, first):
    found = snapshotting.sample([summer], audience="admin", by=cast.ada, at=AFTER + DAY)

    assert found.is_frozen
    assert snapshots.content(found).report.who.enrolled == 12
    assert list(Snapshot.objects.all()) == [first]
