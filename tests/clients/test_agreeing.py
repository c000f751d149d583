"""The coaching agreement: nobody hands in from week 1 on without it, and what was accepted stays as it was."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from clients import agreeing, agreements, joining, submitting
from clients.models import Acceptance, CoachingAgreement, Enrolment, JournalEntry
from tests import roads
from tests.reliability.answers import answer
from tests.roads import BEFORE, WEEK_1

DAY = timedelta(days=1)


@pytest.fixture
def lena(cast):
    """Enrolled and nothing more."""
    return joining.enrol(cast.spring, client=cast.lena, by=cast.ada, at=BEFORE)


def accept(enrolment, *, at=WEEK_1, by=None, sha256=""):
    words = sha256 or agreements.newest().sha256
    return agreeing.accept(enrolment, sha256=words, by=by or enrolment.client, at=at)


def hand_in(who, key="w1-x1", at=WEEK_1):
    return submitting.hand_in(roads.piece(who, key), answer=answer(key, "own"), revision=None, by=who, at=at)


# --- Before week 1 --------------------------------------------------------------------------------


def test_nothing_is_handed_in_from_week_1_on_before_the_agreement_is_accepted(cast, lena):
    with pytest.raises(submitting.Unagreed, match="Read the coaching agreement and accept it before you hand in"):
        hand_in(cast.lena)

    assert roads.piece(cast.lena).attempts.count() == 0
    accept(lena)
    assert hand_in(cast.lena).number == 1


def test_the_baseline_of_week_0_is_open_to_whoever_has_not_accepted_yet(cast, lena):
    assert hand_in(cast.lena, "w0-t0").number == 1


def test_writing_a_draft_needs_no_agreement(cast, lena):
    assert roads.drafted(cast.lena).draft["topic"] == "Fraud checks at checkout"


def test_a_piece_that_is_with_its_coach_can_be_taken_back_without_it(cast):
    roads.handed_in(cast.mina)
    roads.another_agreement(cast.ada)

    assert submitting.take_back(roads.piece(cast.mina), by=cast.mina, at=WEEK_1).state == "draft"


def test_whether_it_is_accepted_is_asked_of_what_is_read_already(cast, django_assert_num_queries):
    piece = roads.piece(cast.mina)

    with django_assert_num_queries(0):
        assert submitting.agreement_refusal(piece) is None
        assert agreements.state_of(piece.enrolment, piece.enrolment.cohort) == agreements.ACCEPTED


def test_a_cohort_that_asks_for_no_agreement_asks_nobody(cast, lena):
    cast.spring.agreement = None
    cast.spring.save(update_fields=["agreement"])

    assert hand_in(cast.lena).number == 1
    assert agreements.state_of(lena, cast.spring) == ""


# --- Accepting ------------------------------------------------------------------------------------


def test_what_was_accepted_is_kept_with_its_words_its_hash_and_its_time(cast, lena):
    accepted = accept(lena, at=WEEK_1)

    newest = CoachingAgreement.objects.get()
    assert (accepted.agreement, accepted.accepted_at) == (newest, WEEK_1)
    assert accepted.sha256 == newest.sha256 == agreements.hash_of(newest.text)
    assert Enrolment.objects.get(client=cast.lena).agreement == newest
    assert JournalEntry.objects.filter(actor="Lena").values_list("action", "note").last() == (
        "accepted the agreement", "version 1",
    )  # fmt: skip


def test_accepting_twice_is_accepting_once_at_the_first_time(cast, lena):
    first = accept(lena, at=WEEK_1)

    assert accept(lena, at=WEEK_1 + DAY) == first
    assert [one.accepted_at for one in agreements.accepted_by(cast.lena)] == [WEEK_1]


def test_only_the_client_accepts(cast, lena):
    for other in (cast.tomas, cast.ada, cast.mina):
        with pytest.raises(agreeing.NotYourAgreement):
            accept(lena, by=other)

    assert Acceptance.objects.filter(enrolment=lena).count() == 0


def test_words_that_were_replaced_meanwhile_are_not_accepted(cast, lena):
    before = agreements.newest().sha256
    roads.another_agreement(cast.ada)

    with pytest.raises(agreeing.CannotAccept, match="has changed since you opened it"):
        accept(lena, sha256=before)


# --- A new version --------------------------------------------------------------------------------


def test_a_new_version_asks_everybody_again_and_the_first_acceptance_stays(cast):
    mina = cast.enrolment(cast.mina)
    first = Acceptance.objects.get(enrolment=mina)
    assert agreements.state_of(mina, mina.cohort) == agreements.ACCEPTED

    second = roads.another_agreement(cast.ada)

    mina = cast.enrolment(cast.mina)
    assert agreements.state_of(mina, mina.cohort) == agreements.EARLIER
    assert agreements.standing() == (0, 3)
    with pytest.raises(submitting.Unagreed):
        hand_in(cast.mina)
    accept(mina, at=WEEK_1 + DAY)
    assert agreements.standing() == (1, 3)
    assert hand_in(cast.mina, at=WEEK_1 + DAY).number == 1
    kept = Acceptance.objects.filter(enrolment=mina).values_list("agreement__number", "accepted_at")
    assert list(kept) == [(1, first.accepted_at), (second.number, WEEK_1 + DAY)]


def test_a_closed_cohort_keeps_the_version_it_ended_with(cast):
    cast.autumn.closed_at = WEEK_1
    cast.autumn.save(update_fields=["closed_at"])

    made = roads.another_agreement(cast.ada)

    cast.spring.refresh_from_db(), cast.autumn.refresh_from_db()
    assert (cast.spring.agreement, cast.autumn.agreement.number) == (made, 1)


def test_a_cohort_that_is_opened_asks_for_the_newest(cast):
    made = roads.another_agreement(cast.ada)

    assert roads.cohort("Summer").agreement == made


def test_going_back_to_earlier_words_is_another_version_of_its_own(cast):
    first = agreements.newest()
    roads.another_agreement(cast.ada)

    third = agreeing.publish(first.text, by=cast.ada, at=WEEK_1)

    assert (third.number, third.sha256) == (3, first.sha256)
    mina = cast.enrolment(cast.mina)
    assert agreements.state_of(mina, mina.cohort) == agreements.EARLIER


def test_line_ends_of_a_browser_are_no_other_words(cast):
    made = agreeing.publish("One.\r\nTwo.\x00\r\n", by=cast.ada, at=WEEK_1)

    assert made.text == "One.\nTwo."


# --- What the database holds ----------------------------------------------------------------------

BREAKS = {
    "the words are changed": "UPDATE clients_coachingagreement SET text = 'other'",
    "a version is taken away": "DELETE FROM clients_coachingagreement",
    "an acceptance is dated back": "UPDATE clients_acceptance SET accepted_at = accepted_at - interval '1 day'",
    "an acceptance is taken away": "DELETE FROM clients_acceptance",
    "the hash is of other words": "INSERT INTO clients_coachingagreement (number, text, sha256, published_at, "
    "published_by) VALUES (9, 'words', repeat('0', 64), now(), '')",
    "a version without words": "INSERT INTO clients_coachingagreement (number, text, sha256, published_at, "
    "published_by) VALUES (9, '', encode(sha256(''), 'hex'), now(), '')",
    "accepted were other words": "INSERT INTO clients_acceptance (enrolment_id, agreement_id, sha256, accepted_at) "
    "SELECT e.id, a.id, repeat('0', 64), now() FROM clients_enrolment e, clients_coachingagreement a "
    "WHERE e.agreement_id IS NULL",
    "a version is accepted twice": "INSERT INTO clients_acceptance (enrolment_id, agreement_id, sha256, accepted_at) "
    "SELECT enrolment_id, agreement_id, sha256, now() FROM clients_acceptance",
    "it stands as accepted and nobody did": "UPDATE clients_enrolment SET agreement_id = (SELECT max(id) FROM "
    "clients_coachingagreement) WHERE agreement_id IS NULL",
}


@pytest.mark.parametrize("how", BREAKS)
def test_the_database_holds_what_was_agreed(cast, lena, how):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BREAKS[how])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
