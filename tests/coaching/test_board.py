"""The cohort board: clients by weeks, at one instant."""

from datetime import UTC, datetime, timedelta

import pytest

from clients import choosing, joining, pausing, practising, submitting
from coaching import asked, reviewing, walkers
from coaching import board as boards
from coaching.board import Cell, board
from coaching.promises import PROMISE
from tests import roads
from tests.roads import WEEK_1, WEEK_2

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK_0 = WEEK_1 - 7 * DAY
BEFORE_WEEK_0 = datetime(2026, 2, 22, 9, tzinfo=UTC)  # the Sunday before it opens

BASELINE = {
    "w0-charter": {"value": "I want to be heard without making anybody smaller."},
    "w0-x1": {"update_kind": "status", "body": "The migration is going well so far. " * 8, "redacted": True},
    "w0-intake": {
        "role": "I look after the payment systems of a shoe shop",
        "years_in_role": 3,
        "target_role": "team_lead",
        "time_zone": "Chicago",
        "languages": "Spanish, English",
        "manager_cadence": "weekly",
        "meeting": "The weekly release review",
    },
}
TRANSLATION = {
    "topic": "Fraud checks at checkout",
    "script": "We refuse fewer good customers from October on.",
    "self_check": ["what"],
    "receipt_from": "nobody",
}


def hand_in(who, key, answer, at):
    piece = roads.piece(who, key)
    submitting.save_draft(piece, answer=answer, revision=piece.draft_revision, by=who, at=at)
    return submitting.hand_in(piece, by=who, at=at)


def seen(cast, *, at, levels=True, page=1):
    return board(cast.spring, at=at, levels=levels, page=page)


def cell(found, name, week):
    (row,) = [row for row in found.rows if row.name == name]
    return row.cells[[column.number for column in found.columns].index(week)]


def people(cohort, count):
    for number in range(count):
        person = roads.person(f"Person{number:03}", ("Asia/Tokyo", "America/Chicago")[number % 2])
        roads.client(cohort, person)
        roads.handed_in(person)


# --- States ---------------------------------------------------------------------------------------------


def test_the_columns_are_the_weeks_of_the_edition_that_have_work_in_them(cast):
    found = seen(cast, at=WEEK_1)

    assert [(one.number, one.title, one.is_open, one.is_now) for one in found.columns] == [
        (0, "Start", True, False),
        (1, "The trap", True, True),
        (2, "Translated", False, False),
        (3, "Speak first", False, False),
        (4, "Still you", False, False),
        (5, "The rewrite", False, False),
        (6, "First page", False, False),
        (7, "The 1:1", False, False),
        (8, "The case", False, False),
    ]


def test_rows_are_the_clients_by_name_and_those_who_left_are_gone(cast):
    joining.withdraw(cast.enrolment(cast.noor), by=cast.ada, at=WEEK_1)

    assert [row.name for row in seen(cast, at=WEEK_1).rows] == ["Mina"]


def test_a_week_that_is_not_open_is_locked(cast):
    assert cell(seen(cast, at=WEEK_1), "Mina", 2) == Cell("locked", translation=False)


def test_a_piece_is_open_then_a_draft(cast):
    before = seen(cast, at=WEEK_1)
    roads.drafted(cast.mina)

    assert (cell(before, "Mina", 1).state, cell(seen(cast, at=WEEK_1), "Mina", 1).state) == ("open", "draft")


def test_what_waits_counts_the_minutes_left_and_what_is_over_below_nought(cast):
    piece = roads.handed_in(cast.mina).submission

    after_an_hour, too_late = seen(cast, at=WEEK_1 + HOUR), seen(cast, at=WEEK_1 + PROMISE + 2 * HOUR)

    assert cell(after_an_hour, "Mina", 1) == Cell("handed_in", piece.pk, minutes=71 * 60, translation=False)
    assert cell(too_late, "Mina", 1).minutes == -2 * 60


def test_a_piece_in_review_says_who_has_it(cast):
    piece = roads.claimed(cast.mina, cast.tomas)

    found = cell(seen(cast, at=WEEK_1 + HOUR), "Mina", 1)

    assert found == Cell("in_review", piece.pk, minutes=71 * 60, reader="Tomas", translation=False)


