"""What a client sees this week: the next thing first, and nothing that costs more in a larger cohort."""

from datetime import UTC, datetime, timedelta

import pytest

from clients import joining, opening, pausing, practising, submitting
from clients.models import Cohort
from coaching import weekboard
from curriculum.models import Lesson
from tests import keeping, roads
from tests.reliability import answers
from tests.roads import BEFORE, WEEK_1, WEEK_2

WEEK_0 = datetime(2026, 2, 25, 10, tzinfo=UTC)
WEEK_4 = datetime(2026, 3, 25, 10, tzinfo=UTC)
WEEK_5 = datetime(2026, 4, 1, 10, tzinfo=UTC)
CHARTER = {"value": "I want to be heard without making a colleague smaller."}


@pytest.fixture
def mina(cast):
    return cast.mina


@pytest.fixture
def lena(cast, tmp_path):
    """Lena, in a cohort that walks an edition of before, with weeks 0 to 2."""
    walking = opening.open_cohort(
        name="Earlier",
        edition=roads.edition_of_before(tmp_path),
        starts_on=roads.STARTS_ON,
        zone="Europe/Berlin",
        by=cast.ada,
        at=BEFORE,
    )
    roads.client(walking, cast.lena)
    return cast.lena


def board(who, at, number=None):
    return weekboard.of(weekboard.enrolment_of(who), number, at=at)


def next_key(who, at):
    upcoming = board(who, at).next
    return upcoming.piece.exercise.key if upcoming.piece else upcoming.lesson.slug


def hand_in_all(who, *keys, at):
    """The pieces, handed in with answers of any kind."""
    given = {
        "w0-intake": None,
        "w0-t0": {"topic": "Fraud checks", "script": "We stop stolen cards."},
        "w0-x1": {"update_kind": "status", "body": "All is well. " * 20, "redacted": True},
        "w0-charter": CHARTER,
        "w1-x1": roads.ANSWERS["w1-x1"],
        "w1-x2": {
            "today": "He does what I ask. " * 4,
            "in_eight_weeks": "He tells me what to ask. " * 4,
            "evidence": [{"sentence": "He tells me", "what_someone_would_see": "He opens the meeting"}],
            "criteria_found": "no",
        },
        "w1-t1": {"topic": "Fraud checks", "script": "We stop.", "self_check": ["what"], "receipt_from": "nobody"},
    }
    for key in keys:
        submitting.hand_in(roads.piece(who, key), answer=given[key], revision=0, by=who, at=at)


def hand_in(who, key, at):
    """One piece with the programme's own example."""
    submitting.hand_in(roads.piece(who, key), answer=answers.answer(key, "own"), revision=0, by=who, at=at)


def read_all(who, week, at):
    enrolment = weekboard.enrolment_of(who)
    for lesson in Lesson.objects.filter(edition=enrolment.cohort.edition, week__number=week).select_related("week"):
        practising.mark_read(enrolment, lesson, read=True, by=who, at=at)


# --- Which week ---------------------------------------------------------------------------------------


def test_before_week_0_opens_the_board_says_when_and_holds_no_work(mina):
    found = board(mina, BEFORE)

    assert (found.week.number, found.phase, found.next) == (0, "locked", None)
    assert (found.pieces, found.lessons, found.minutes_left) == ((), (), 0)
    assert found.opens_at == datetime(2026, 2, 23, 7, tzinfo=UTC)


def test_week_0_holds_the_steps_before_week_1(mina):
    found = board(mina, WEEK_0)

    assert (found.week.number, found.phase) == (0, "open")
    assert [piece.exercise.key for piece in found.pieces] == ["w0-intake", "w0-t0", "w0-x1", "w0-charter"]


def test_the_week_that_is_on_is_shown(mina):
    assert board(mina, WEEK_5).week.number == 5


def test_a_week_the_edition_does_not_have_shows_the_last_one_it_has(lena):
    assert board(lena, WEEK_5).week.number == 2


