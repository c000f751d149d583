"""Homework from the first word to the hand-in, and back."""

from datetime import timedelta

import pytest

from clients import submitting
from clients.attempts import latest_attempt, standing_attempts
from clients.models import JournalEntry, Submission
from coaching import reviewing
from curriculum.answers import AnswerRejected
from tests import roads
from tests.roads import WEEK_1

HOUR = timedelta(hours=1)


def test_a_draft_is_kept_whatever_it_lacks(cast):
    submission = roads.piece(cast.mina)

    saved = submitting.save_draft(submission, answer={"topic": "Half a"}, revision=0, by=cast.mina, at=WEEK_1)

    assert (saved.draft, saved.draft_revision, saved.draft_saved_at) == ({"topic": "Half a"}, 1, WEEK_1)


def test_a_stale_save_is_refused_and_both_texts_are_kept(cast):
    submission = roads.piece(cast.mina)
    submitting.save_draft(submission, answer={"topic": "From the laptop"}, revision=0, by=cast.mina, at=WEEK_1)

    with pytest.raises(submitting.StaleDraft) as refused:
        submitting.save_draft(submission, answer={"topic": "From the phone"}, revision=0, by=cast.mina, at=WEEK_1)

    assert refused.value.code == "draft.stale"
    assert refused.value.submission.draft == {"topic": "From the laptop"}
    assert refused.value.submission.draft_revision == 1


def test_saving_the_same_text_again_is_no_conflict(cast):
    submission = roads.drafted(cast.mina)

    again = submitting.save_draft(submission, answer=submission.draft, revision=0, by=cast.mina, at=WEEK_1 + HOUR)

    assert again.draft_revision == 1


def test_handing_in_freezes_the_answer_with_the_due_time_in_force(cast):
    attempt = roads.handed_in(cast.mina)

    attempt.refresh_from_db()
    submission = roads.piece(cast.mina)
    assert attempt.answer == roads.ANSWERS["w1-x1"]
    assert attempt.number == 1
    assert attempt.due_at.isoformat() == "2026-03-09T04:59:59+00:00"  # Sunday 23:59:59 in Chicago, on summer time
    assert attempt.is_late is False
    assert attempt.rubric_id == submission.exercise.rubric_id
    assert submission.state == Submission.State.HANDED_IN
    assert submission.handed_in_at == WEEK_1


def test_an_incomplete_answer_is_refused_field_by_field(cast):
    submission = roads.drafted(cast.mina, what="Too short")

    with pytest.raises(AnswerRejected) as refused:
        submitting.hand_in(submission, by=cast.mina, at=WEEK_1)

    assert refused.value.by_field == {"what": ["At least 5 words here; this has 2."]}
    assert roads.piece(cast.mina).state == Submission.State.DRAFT


def test_the_same_click_twice_makes_one_attempt(cast):
    submission = roads.drafted(cast.mina)

    first = submitting.hand_in(submission, client_key="click", by=cast.mina, at=WEEK_1)
    second = submitting.hand_in(submission, client_key="click", by=cast.mina, at=WEEK_1 + HOUR)

    assert first.pk == second.pk
    assert roads.piece(cast.mina).attempts_made == 1


def test_two_tabs_make_one_attempt(cast):
    submission = roads.drafted(cast.mina)
    submitting.hand_in(submission, client_key="one tab", by=cast.mina, at=WEEK_1)

    with pytest.raises(submitting.NotNow) as refused:
        submitting.hand_in(submission, client_key="other tab", by=cast.mina, at=WEEK_1)

    assert refused.value.code == "homework.with_coach"


def test_late_is_strictly_after_the_due_instant_and_accepted(cast):
    due = roads.handed_in(cast.mina).due_at

    on_time = roads.handed_in(cast.noor, at=WEEK_1)
    late = submitting.deadlines.is_late(due + timedelta(microseconds=1), due)

    assert (on_time.is_late, submitting.deadlines.is_late(due, due), late) == (False, False, True)