def test_the_claim_on_an_earlier_attempt_is_not_who_has_it_now(cast):
    roads.coach(cast.spring, cast.ines)
    roads.answered(cast.mina, cast.ines, another=True)
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_2)
    roads.claimed(cast.mina, cast.tomas, at=WEEK_2)

    assert cell(seen(cast, at=WEEK_2 + HOUR), "Mina", 1).reader == "Tomas"


def test_an_accepted_piece_shows_the_mean_of_its_last_attempt(cast):
    roads.answered(cast.mina, cast.tomas, another=True, level=1)
    returned = seen(cast, at=WEEK_1 + 3 * HOUR)
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_1 + 4 * HOUR)
    drafted = seen(cast, at=WEEK_1 + 4 * HOUR)
    roads.answered(cast.mina, cast.tomas, at=WEEK_1 + 5 * HOUR, level=4)

    states = [cell(found, "Mina", 1) for found in (returned, drafted, seen(cast, at=WEEK_1 + 8 * HOUR))]

    assert [(one.state, one.mean) for one in states] == [("returned", None), ("draft", None), ("accepted", 4.0)]


def test_a_coach_sees_what_was_decided_at_once(cast):
    feedback = roads.answered(cast.mina, cast.tomas)

    assert cell(seen(cast, at=feedback.sent_at), "Mina", 1).state == "accepted"


def test_what_was_undone_is_in_review_again(cast):
    feedback = roads.answered(cast.mina, cast.tomas)
    reviewing.undo_feedback(feedback, by=cast.tomas, at=feedback.sent_at)

    assert cell(seen(cast, at=feedback.sent_at), "Mina", 1).state == "in_review"


def test_the_mean_has_one_decimal_place(cast):
    piece = roads.claimed(cast.mina, cast.tomas)
    keys = list(roads.content(piece)["levels"])
    levels = dict(zip(keys, (4, 3, 3, 3, 3), strict=True))
    content = roads.content(piece) | {"levels": levels}
    reviewing.send_feedback(piece, content=content, by=cast.tomas, at=WEEK_1 + 2 * HOUR)

    assert cell(seen(cast, at=WEEK_1 + 3 * HOUR), "Mina", 1).mean == 3.2


# --- Late -----------------------------------------------------------------------------------------------


def test_a_piece_is_late_strictly_after_its_due_time_and_days_begun_are_counted(cast):
    # Mina lives in Chicago: due on Monday 9 March at 04:59:59 UTC, an hour after the clocks changed there.
    due = datetime(2026, 3, 9, 4, 59, 59, tzinfo=UTC)

    days = [
        cell(seen(cast, at=due + later), "Mina", 1).late_days
        for later in (timedelta(), timedelta(seconds=1), DAY - timedelta(seconds=1), DAY, 9 * DAY)
    ]

    assert days == [0, 1, 1, 2, 10]


def test_everybody_is_late_by_their_own_clock(cast):
    # Monday 00:00 in Kolkata is still Sunday in Chicago.
    at = datetime(2026, 3, 8, 18, 30, tzinfo=UTC)

    found = seen(cast, at=at)

    assert (cell(found, "Noor", 1).state, cell(found, "Mina", 1).state) == ("late", "open")


def test_a_started_draft_is_late_too_and_a_late_hand_in_only_waits(cast):
    roads.drafted(cast.noor)
    roads.handed_in(cast.mina, at=WEEK_2)

    found = seen(cast, at=WEEK_2 + HOUR)

    assert (cell(found, "Noor", 1).state, cell(found, "Mina", 1).state) == ("late", "handed_in")


def test_a_change_of_zone_moves_only_what_is_still_to_come(cast):
    at = datetime(2026, 3, 9, 1, tzinfo=UTC)
    late_in_kolkata = cell(seen(cast, at=at), "Noor", 1).state
    choosing.choose(cast.noor, zone="America/Chicago", at=WEEK_1)

    assert (late_in_kolkata, cell(seen(cast, at=at), "Noor", 1).state) == ("late", "open")


