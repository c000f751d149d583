"""Claiming, writing, sending and undoing feedback."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from clients import submitting
from clients.models import JournalEntry, Message
from coaching import feedbacks, reviewing
from coaching.models import Claim, Feedback, FeedbackDraft
from tests import roads
from tests.roads import WEEK_1, WEEK_4, WEEK_5

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def colleague(cast):
    """A second coach of the spring cohort."""
    dana = roads.person("Dana")
    roads.coach(cast.spring, dana)
    return dana


def test_a_claim_has_a_name_and_the_next_coach_is_told_it(cast, colleague):
    submission = roads.claimed(cast.mina, cast.tomas)

    with pytest.raises(reviewing.CannotReview) as refused:
        reviewing.claim(submission, by=colleague, at=WEEK_1 + 2 * HOUR)

    assert refused.value.messages == ["Tomas has had this since 11:00 UTC."]


def test_a_coach_of_another_cohort_does_not_review(cast):
    submission = roads.handed_in(cast.mina).submission

    with pytest.raises(reviewing.NotYourClient) as refused:
        reviewing.claim(submission, by=cast.ines, at=WEEK_1)

    assert str(refused.value) == "You do not coach this cohort."


def test_an_admin_does_not_review(cast):
    submission = roads.handed_in(cast.mina).submission

    with pytest.raises(reviewing.NotYourClient):
        reviewing.claim(submission, by=cast.ada, at=WEEK_1)


def test_taking_over_is_journalled_with_from_whom(cast, colleague):
    submission = roads.claimed(cast.mina, cast.tomas)

    reviewing.take_over(submission, by=colleague, at=WEEK_1 + 2 * HOUR)

    line = JournalEntry.objects.get(action="took over")
    assert (Claim.objects.get().coach, line.actor, line.note) == (
        colleague,
        "Dana",
        "from Tomas, untouched for 60 minutes",
    )


def test_the_first_touch_of_the_feedback_claims_the_piece(cast):
    submission = roads.handed_in(cast.mina).submission

    reviewing.save_feedback_draft(submission, content={"keep": "Good"}, revision=0, by=cast.tomas, at=WEEK_1 + HOUR)

    assert (Claim.objects.get().coach, roads.piece(cast.mina).state) == (cast.tomas, "in_review")
    assert Message.objects.filter(kind="feedback").count() == 0


def test_a_stale_draft_of_feedback_is_refused_and_the_stored_one_shown(cast):
    submission = roads.claimed(cast.mina, cast.tomas)
    save = reviewing.save_feedback_draft
    save(submission, content={"keep": "One tab"}, revision=0, by=cast.tomas, at=WEEK_1 + HOUR)

    with pytest.raises(reviewing.StaleFeedback) as refused:
        save(submission, content={"keep": "Other tab"}, revision=0, by=cast.tomas, at=WEEK_1 + HOUR)

    assert (refused.value.draft.keep, refused.value.draft.revision) == ("One tab", 1)


def test_keep_try_and_every_level_are_needed_before_sending(cast):
    submission = roads.claimed(cast.mina, cast.tomas)
    content = roads.content(submission, keep=" ", levels={})

    with pytest.raises(reviewing.FeedbackRejected) as refused:
        reviewing.send_feedback(submission, content=content, by=cast.tomas, at=WEEK_1 + 2 * HOUR)

    criteria = submission.exercise.rubric.criteria.all()
    assert set(refused.value.by_field) == {"keep"} | {f"level-{criterion.pk}" for criterion in criteria}
    assert Feedback.objects.count() == 0


def test_an_incomplete_send_still_keeps_what_was_typed(cast):
    submission = roads.claimed(cast.mina, cast.tomas)
    reviewing.save_feedback_draft(
        submission, content={"keep": "Half of it"}, revision=0, by=cast.tomas, at=WEEK_1 + 2 * HOUR
    )

    with pytest.raises(reviewing.FeedbackRejected):
        reviewing.send_feedback(submission, content={"keep": "Half of it"}, by=cast.tomas, at=WEEK_1 + 2 * HOUR)

    assert FeedbackDraft.objects.get().keep == "Half of it"


def test_sending_shows_after_ten_seconds_and_mails_after_ten_minutes(cast):
    feedback = roads.answered(cast.mina, cast.tomas)

    message = Message.objects.get(kind="feedback")
    assert feedback.shown_from - feedback.sent_at == 10 * SECOND
    assert message.available_at - feedback.sent_at == 600 * SECOND
    assert roads.piece(cast.mina).state == "accepted"


def test_undo_within_ten_seconds_leaves_no_trace_for_the_client(cast):
    feedback = roads.answered(cast.mina, cast.tomas)

    submission = reviewing.undo_feedback(feedback, by=cast.tomas, at=feedback.sent_at + 9 * SECOND)

    assert (submission.pk, roads.piece(cast.mina).state) == (feedback.attempt.submission_id, "in_review")
    assert Feedback.objects.count() == 0
    assert FeedbackDraft.objects.get().keep == feedback.keep
    assert Message.objects.get(kind="feedback").state == "cancelled"


def test_after_ten_seconds_it_stays_sent(cast):
    feedback = roads.answered(cast.mina, cast.tomas)

    with pytest.raises(reviewing.CannotReview) as refused:
        reviewing.undo_feedback(feedback, by=cast.tomas, at=feedback.shown_from)

    assert refused.value.code == "feedback.shown"


def test_only_the_sender_undoes(cast, colleague):
    feedback = roads.answered(cast.mina, cast.tomas)

    with pytest.raises(reviewing.NotYourClient):
        reviewing.undo_feedback(feedback, by=colleague, at=feedback.sent_at + SECOND)


def test_it_can_be_sent_again_after_an_undo(cast):
    feedback = roads.answered(cast.mina, cast.tomas)
    submission = reviewing.undo_feedback(feedback, by=cast.tomas, at=feedback.sent_at + SECOND)

    again = reviewing.send_feedback(
        submission, content=roads.content(submission, another=True), by=cast.tomas, at=feedback.sent_at + 30 * SECOND
    )

    assert (again.verdict, roads.piece(cast.mina).state) == ("another", "returned")


def test_a_third_attempt_is_never_asked_again(cast):
    at = WEEK_1
    for number in (1, 2, 3):
        if number > 1:
            submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=at)
            submitting.hand_in(roads.piece(cast.mina), by=cast.mina, at=at)
        else:
            roads.handed_in(cast.mina, at=at)
        piece = roads.piece(cast.mina)
        if number < 3:
            reviewing.send_feedback(piece, content=roads.content(piece, another=True), by=cast.tomas, at=at + HOUR)
            at += 2 * HOUR

    with pytest.raises(reviewing.CannotReview) as refused:
        reviewing.send_feedback(piece, content=roads.content(piece, another=True), by=cast.tomas, at=at + HOUR)

    assert refused.value.code == "review.three_attempts"


def test_what_the_client_took_back_cannot_be_answered(cast):
    submission = roads.handed_in(cast.mina).submission
    submitting.take_back(submission, by=cast.mina, at=WEEK_1 + HOUR)

    with pytest.raises(reviewing.CannotReview) as refused:
        reviewing.claim(submission, by=cast.tomas, at=WEEK_1 + HOUR)

    assert refused.value.code == "review.nothing_waits"


def test_giving_a_claim_up_lets_it_wait_again_and_keeps_the_notes(cast, colleague):
    submission = roads.claimed(cast.mina, cast.tomas)
    reviewing.save_feedback_draft(submission, content={"keep": "So far"}, revision=0, by=cast.tomas, at=WEEK_1 + HOUR)

    reviewing.release(submission, by=cast.tomas, at=WEEK_1 + 2 * HOUR)

    assert roads.piece(cast.mina).state == "handed_in"
    assert FeedbackDraft.objects.get(coach=cast.tomas).keep == "So far"
    assert reviewing.claim(submission, by=colleague, at=WEEK_1 + 3 * HOUR).coach == colleague


@pytest.mark.parametrize("column", ["keep", "try_next"])
def test_the_database_wants_keep_and_try(cast, column):
    feedback = roads.answered(cast.mina, cast.tomas)

    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.filter(pk=feedback.pk).update(**{column: ""})


# --- What the client said of their own words ------------------------------------------------------------


def own(submission):
    return submission.exercise.rubric.criteria.get(key="congruence")


@pytest.mark.parametrize(("fit", "level"), [(1, 1), (2, 2), (3, 3), (4, 3), (5, 4)])
def test_how_it_sounds_like_them_is_taken_from_the_answer(cast, fit, level):
    attempt = roads.handed_in(cast.mina, "w4-x1", at=WEEK_4, fit=fit, fit_note="“Formality” is not a word of mine.")

    feedback = reviewing.send_feedback(
        attempt.submission, content=roads.content(attempt.submission), by=cast.tomas, at=WEEK_4 + HOUR
    )

    assert feedbacks.levels_of(feedback)[own(attempt.submission).pk] == level
    assert len(feedbacks.levels_of(feedback)) == 5


def test_a_coach_cannot_give_another_level_for_it_and_nothing_is_kept(cast):
    submission = roads.claimed(cast.mina, cast.tomas, "w4-x1", at=WEEK_4)
    levels = roads.content(submission)["levels"] | {own(submission).pk: 1}

    with pytest.raises(reviewing.FeedbackRejected) as refused:
        reviewing.save_feedback_draft(
            submission, content={"levels": levels}, revision=0, by=cast.tomas, at=WEEK_4 + HOUR
        )

    assert list(refused.value.by_field) == [f"level-{own(submission).pk}"]
    assert not FeedbackDraft.objects.exists()


def test_sending_the_clients_own_level_along_is_fine(cast):
    submission = roads.claimed(cast.mina, cast.tomas, "w4-x1", at=WEEK_4)
    levels = roads.content(submission)["levels"] | {str(own(submission).pk): 3}

    draft = reviewing.save_feedback_draft(
        submission, content={"levels": levels}, revision=0, by=cast.tomas, at=WEEK_4 + HOUR
    )

    assert draft.levels == levels


@pytest.mark.parametrize(("doc_type", "asked"), [("status", False), ("incident", True)])
def test_a_criterion_for_other_documents_is_not_asked(cast, doc_type, asked):
    attempt = roads.handed_in(cast.mina, "w5-x1", at=WEEK_5, doc_type=doc_type)

    assert ("blame_free" in [criterion.key for criterion in feedbacks.criteria_of(attempt)]) is asked