def test_a_week_that_was_asked_for_and_is_not_there_is_none(lena):
    assert board(lena, WEEK_1, 7) is None


def test_a_week_to_come_opens_nothing(mina):
    found = board(mina, WEEK_1, 2)

    assert (found.phase, found.pieces, found.lessons, found.next) == ("locked", (), (), None)


def test_the_crossing_has_eight_weeks_and_says_what_each_of_them_is(mina):
    states = [(knot.number, knot.state) for knot in board(mina, WEEK_2).crossing]

    assert states == [(1, "open"), (2, "now"), *((number, "locked") for number in range(3, 9))]


def test_a_week_the_edition_does_not_have_is_still_to_come(lena):
    states = [knot.state for knot in board(lena, WEEK_2).crossing]

    assert states == ["open", "now", *["to_come"] * 6]


def test_a_past_week_is_done_once_everything_required_is_handed_in(mina):
    hand_in_all(mina, "w1-x1", "w1-x2", "w1-t1", at=WEEK_1)

    assert board(mina, WEEK_2).crossing[0].state == "done"


def test_weeks_that_are_not_open_yet_are_locked(mina):
    assert [knot.state for knot in board(mina, WEEK_0).crossing] == ["locked"] * 8


# --- What comes next ------------------------------------------------------------------------------------


def test_the_main_exercise_comes_before_translation_and_the_rest(mina):
    assert next_key(mina, WEEK_1) == "w1-x1"


def test_translation_comes_after_the_main_exercise(mina):
    hand_in_all(mina, "w1-x1", at=WEEK_1)

    assert next_key(mina, WEEK_1) == "w0-t0"


def test_an_overdue_main_exercise_comes_before_a_draft_of_this_weeks(mina):
    submitting.save_draft(roads.piece(mina, "w2-x1"), answer={"concern": "Late?"}, revision=0, by=mina, at=WEEK_2)

    assert next_key(mina, WEEK_2) == "w1-x1"


def test_a_returned_piece_comes_before_everything(cast, mina):
    roads.answered(mina, cast.tomas, another=True)

    found = board(mina, WEEK_2).next

    assert (found.piece.exercise.key, found.piece.state) == ("w1-x1", "returned")


def test_what_a_review_decided_is_not_next_before_it_shows(cast, mina):
    feedback = roads.answered(mina, cast.tomas, another=True)

    keys = [next_key(mina, at) for at in (feedback.sent_at, feedback.shown_from)]

    assert keys == ["w0-t0", "w1-x1"]


def test_a_lesson_is_next_when_no_homework_is_open(mina):
    for piece in board(mina, WEEK_1).pieces:
        if piece.exercise.key in ("w1-x1", "w1-x2", "w1-t1"):
            hand_in_all(mina, piece.exercise.key, at=WEEK_1)
    found = board(mina, WEEK_1, 1)

    upcoming = weekboard.next_of(found.pieces, found.lessons)

    assert (upcoming.piece, upcoming.lesson.slug) == (None, "technical-credibility-trap")


def test_a_draft_comes_with_its_own_words_and_the_first_read_of_them(mina):
    roads.drafted(mina)

    found = board(mina, WEEK_1).next

    assert found.excerpt == roads.ANSWERS["w1-x1"]["what"]
    assert found.words > 50
    assert found.first_read is not None


def test_a_week_is_done_when_nothing_in_it_is_open(mina):
    hand_in_all(mina, "w1-x1", "w1-x2", "w1-t1", at=WEEK_1)
    read_all(mina, 1, WEEK_1)

    found = board(mina, WEEK_2, 1)

    assert (found.phase, found.next, found.minutes_left) == ("done", None, 0)
    assert (found.following.number, found.following.opens_at) == (2, datetime(2026, 3, 9, 7, tzinfo=UTC))


# --- What is counted ------------------------------------------------------------------------------------


def week_0_but_counted(who):
    for key in ("w0-intake", "w0-t0", "w0-x1", "w0-charter"):
        hand_in(who, key, at=WEEK_0)