def test_a_pause_moves_what_is_late(cast):
    at = WEEK_1 + 9 * DAY
    before = cell(seen(cast, at=at), "Mina", 1).state
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1, reason="holidays")
    pausing.resume(cast.spring, by=cast.ada, at=WEEK_1 + 7 * DAY)

    assert (before, cell(seen(cast, at=at), "Mina", 1).state) == ("late", "open")


# --- Week 0, translation ----------------------------------------------------------------------------------


def test_week_0_is_done_when_every_required_piece_is_in(cast):
    cells = []
    for key, answer in BASELINE.items():
        hand_in(cast.mina, key, answer, WEEK_0)
        cells.append(cell(seen(cast, at=WEEK_0), "Mina", 0))

    assert [(one.state, one.parts) for one in cells] == [("draft", (1, 5)), ("draft", (2, 5)), ("draft", (3, 5))]


def test_week_0_is_not_done_before_its_meetings_are_logged_and_its_assessment_is_finished(cast):
    for key, answer in BASELINE.items():
        hand_in(cast.mina, key, answer, WEEK_0)
    cells = []
    for step in (
        lambda: [roads.logged(cast.mina, at=WEEK_0, date="2026-02-24") for _meeting in range(2)],
        lambda: roads.logged(cast.mina, at=WEEK_0, date="2026-02-25"),
        lambda: roads.rated(cast.mina, "a0", at=WEEK_0),
        lambda: roads.assessed(cast.mina, "a0", at=WEEK_0),
    ):
        step()
        cells.append(cell(seen(cast, at=WEEK_0), "Mina", 0))

    assert [(one.state, one.parts) for one in cells] == [
        ("draft", (3, 5)), ("draft", (4, 5)), ("draft", (4, 5)), ("done", (5, 5)),
    ]  # fmt: skip


def test_a_meeting_of_week_1_is_not_one_of_week_0(cast):
    for key, answer in BASELINE.items():
        hand_in(cast.mina, key, answer, WEEK_0)
    roads.assessed(cast.mina, "a0", at=WEEK_0)
    for day in ("2026-02-27", "2026-03-01", "2026-03-02"):
        roads.logged(cast.mina, at=WEEK_1, date=day)

    assert cell(seen(cast, at=WEEK_1), "Mina", 0).parts == (4, 5)


def test_who_has_only_logged_a_meeting_has_begun(cast):
    roads.logged(cast.mina, at=WEEK_0, date="2026-02-24")

    found = seen(cast, at=WEEK_0)

    assert (cell(found, "Mina", 0).state, cell(found, "Noor", 0).state) == ("draft", "open")


def test_the_baseline_links_to_the_piece_that_waits(cast):
    first = hand_in(cast.mina, "w0-charter", BASELINE["w0-charter"], WEEK_0).submission
    second = hand_in(cast.mina, "w0-x1", BASELINE["w0-x1"], WEEK_0).submission
    content = {"keep": "That you name it.", "try_next": "Keep it in sight."}
    reviewing.send_feedback(first, content=content, by=cast.tomas, at=WEEK_0 + HOUR)

    assert cell(seen(cast, at=WEEK_0 + 2 * HOUR), "Mina", 0).submission == second.pk


def test_a_translation_that_is_in_is_marked_beside_the_main_piece(cast):
    hand_in(cast.mina, "w1-t1", TRANSLATION, WEEK_1)

    found = seen(cast, at=WEEK_1)

    assert [cell(found, name, 1).translation for name in ("Mina", "Noor")] == [True, False]
    assert cell(found, "Mina", 0).translation is None


# --- Facts ------------------------------------------------------------------------------------------------


def test_the_facts_say_what_waits_longest_and_what_to_take_first(cast):
    roads.claimed(cast.mina, cast.tomas, at=WEEK_1)
    noors = roads.handed_in(cast.noor, at=WEEK_1 + HOUR).submission

    facts = seen(cast, at=WEEK_1 + 3 * HOUR).facts

    assert (facts.clients, facts.to_review, facts.longest_wait) == (2, 2, 3 * HOUR)
    assert (facts.first, facts.first_promised_at) == (noors.pk, WEEK_1 + HOUR + PROMISE)