def test_taking_back_keeps_the_attempt_and_returns_the_text(cast):
    attempt = roads.handed_in(cast.mina)

    submission = submitting.take_back(attempt.submission, by=cast.mina, at=WEEK_1 + HOUR)

    assert (submission.state, submission.attempts_made, submission.draft) == ("draft", 0, roads.ANSWERS["w1-x1"])
    assert list(standing_attempts(submission)) == []
    assert list(submission.attempts.values_list("pk", flat=True)) == [attempt.pk]
    again = submitting.hand_in(submission, by=cast.mina, at=WEEK_1 + 2 * HOUR)
    assert (again.serial, again.number) == (2, 1)


def test_what_a_coach_has_claimed_stays_handed_in(cast):
    submission = roads.claimed(cast.mina, cast.tomas)

    with pytest.raises(submitting.NotNow) as refused:
        submitting.take_back(submission, by=cast.mina, at=WEEK_1 + 2 * HOUR)

    assert refused.value.messages == ["Your coach is reading this one, so it stays handed in."]


def test_nobody_writes_in_somebody_elses_homework(cast):
    submission = roads.piece(cast.mina)

    with pytest.raises(submitting.NotYours):
        submitting.save_draft(submission, answer={"topic": "Mine now"}, revision=0, by=cast.noor, at=WEEK_1)


def test_a_week_that_is_not_open_takes_no_draft(cast):
    submission = roads.piece(cast.mina, "w2-x1")

    with pytest.raises(submitting.NotNow) as refused:
        submitting.save_draft(submission, answer={}, revision=0, by=cast.mina, at=WEEK_1)

    assert refused.value.code == "homework.locked"


def test_the_next_attempt_starts_from_the_last_one(cast):
    feedback = roads.answered(cast.mina, cast.tomas, another=True)
    shown = feedback.shown_from

    submission = submitting.try_again(feedback.attempt.submission, by=cast.mina, at=shown)

    assert (submission.state, submission.draft) == ("draft", roads.ANSWERS["w1-x1"])
    second = submitting.hand_in(
        submission,
        answer=submission.draft | {"when": "Live by 14 October."},
        revision=submission.draft_revision,
        by=cast.mina,
        at=shown + HOUR,
    )
    assert (second.number, latest_attempt(submission).pk) == (2, second.pk)


def test_ten_seconds_long_the_client_sees_nothing_of_a_review(cast):
    feedback = roads.answered(cast.mina, cast.tomas, another=True)
    submission = roads.piece(cast.mina)

    just_before = submission.state_at(feedback.shown_from - timedelta(microseconds=1))

    assert (just_before, submission.state_at(feedback.shown_from)) == ("in_review", "returned")
    with pytest.raises(submitting.NotNow):
        submitting.try_again(submission, by=cast.mina, at=feedback.sent_at + timedelta(seconds=9))


def test_there_is_no_fourth_attempt(cast):
    at = WEEK_1
    for _attempt in range(3):
        submission = roads.piece(cast.mina)
        if submission.state != "draft":
            submission = submitting.try_again(submission, by=cast.mina, at=at)
        else:
            submission = roads.drafted(cast.mina, at=at)
        submitting.hand_in(submission, by=cast.mina, at=at)
        another = _attempt < 2
        reviewing.send_feedback(
            submission, content=roads.content(submission, another=another), by=cast.tomas, at=at + HOUR
        )
        at += timedelta(hours=2)

    with pytest.raises(submitting.NotNow) as refused:
        submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=at)

    assert refused.value.code == "homework.three_attempts"


def test_every_step_is_in_the_journal(cast):
    attempt = roads.handed_in(cast.mina)
    submitting.take_back(attempt.submission, by=cast.mina, at=WEEK_1 + HOUR)

    lines = JournalEntry.objects.filter(subject=f"submission:{attempt.submission_id}")

    assert [(line.actor, line.action) for line in lines] == [("Mina", "handed in"), ("Mina", "took back")]