def test_the_baseline_s_counted_steps_stand_among_the_others_in_their_order(mina):
    rows = [row.exercise.key for row in board(mina, WEEK_0).rows]

    assert rows == ["w0-intake", "w0-assessment", "w0-t0", "w0-x1", "w0-log", "w0-charter"]


def test_after_the_steps_that_are_handed_in_come_those_that_are_counted(mina):
    week_0_but_counted(mina)
    first = board(mina, WEEK_0).next.count
    roads.assessed(mina, "a0", at=WEEK_0)
    then = board(mina, WEEK_0).next.count
    for _meeting in range(3):
        roads.logged(mina, date="2026-02-24", at=WEEK_0)

    assert (first.exercise.key, then.exercise.key) == ("w0-assessment", "w0-log")
    assert board(mina, WEEK_0).phase == "done"


def test_in_a_taught_week_what_is_counted_comes_after_homework_and_before_lessons(mina):
    found = board(mina, WEEK_4, 4)

    with_all = weekboard.next_of([*found.counted, *found.pieces], found.lessons)
    translated = weekboard.next_of([*found.counted, found.pieces[-1]], found.lessons)
    counted_only = weekboard.next_of(found.counted, found.lessons)
    nothing = weekboard.next_of([], found.lessons)

    assert with_all.piece.exercise.key == "w4-x1"
    assert translated.piece.exercise.key == "w4-t4"
    assert counted_only.count.exercise.key == "w4-log"
    assert nothing.lesson == found.lessons[0].lesson


def test_what_is_counted_of_earlier_weeks_is_carried_until_it_is_done(mina):
    before = [row.exercise.key for row in board(mina, WEEK_1).counted_before]
    for _meeting in range(3):
        roads.logged(mina, date="2026-02-24", at=WEEK_1)

    assert before == ["w0-assessment", "w0-log"]
    assert [row.exercise.key for row in board(mina, WEEK_1).counted_before] == ["w0-assessment"]
    assert board(mina, WEEK_1, 0).counted_before == ()


def test_minutes_left_are_also_those_of_what_is_counted(mina):
    before = board(mina, WEEK_1).minutes_left
    roads.logged(mina, date="2026-02-24", at=WEEK_1)
    after_one = board(mina, WEEK_1).minutes_left
    roads.assessed(mina, "a0", at=WEEK_1)

    assert (before - after_one, after_one - board(mina, WEEK_1).minutes_left) == (2, 12)


def test_a_past_week_stays_open_while_something_counted_is_missing(mina):
    states = [board(mina, WEEK_5).crossing[3].state]
    for key in ("w4-x1", "w4-t4"):
        hand_in(mina, key, at=WEEK_4)
    roads.assessed(mina, "a4", at=WEEK_4)
    states.append(board(mina, WEEK_5).crossing[3].state)
    for _meeting in range(3):
        roads.logged(mina, date="2026-03-24", at=WEEK_4)
    states.append(board(mina, WEEK_5).crossing[3].state)

    assert states == ["open", "open", "done"]


def test_the_line_of_this_week_is_the_last_one_of_its_days(mina):
    keeping.line(mina, date="2026-03-08")
    before = board(mina, WEEK_2).line
    keeping.line(mina, date="2026-03-09", what="The first line of this very week.")
    last = keeping.line(mina, date="2026-03-10")

    assert (before, board(mina, WEEK_2).line) == (None, last)
    assert board(mina, WEEK_2, 1).line is None


def test_the_ledger_is_kept_from_week_2_on(mina):
    assert [board(mina, at).keeps_ledger for at in (WEEK_1, WEEK_2)] == [False, True]


@pytest.mark.parametrize("end", ["left", "closed", "finished"])
def test_where_the_programme_is_over_nothing_is_asked_any_more(cast, mina, end):
    if end == "left":
        joining.withdraw(cast.enrolment(mina), by=cast.ada, at=WEEK_1)
    elif end == "closed":
        Cohort.objects.filter(pk=cast.spring.pk).update(closed_at=WEEK_1)
    else:
        keeping.finished(mina, at=WEEK_1)

    found = board(mina, WEEK_1)

    assert (found.phase, found.next, found.minutes_left) == ("over", None, 0)
    assert [row.exercise.key for row in found.rows] == ["w1-x1", "w1-x2", "w1-t1"]