def test_every_piece_that_waits_is_counted_also_those_no_column_shows(cast):
    hand_in(cast.mina, "w1-t1", TRANSLATION, WEEK_1)
    hand_in(cast.mina, "w0-charter", BASELINE["w0-charter"], WEEK_1)

    assert seen(cast, at=WEEK_1).facts.to_review == 2


def test_late_pieces_are_counted_with_their_people(cast):
    facts = seen(cast, at=WEEK_2 + DAY).facts

    assert (facts.late, facts.late_clients) == (4, 2)


def test_a_quiet_board_has_nothing_to_say(cast):
    facts = seen(cast, at=BEFORE_WEEK_0).facts

    assert facts == boards.Facts(clients=2)


def test_the_head_counts_who_has_handed_in(cast):
    roads.answered(cast.mina, cast.tomas)
    for key, answer in BASELINE.items():
        hand_in(cast.noor, key, answer, WEEK_1)
    roads.assessed(cast.noor, "a0", at=WEEK_1)
    for _meeting in range(3):
        roads.logged(cast.noor, date="2026-02-24")

    assert [column.handed_in for column in seen(cast, at=WEEK_1 + 3 * HOUR).columns] == [1, 1, *[0] * 7]


def test_before_week_0_no_week_is_the_current_one(cast):
    found = seen(cast, at=BEFORE_WEEK_0)

    assert (found.week, {column.is_now for column in found.columns}) == (None, {False})


def test_the_last_time_somebody_was_here_is_on_their_row(cast):
    practising.seen(cast.enrolment(cast.mina), at=WEEK_1)

    assert [row.seen_at for row in seen(cast, at=WEEK_1 + HOUR).rows] == [WEEK_1, None]


# --- An admin's board, windows, queries --------------------------------------------------------------------


def test_an_admin_s_board_has_states_and_times_and_no_level_or_name_of_a_reader(cast):
    roads.answered(cast.mina, cast.tomas)
    roads.claimed(cast.noor, cast.tomas)

    found = seen(cast, at=WEEK_1 + 3 * HOUR, levels=False)

    assert (cell(found, "Mina", 1).state, cell(found, "Mina", 1).mean) == ("done", None)
    assert (cell(found, "Noor", 1).state, cell(found, "Noor", 1).reader) == ("in_review", "")


def test_a_large_cohort_is_shown_in_windows_and_nobody_is_left_out(cast, monkeypatch):
    monkeypatch.setattr(walkers, "WHOLE", 4)
    for module in (walkers, boards):
        monkeypatch.setattr(module, "WINDOW", 3)
    people(cast.spring, 5)

    windows = [seen(cast, at=WEEK_1, page=page) for page in (1, 2, 3)]

    assert [(len(one.rows), one.offset, one.has_more) for one in windows] == [(3, 0, True), (3, 3, True), (1, 6, False)]
    assert [row for one in windows for row in one.rows] == list(seen(cast, at=WEEK_1, page=None).rows)
    assert [one.facts.to_review for one in windows] == [1, 3, 1]


def test_a_cohort_that_fits_is_shown_whole(cast):
    people(cast.spring, 3)

    found = seen(cast, at=WEEK_1)

    assert (len(found.rows), found.is_window, found.has_more) == (5, False, False)


@pytest.mark.parametrize(("levels", "queries"), [(True, 7), (False, 6)])
@pytest.mark.parametrize("count", [1, 3, 12, 60])
def test_the_board_takes_a_fixed_number_of_queries(cast, django_assert_num_queries, levels, queries, count):
    cohort = roads.cohort(f"Of {count}")
    roads.coach(cohort, cast.tomas)
    people(cohort, count)
    asked.of(cohort.edition_id)  # frozen with the edition, so read once a process

    with django_assert_num_queries(queries):
        found = board(cohort, at=WEEK_1, levels=levels)

    assert len(found.rows) == count
