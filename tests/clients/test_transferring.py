"""Changing the cohort: what was begun comes along by its key, what has no place stays, and it can be undone."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from clients import deadlines, excusing, holding, joining, practising, submitting, transferring, transfers
from clients.models import Attempt, Cohort, Enrolment, JournalEntry, LessonReading, Submission, Transfer
from clients.transferring import NotThere
from curriculum import importing, publishing
from curriculum.models import Exercise, Lesson
from tests import roads
from tests.roads import BEFORE, WEEK_1, WEEK_2

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
State = Enrolment.State


@pytest.fixture
def later(cast):
    """A cohort of the same edition that starts three weeks later."""
    return roads.cohort("Later", by=cast.ada, starts_on=date(2026, 3, 23))


@pytest.fixture
def short(cast, tmp_path):
    """A cohort of an edition that has the first three weeks only."""
    edition = roads.edition_of_before(tmp_path)
    found = roads.cohort("Short", by=cast.ada)
    Cohort.objects.filter(pk=found.pk).update(edition=edition)
    return Cohort.objects.get(pk=found.pk)


def moved(cast, to, at=WEEK_1, **more):
    return transferring.transfer(cast.spring.enrolments.get(client=cast.mina), to, by=cast.ada, at=at, **more)


def enrolment(cohort, who):
    return deadlines.with_calendar(Enrolment.objects.all()).get(cohort=cohort, client=who)


def keys_begun(found):
    return [piece.exercise.key for piece in transfers.begun(found)]


# --- Going ------------------------------------------------------------------------------------------


def test_the_old_enrolment_is_transferred_and_leads_to_the_new_one(cast, later):
    made = moved(cast, later, reason="A longer leave")

    old, new = enrolment(cast.spring, cast.mina), enrolment(later, cast.mina)
    assert (old.state, old.left_at, old.went_on_in) == (State.TRANSFERRED, WEEK_1, new)
    assert (new.state, new.joined_at, new.left_at) == (State.ACTIVE, WEEK_1, None)
    assert (made.left, made.entered, made.reason, made.undone_at) == (old, new, "A longer leave", None)
    assert JournalEntry.objects.get(action="transferred").note == "to Later. A longer leave"
    assert enrolment(cast.spring, cast.noor).state == State.ACTIVE


def test_finished_work_comes_along_with_its_attempts_and_everything_else_is_asked_there(cast, later):
    attempt = roads.answered(cast.mina, cast.tomas, at=WEEK_1).attempt
    piece = roads.drafted(cast.mina, "w5-x1", at=roads.WEEK_5)
    frozen = Attempt.objects.values().get(pk=attempt.pk)

    moved(cast, later, at=roads.WEEK_5)

    new = enrolment(later, cast.mina)
    assert keys_begun(new) == ["w1-x1", "w5-x1"]
    assert keys_begun(enrolment(cast.spring, cast.mina)) == []
    assert new.submissions.count() == Exercise.objects.offered().filter(edition=later.edition).count()
    assert new.submissions.get(exercise__key="w1-x1").state == Submission.State.ACCEPTED
    assert Submission.objects.get(pk=piece.pk).draft == piece.draft
    assert Attempt.objects.values().get(pk=attempt.pk) == frozen
    assert keys_begun(enrolment(cast.spring, cast.noor)) == []


def test_what_is_still_to_come_has_the_dates_of_the_other_cohort(cast, later):
    before = deadlines.week_due_at(enrolment(cast.spring, cast.mina), 5, at=WEEK_1)

    moved(cast, later)

    after = deadlines.week_due_at(enrolment(later, cast.mina), 5, at=WEEK_1)
    assert after - before == timedelta(days=21)


def test_whatever_was_due_there_already_has_the_seven_days_of_whoever_joins_late(cast, later):
    old = roads.client(later, cast.lena)

    transferring.transfer(old, cast.spring, by=cast.ada, at=roads.WEEK_6)

    due = deadlines.week_due_at(enrolment(cast.spring, cast.lena), 1, at=roads.WEEK_6)
    assert due.date() == (roads.WEEK_6 + 7 * DAY).date()


def test_meetings_ledger_ratings_and_what_was_read_come_along(cast, later):
    roads.logged(cast.mina)
    roads.assessed(cast.mina, at=WEEK_1)
    lesson = Lesson.objects.filter(edition=later.edition, week__number=1).first()
    practising.mark_read(enrolment(cast.spring, cast.mina), lesson, read=True, by=cast.mina, at=WEEK_1)

    moved(cast, later)

    old, new = enrolment(cast.spring, cast.mina), enrolment(later, cast.mina)
    assert [rows.count() for rows in (old.meetings, old.assessments, old.lesson_readings)] == [0, 0, 0]
    assert [rows.count() for rows in (new.meetings, new.assessments, new.lesson_readings)] == [1, 1, 1]


def test_whoever_has_accepted_the_agreement_is_not_asked_again(cast, later):
    moved(cast, later)

    there = enrolment(later, cast.mina)
    assert there.has_accepted
    assert there.acceptances.get().accepted_at == BEFORE


def test_what_is_excused_is_excused_there_and_a_hold_ends(cast, later):
    exercise = roads.piece(cast.mina).exercise
    excusing.excuse(enrolment(cast.spring, cast.mina), exercise, reason="On leave", by=cast.tomas, at=WEEK_1)
    holding.hold(enrolment(cast.spring, cast.mina), by=cast.tomas, at=WEEK_1)

    moved(cast, later, at=WEEK_1 + HOUR)

    new = enrolment(later, cast.mina)
    assert deadlines.is_excused(new, exercise)
    assert not new.is_on_hold
    assert enrolment(cast.spring, cast.mina).holds.get().ended_at == WEEK_1 + HOUR


def test_pieces_are_found_by_key_in_another_edition_and_what_has_no_place_stays(cast, short):
    roads.answered(cast.mina, cast.tomas, at=WEEK_1)
    roads.handed_in(cast.mina, "w5-x1", at=roads.WEEK_5)

    moved(cast, short, at=roads.WEEK_5)

    old, new = enrolment(cast.spring, cast.mina), enrolment(short, cast.mina)
    assert (keys_begun(old), keys_begun(new)) == (["w5-x1"], ["w1-x1"])
    piece = new.submissions.get(exercise__key="w1-x1")
    assert piece.exercise.edition == short.edition
    assert piece.attempts.get().edition == cast.spring.edition


def test_a_piece_whose_form_changed_stays_and_is_not_asked_for_twice(cast, tmp_path):
    draft = importing.import_edition(roads.copy_of_content(tmp_path / "other", version="9"))
    asked = draft.exercises.get(key="w1-x1")
    draft.exercises.filter(pk=asked.pk).update(fields=[one for one in asked.fields if one["key"] != "left_out"])
    other = roads.cohort("Other", by=cast.ada)
    edition = publishing.publish(draft, signed_by="Ruth", at=WEEK_1)
    Cohort.objects.filter(pk=other.pk).update(edition=edition)
    Submission.objects.filter(enrolment__cohort=other).delete()
    roads.answered(cast.mina, cast.tomas, at=WEEK_1)

    moved(cast, Cohort.objects.get(pk=other.pk))

    new = enrolment(other, cast.mina)
    assert keys_begun(enrolment(cast.spring, cast.mina)) == ["w1-x1"]
    assert keys_begun(new) == []
    there = Exercise.objects.get(edition=edition, key="w1-x1")
    assert deadlines.excused_because(new, there) == "Done in Spring, before the change of cohort."


def test_whoever_went_on_counts_as_having_left_and_may_hand_in_there_alone(cast, later):
    moved(cast, later)
    old = enrolment(cast.spring, cast.mina).submissions.first()

    with pytest.raises(submitting.NotNow) as refusal:
        submitting.save_draft(old, answer={}, revision=None, by=cast.mina, at=WEEK_1)

    assert refusal.value.message == "You go on in another cohort; what you handed in here stays readable."
    with pytest.raises(joining.CannotJoin, match="Mina goes on in Later"):
        joining.withdraw(enrolment(cast.spring, cast.mina), by=cast.ada, at=WEEK_1)


# --- Undoing ----------------------------------------------------------------------------------------


def test_undoing_brings_back_what_came_along_and_what_was_begun_since(cast, later):
    roads.answered(cast.mina, cast.tomas, at=WEEK_1)
    made = moved(cast, later, at=WEEK_2)
    since = WEEK_2 + 8 * DAY
    there = enrolment(later, cast.mina)
    practising.log_meeting(
        there, entry=roads.ENTRY | {"date": "2026-03-19"}, client_key="since", by=cast.mina, at=since
    )

    transferring.undo(made, by=cast.ada, at=since + DAY)

    old, new = enrolment(cast.spring, cast.mina), enrolment(later, cast.mina)
    assert (old.state, old.left_at, old.went_on_in, old.joined_at) == (State.ACTIVE, None, None, BEFORE)
    assert (new.state, new.left_at, new.went_on_in) == (State.TRANSFERRED, since + DAY, old)
    assert (keys_begun(old), keys_begun(new)) == (["w1-x1"], [])
    assert (old.meetings.count(), new.meetings.count()) == (1, 0)
    made.refresh_from_db()
    assert (made.undone_at, made.undone_by) == (since + DAY, cast.ada)


def test_undoing_is_possible_to_the_last_second_of_fourteen_days(cast, later):
    made = moved(cast, later)
    end = WEEK_1 + 14 * DAY

    assert transferring.undo_refusal(made, at=end) is None
    assert transferring.undo_refusal(made, at=end + timedelta(seconds=1)).code == "transfer.settled"


def test_once_something_is_handed_in_there_they_stay_and_taking_it_back_opens_the_way(cast, later):
    made = moved(cast, later, at=WEEK_1)
    attempt = roads.handed_in_at(later, cast.mina, at=roads.WEEK_5)
    made = Transfer.objects.select_related("left__cohort", "left__client", "entered__cohort").get(pk=made.pk)
    close = WEEK_1 + DAY

    assert transferring.undo_refusal(made, at=close).code == "transfer.handed_in"
    submitting.take_back(attempt.submission, by=cast.mina, at=roads.WEEK_5)
    assert transferring.undo_refusal(made, at=close) is None


def test_a_hold_that_ended_with_the_change_goes_on_after_undoing(cast, later):
    holding.hold(enrolment(cast.spring, cast.mina), by=cast.tomas, at=WEEK_1)
    made = moved(cast, later, at=WEEK_1 + HOUR)

    transferring.undo(made, by=cast.ada, at=WEEK_1 + 2 * HOUR)

    assert enrolment(cast.spring, cast.mina).is_on_hold


def test_after_undoing_one_can_go_there_again(cast, later):
    transferring.undo(moved(cast, later), by=cast.ada, at=WEEK_1 + HOUR)

    again = moved(cast, later, at=WEEK_1 + DAY)

    new = enrolment(later, cast.mina)
    assert (again.entered, new.state, new.joined_at) == (new, State.ACTIVE, WEEK_1 + DAY)
    with pytest.raises(NotThere, match="is in Later already"):
        transferring.transfer(new, later, by=cast.ada, at=WEEK_2)


# --- What the database holds --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"state": "transferred"}, "left_at_says_when_an_enrolment_ended"),
        ({"state": "transferred", "left_at": WEEK_1}, "who_is_transferred_goes_on_somewhere"),
        ({"state": "transferred", "left_at": WEEK_1, "went_on_in": "itself"}, "nobody_goes_on_where_they_left"),
        ({"went_on_in": "itself"}, "who_is_transferred_goes_on_somewhere|nobody_goes_on_where_they_left"),
    ],
)
def test_nobody_is_transferred_to_nowhere(cast, changes, rule):
    found = enrolment(cast.spring, cast.mina)
    if changes.get("went_on_in") == "itself":
        changes = changes | {"went_on_in": found}

    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Enrolment.objects.filter(pk=found.pk).update(**changes)


def test_a_transfer_leads_elsewhere_and_is_undone_within_two_weeks_by_somebody(cast, later):
    made = moved(cast, later)
    rows = Transfer.objects.filter(pk=made.pk)
    late = {"undone_at": WEEK_1 + 15 * DAY, "undone_by": cast.ada}

    for wrong in (
        late,
        {"undone_at": WEEK_1},
        {"undone_by": cast.ada},
        {"undone_at": WEEK_1 - DAY, "undone_by": cast.ada},
    ):
        with pytest.raises(IntegrityError, match="a_transfer_is_undone_within_two_weeks"), transaction.atomic():
            rows.update(**wrong)
    with pytest.raises(IntegrityError, match="a_transfer_leads_elsewhere"), transaction.atomic():
        rows.update(entered=made.left)


def test_readings_of_a_lesson_that_is_there_twice_stay_single(cast, later):
    lesson = Lesson.objects.filter(edition=later.edition, week__number=1).first()
    practising.mark_read(enrolment(cast.spring, cast.mina), lesson, read=True, by=cast.mina, at=WEEK_1)
    moved(cast, later)

    assert LessonReading.objects.get(enrolment__client=cast.mina).enrolment.cohort == later