# --- Around it ------------------------------------------------------------------------------------------


def test_minutes_left_are_those_of_what_is_open(mina):
    before = board(mina, WEEK_1)
    hand_in_all(mina, "w1-x1", at=WEEK_1)
    lesson = before.lessons[0].lesson
    practising.mark_read(weekboard.enrolment_of(mina), lesson, read=True, by=mina, at=WEEK_1)

    after = board(mina, WEEK_1)

    assert before.minutes_left - after.minutes_left == 40 + lesson.minutes


def test_open_pieces_of_earlier_weeks_are_carried_on_the_current_week_only(mina):
    carried = [piece.exercise.key for piece in board(mina, WEEK_2).carried]

    assert carried == ["w0-intake", "w0-t0", "w0-x1", "w0-charter", "w1-x1", "w1-x2", "w1-t1"]
    assert board(mina, WEEK_2, 1).carried == ()


def test_the_charter_line_is_there_once_it_is_handed_in(mina):
    submitting.save_draft(roads.piece(mina, "w0-charter"), answer=CHARTER, revision=0, by=mina, at=WEEK_0)
    drafted = board(mina, WEEK_0).charter
    submitting.hand_in(roads.piece(mina, "w0-charter"), by=mina, at=WEEK_0)

    assert (drafted, board(mina, WEEK_1).charter) == ("", CHARTER["value"])


def test_the_last_feedback_shows_from_the_second_it_may(cast, mina):
    feedback = roads.answered(mina, cast.tomas)

    before, after = (board(mina, at).feedback for at in (feedback.sent_at, feedback.shown_from))

    assert (before, after) == (None, feedback)


def test_nobody_sees_the_feedback_of_somebody_else(cast, mina):
    roads.answered(cast.noor, cast.tomas)

    assert board(mina, WEEK_2).feedback is None


def test_a_paused_cohort_moves_what_is_still_to_come(cast, mina):
    before = board(mina, WEEK_1).due_at
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)

    after = board(mina, WEEK_1 + timedelta(days=3)).due_at

    assert after - before == timedelta(days=3)


# --- Whose week -----------------------------------------------------------------------------------------


def test_without_a_name_it_is_the_latest_active_enrolment(cast, mina):
    roads.client(cast.autumn, mina, at=WEEK_1)
    latest = weekboard.enrolment_of(mina).cohort
    joining.withdraw(weekboard.enrolment_of(mina, "autumn"), by=mina, at=WEEK_1)

    assert (latest, weekboard.enrolment_of(mina).cohort) == (cast.autumn, cast.spring)


def test_a_cohort_is_found_by_its_name_and_only_by_whoever_is_in_it(cast, mina):
    assert weekboard.enrolment_of(mina, "spring").cohort == cast.spring
    assert weekboard.enrolment_of(mina, "autumn") is None
    assert weekboard.enrolment_of(cast.lena) is None


def test_one_coach_is_named_and_several_are_not(cast, mina):
    alone = weekboard.coach_of(weekboard.enrolment_of(mina))
    roads.coach(cast.spring, cast.ines)

    assert (alone, weekboard.coach_of(weekboard.enrolment_of(mina))) == ("Tomas", "")


# --- What it costs --------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 3, 50])
def test_the_board_costs_the_same_whatever_the_size_of_the_cohort(cast, mina, people, django_assert_num_queries):
    for number in range(people):
        other = roads.person(f"Client{number}")
        roads.client(cast.spring, other)
        if number < 3:
            roads.handed_in(other)
    roads.answered(mina, cast.tomas)
    board(mina, WEEK_2)  # what is frozen with the edition is read once a process

    with django_assert_num_queries(4):
        board(mina, WEEK_2)
