"""The evidence ledger: one line a week, whose it is, who may read it, how long it stays open."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from clients import copies, evidence, evidencing, joining, ledger_fields
from clients.evidencing import CannotKeep, LineRejected
from clients.models import Cohort, JournalEntry, LedgerLine, Visibility
from clients.submitting import NotYours
from tests import keeping, roads
from tests.keeping import LINE, WEEK_2


@pytest.fixture
def mine(cast):
    return cast.enrolment(cast.mina)


def add(cast, mine, key="one", *, at=WEEK_2, by=None, **changes):
    return evidencing.add_line(mine, line=LINE | changes, client_key=key, by=by or cast.mina, at=at)


def complaints(cast, mine, **changes):
    with pytest.raises(LineRejected) as refusal:
        add(cast, mine, **changes)
    return refusal.value.by_field


def test_a_line_is_kept_as_it_was_written(cast, mine):
    kept = LedgerLine.objects.get(pk=add(cast, mine).pk)

    assert ledger_fields.line_of(kept) == LINE
    assert (kept.strength, kept.written_at, kept.enrolment_id) == (3, WEEK_2, mine.pk)
    assert JournalEntry.objects.filter(action="added ledger line", actor="Mina", note="").count() == 1


def test_the_same_key_again_is_the_same_line_again(cast, mine):
    first = add(cast, mine, what="Nobody waits for a label any more.")

    assert (add(cast, mine).pk, LedgerLine.objects.count()) == (first.pk, 1)
    assert LedgerLine.objects.get().what == "Nobody waits for a label any more."


def test_two_people_may_use_one_key(cast, mine):
    assert add(cast, mine).pk != keeping.line(cast.noor, key="one").pk


def test_names_come_as_a_list_or_one_a_line(cast, mine):
    kept = add(cast, mine, who_saw="Head of  support\n\n Our director, and her deputy \nHead of support", credit=[])

    assert (kept.who_saw, kept.credit) == (["Head of support", "Our director, and her deputy"], [])


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"what": "It is done now."}, "what", "At least 5 words here; this has 4."),
        ({"what": "word " * 51}, "what", "At most 50 words here; this has 51."),
        ({"for_whom": "us"}, "for_whom", "At least 3 characters here; this has 2."),
        ({"for_whom": "x" * 81}, "for_whom", "At most 80 characters here; this has 81."),
        ({"my_part": "All alone"}, "my_part", "At least 3 words here; this has 2."),
        ({"my_part": "word " * 31}, "my_part", "At most 30 words here; this has 31."),
        ({"my_part": ""}, "my_part", "This is still empty."),
        ({"factor": "charm"}, "factor", "Choose one of the answers offered."),
        ({"factor": ""}, "factor", "Choose one."),
        ({"who_saw": [f"Person {n}" for n in range(6)]}, "who_saw", "At most five here; this has 6."),
        ({"credit": ["x" * 81]}, "credit", f"At most 80 characters a name: “{'x' * 39}…”"),
        ({"trace": "x" * 301}, "trace", "At most 300 characters here; this has 301."),
        ({"quote": "word " * 41}, "quote", "At most 40 words here; this has 41."),
        ({"visibility": "cohort"}, "visibility", "Choose one of the answers offered."),
        ({"date": "yesterday"}, "date", "A date such as 2026-11-30."),
        ({"date": ""}, "date", "This is still empty."),
    ],
)
def test_a_line_outside_of_its_limits_is_refused_with_what_to_mend(cast, mine, changes, field, sentence):
    assert complaints(cast, mine, **changes) == {field: [sentence]}
    assert LedgerLine.objects.count() == 0


def test_every_complaint_comes_at_once(cast, mine):
    assert list(complaints(cast, mine, what="", for_whom="", my_part="", factor="", date="")) == [
        "what", "for_whom", "my_part", "factor", "date",
    ]  # fmt: skip


def test_a_day_is_to_come_by_the_clients_own_calendar(cast, mine):
    late = datetime(2026, 3, 11, 3, tzinfo=UTC)  # Tuesday the 10th, 22:00 in Chicago; Wednesday in Kolkata

    assert complaints(cast, mine, at=late, date="2026-03-11") == {
        "date": ["This day is still to come. A line says what has happened."]
    }
    assert keeping.line(cast.noor, at=late, date="2026-03-11").date.isoformat() == "2026-03-11"


def test_a_line_that_does_not_say_who_may_read_it_is_for_the_pair(cast, mine):
    assert add(cast, mine, visibility="").visibility == Visibility.PAIR


@pytest.mark.parametrize(
    ("changes", "strength"),
    [({}, 3), ({"trace": ""}, 2), ({"who_saw": []}, 2), ({"trace": "", "who_saw": []}, 1), ({"quote": ""}, 3)],
)
def test_strength_is_an_outcome_who_saw_it_and_a_trace(cast, mine, changes, strength):
    assert add(cast, mine, **changes).strength == strength


def test_a_line_is_put_right_and_an_attempt_would_keep_its_copy(cast, mine):
    row = add(cast, mine)
    copy = copies.exported(row)

    changed = evidencing.change_line(
        row, line=LINE | {"factor": "upward"}, by=cast.mina, at=WEEK_2 + timedelta(hours=1)
    )

    assert (changed.factor, changed.written_at, changed.changed_at) == ("upward", WEEK_2, WEEK_2 + timedelta(hours=1))
    assert copy["factor"] == "stakeholder"


def test_a_line_that_is_gone_is_said_to_be(cast, mine):
    row, same = add(cast, mine), LedgerLine.objects.select_related("enrolment").get()
    evidencing.remove_line(row, by=cast.mina, at=WEEK_2)

    for act in (evidencing.remove_line, lambda row, **who: evidencing.change_line(row, line=LINE, **who)):
        with pytest.raises(CannotKeep) as refusal:
            act(same, by=cast.mina, at=WEEK_2)
        assert refusal.value.code == "ledger.gone"


@pytest.mark.parametrize("name", ["noor", "omar", "tomas", "ines", "ada", "lena"])
def test_nobody_writes_in_somebody_elses_ledger(cast, mine, name):
    row, other = add(cast, mine), getattr(cast, name)

    for act in (
        lambda: add(cast, mine, "two", by=other),
        lambda: add(cast, mine, "one", by=other),
        lambda: evidencing.change_line(row, line=LINE, by=other, at=WEEK_2),
        lambda: evidencing.remove_line(row, by=other, at=WEEK_2),
    ):
        with pytest.raises(NotYours):
            act()
    assert LedgerLine.objects.count() == 1


# --- How long it stays open -------------------------------------------------------------------------


def test_it_opens_with_week_2(cast, mine):
    opens = datetime(2026, 3, 9, 7, tzinfo=UTC)

    early = evidencing.write_refusal(mine, by=cast.mina, at=opens - timedelta(seconds=1))
    assert (early.code, evidencing.write_refusal(mine, by=cast.mina, at=opens)) == ("ledger.locked", None)


def test_it_stays_open_for_a_year_after_the_programme_and_when_the_cohort_closes(cast):
    graduated = datetime(2026, 5, 1, 10, tzinfo=UTC)
    mine = keeping.finished(cast.mina, at=graduated)
    Cohort.objects.filter(pk=cast.spring.pk).update(closed_at=graduated)
    mine.cohort.refresh_from_db()
    last = datetime(2027, 5, 2, 4, 59, 59, tzinfo=UTC)  # the end of 1 May in Chicago

    assert evidencing.write_refusal(mine, by=cast.mina, at=last) is None
    over = evidencing.write_refusal(mine, by=cast.mina, at=last + timedelta(seconds=1))
    assert (over.code, str(over.message)) == (
        "record.over",
        "Your year after the programme is over; what you kept stays readable.",
    )


def test_who_left_reads_and_writes_no_more(cast, mine):
    add(cast, mine)
    joining.withdraw(mine, by=cast.ada, at=WEEK_2)
    left = cast.enrolment(cast.mina)

    assert evidencing.write_refusal(left, by=cast.mina, at=WEEK_2).code == "record.left"
    assert len(evidence.of(left).lines) == 1


def test_a_closed_cohort_takes_no_more_lines_of_those_who_were_walking(cast, mine):
    Cohort.objects.filter(pk=cast.spring.pk).update(closed_at=WEEK_2)

    with pytest.raises(CannotKeep) as refusal:
        add(cast, mine)
    assert refusal.value.code == "cohort.closed"


# --- What it comes to ---------------------------------------------------------------------------------


def test_a_ledger_stands_by_factor_with_what_is_missing_and_what_nobody_saw(cast, mine):
    keeping.line(cast.mina, date="2026-03-09")
    keeping.line(cast.mina, date="2026-03-10", who_saw=[])
    keeping.line(cast.mina, date="2026-03-02", factor="influence", who_saw=[], trace="", visibility="private")
    keeping.line(cast.noor)

    ledger = evidence.of(mine)

    assert [(column.factor, column.count, column.strengths) for column in ledger.columns] == [
        ("stakeholder", 2, ((3, 1), (2, 1))), ("influence", 1, ((1, 1),)), ("presence", 0, ()), ("upward", 0, ()),
    ]  # fmt: skip
    assert [column.name for column in ledger.missing] == ["Meeting leadership presence", "Upward communication"]
    assert (len(ledger.unseen), ledger.private) == (2, 1)
    assert [(week.monday.isoformat(), len(week.lines)) for week in evidence.by_week(ledger.lines)] == [
        ("2026-03-09", 2),
        ("2026-03-02", 1),
    ]


def test_only_lines_for_the_pair_can_be_named_and_a_factors_own_come_first(cast, mine):
    older = keeping.line(cast.mina, date="2026-03-01", factor="upward")
    newer = keeping.line(cast.mina, date="2026-03-09")
    keeping.line(cast.mina, visibility="private")

    offered = evidence.choices(mine)

    assert [row.pk for row in offered] == [newer.pk, older.pk]
    assert [row.pk for row in evidence.first_of(offered, "upward")] == [older.pk, newer.pk]


def test_the_names_of_the_factors_are_those_of_the_programme(cast):
    competencies = cast.spring.edition.competencies.filter(scored=True).order_by("rank")

    assert list(competencies.values_list("key", "name")) == list(ledger_fields.FACTORS.items())


# --- What the database holds --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [{"factor": "charm"}, {"visibility": "cohort"}, {"client_key": "one"}],
    ids=["no such factor", "for everybody", "one key twice"],
)
def test_the_database_holds_what_a_line_is(cast, mine, changes):
    row = add(cast, mine)
    row.pk, row.client_key = None, "two"
    for name, content in changes.items():
        setattr(row, name, content)

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_what_every_field_asks_is_kept_and_leaves_with_an_export():
    assert {one.key for one in ledger_fields.fields_of()} | {"written_at"} == set(LedgerLine.EXPORTED)


def test_a_line_nobody_else_may_read_is_in_no_attempt(cast, mine):
    private = add(cast, mine, visibility="private")
    piece = roads.piece(cast.mina)

    assert copies.lines(piece, [private.pk]) == {}
    evidencing.change_line(private, line=LINE, by=cast.mina, at=WEEK_2)
    assert list(copies.lines(piece, [private.pk])) == [private.pk]
