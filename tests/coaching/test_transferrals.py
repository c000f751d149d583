"""A change of cohort is shown before it is made; messages, promises and ratings go along in the same transaction."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients import delivering, messaging, submitting, transferring
from clients.models import Enrolment, Message, Notice, Transfer
from coaching import assigning, caseload, firing, outcomes, rating, reviewing, transferrals, waiving
from coaching.models import Claim, Feedback, Milestone
from tests import roads
from tests.coaching.web.visiting import browser
from tests.roads import WEEK_1, WEEK_2, WEEK_4, WEEK_5

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def later(cast):
    found = roads.cohort("Later", by=cast.ada, starts_on=date(2026, 3, 23))
    roads.coach(found, cast.ines)
    return found


def mina(cast):
    return cast.spring.enrolments.select_related("client", "cohort__edition").get(client=cast.mina)


def moved(cast, to, at=WEEK_1):
    return transferring.transfer(mina(cast), to, by=cast.ada, at=at)


def pending(enrolment):
    rows = Milestone.objects.filter(enrolment=enrolment, state="pending")
    return set(rows.values_list("kind", "week", "due_at"))


def foreseen(cast, to, at=WEEK_1):
    return transferrals.foresee(mina(cast), to, by=cast.ada, at=at)


# --- Before ----------------------------------------------------------------------------------------


def test_looking_changes_nothing(cast, later):
    foreseen(cast, later)

    assert mina(cast).is_active
    assert not Transfer.objects.exists()
    assert not Message.objects.filter(kind="transfer").exists()


def test_what_comes_along_and_every_date_before_and_after_is_shown(cast, later):
    roads.answered(cast.mina, cast.tomas, at=WEEK_1)
    roads.logged(cast.mina)
    effect = foreseen(cast, later, at=WEEK_1 + DAY)

    assert [(one.title, one.week, one.state) for one in effect.along] == [
        (roads.piece(cast.mina).exercise.title, 1, "accepted")
    ]
    assert (effect.records, effect.ratings, effect.stays, effect.fresh, effect.excused) == (1, True, (), (), ())
    assert effect.coaches == ("Ines",)
    assert [one.week for one in effect.dues] == list(range(10))
    assert {one.now - one.was for one in effect.dues if one.week > 3} == {timedelta(days=21)}


def test_what_the_preview_says_of_dates_and_messages_is_what_happens(cast, later):
    effect = foreseen(cast, later)

    made = moved(cast, later)

    goes = {one.now for one in effect.told if one.now}
    assert goes <= {due for _kind, _week, due in pending(made.entered)}
    assert effect.goes + effect.falls_away == len(effect.told)
    to_coaches = "a client goes on in another cohort, for the coaches of both"
    assert sorted((one.to, one.title) for one in effect.letters) == [
        ("Ines", to_coaches), ("Mina", "goes on in another cohort"), ("Tomas", to_coaches),
    ]  # fmt: skip


def test_what_has_no_place_and_what_is_new_are_named(cast, tmp_path):
    short = roads.cohort("Short", by=cast.ada)
    type(short).objects.filter(pk=short.pk).update(edition=roads.edition_of_before(tmp_path))
    short.refresh_from_db()
    roads.handed_in(cast.mina, "w5-x1", at=WEEK_5)

    effect = foreseen(cast, short, at=WEEK_5)

    assert [one.week for one in effect.stays] == [5]
    assert effect.along == ()
    assert [one.now for one in effect.dues if one.week == 5] == [None]


# --- In the same transaction -------------------------------------------------------------------------


def test_messages_of_the_old_enrolment_are_cancelled_and_those_of_the_new_one_planned(cast, later):
    made = moved(cast, later)

    assert pending(made.left) == set()
    walks_there = roads.client(later, cast.lena, at=WEEK_1)
    kinds = {(kind, week) for kind, week, _due in pending(made.entered)}
    assert kinds == {(kind, week) for kind, week, _due in pending(walks_there)}
    assert pending(cast.enrolment(cast.noor)) != set()


def test_what_waits_is_promised_to_its_client_from_its_hand_in_on(cast, later):
    attempt = roads.handed_in(cast.mina)
    before = Milestone.objects.filter(object_id=attempt.pk, kind__startswith="review.")
    dues = set(before.values_list("kind", "due_at"))

    made = moved(cast, later, at=WEEK_1 + HOUR)

    rows = Milestone.objects.filter(object_id=attempt.pk, kind__startswith="review.")
    assert set(rows.filter(state="pending").values_list("enrolment", "kind", "due_at")) == {
        (made.entered_id, kind, due) for kind, due in dues
    }
    assert set(rows.filter(enrolment=made.left).values_list("state", flat=True)) == {"cancelled"}


def test_what_is_waived_comes_along_and_so_does_what_coaches_rated(cast, later):
    waiving.waive(mina(cast), "main-1", reason="On leave", by=cast.ada, at=WEEK_1)
    given = {"presence": {"point": 4, "evidence": "Put the objection first, on Tuesday."}}
    rating.rate(mina(cast), "c4", given=given, by=cast.tomas, at=WEEK_4)

    made = moved(cast, later, at=WEEK_4)

    assert made.entered.waivers.get().condition == "main-1"
    assert (made.entered.ratings.get().moment, made.entered.ratings.get().coach) == ("c4", cast.tomas)
    assert not made.left.waivers.exists() and not made.left.ratings.exists()

    transferring.undo(made, by=cast.ada, at=WEEK_4 + HOUR)

    assert made.left.ratings.get().points.get().evidence == "Put the objection first, on Tuesday."


def test_undoing_plans_what_was_planned_before(cast, later):
    before = pending(mina(cast))
    made = moved(cast, later)

    transferring.undo(made, by=cast.ada, at=WEEK_1 + HOUR)

    assert pending(mina(cast)) == {one for one in before if one[2] > WEEK_1 + HOUR}
    assert pending(made.entered) == set()


# --- Who hears of it ----------------------------------------------------------------------------------


def test_the_client_hears_where_they_go_on_by_mail_and_in_the_bell(cast, later):
    moved(cast, later)
    delivering.deliver(at=WEEK_1 + 4 * HOUR)

    (letter,) = [one for one in mail.outbox if one.to == [cast.mina.email] and "go on" in one.subject]
    assert letter.subject == "You go on in Later"
    assert "Ines coaches Later, and reads what came along" in letter.body
    assert Notice.objects.filter(person=cast.mina, kind="transfer", withdrawn="").exists()
    assert not [one for one in mail.outbox if one.to == [cast.noor.email]]


def test_nobody_hears_of_a_change_that_was_undone_but_that_they_are_back(cast, later):
    transferring.undo(moved(cast, later), by=cast.ada, at=WEEK_1)
    delivering.deliver(at=WEEK_1 + 4 * HOUR)

    assert [one.subject for one in mail.outbox if one.to == [cast.mina.email]] == ["You are back in Spring"]


def letters_to(*people):
    return {one.to[0].partition("@")[0]: one for one in mail.outbox if one.to[0] in {who.email for who in people}}


def test_the_coaches_of_both_cohorts_hear_of_it_and_no_others(cast, later):
    roads.handed_in(cast.mina)
    roads.coach(cast.autumn, cast.lena)
    mail.outbox.clear()
    moved(cast, later, at=WEEK_1 + HOUR)
    delivering.deliver(at=WEEK_1 + DAY)

    told = letters_to(cast.tomas, cast.ines, cast.lena)
    assert {who: one.subject for who, one in told.items()} == {
        "tomas": "Mina goes on in Later", "ines": "Mina comes to Later",
    }  # fmt: skip
    assert "Whoever coaches Later answers what they hand in from now on." in told["tomas"].body
    assert "one piece waits for an answer" in told["ines"].body
    assert "w1-x1" not in told["ines"].body + told["tomas"].body
    assert Notice.objects.filter(person=cast.ines, kind="transfer.coach", withdrawn="").count() == 1


def test_whoever_coaches_both_cohorts_hears_once_who_comes(cast, later):
    roads.coach(later, cast.tomas)
    moved(cast, later)
    delivering.deliver(at=WEEK_1 + DAY)

    assert [one.subject for one in mail.outbox if one.to == [cast.tomas.email]] == ["Mina comes to Later"]


def test_of_a_change_that_is_undone_coaches_hear_that_the_client_is_back(cast, later):
    transferring.undo(moved(cast, later), by=cast.ada, at=WEEK_1)
    delivering.deliver(at=WEEK_1 + DAY)

    assert {who: one.subject for who, one in letters_to(cast.tomas, cast.ines).items()} == {
        "tomas": "Mina is back in Spring", "ines": "Mina goes back to Spring",
    }  # fmt: skip


def test_whoever_coaches_there_no_longer_hears_nothing(cast, later):
    moved(cast, later)
    assigning.release(later.assignments.get(coach=cast.ines), by=cast.ada, at=WEEK_1)
    delivering.deliver(at=WEEK_1 + DAY)

    assert list(letters_to(cast.tomas, cast.ines)) == ["tomas"]


# --- What a coach has in hand ------------------------------------------------------------------------------


def in_hand(cast, later, at=WEEK_1):
    """A piece Tomas has begun to answer, whose client goes on."""
    piece = roads.claimed(cast.mina, cast.tomas, at=at)
    reviewing.save_feedback_draft(piece, content={"keep": "Half of it"}, revision=None, by=cast.tomas, at=at + HOUR)
    made = moved(cast, later, at=at + 2 * HOUR)
    return made, roads.piece(cast.mina)


def queue_of(coach, at=WEEK_1 + 3 * HOUR):
    return [row.submission.pk for row in caseload.queue(coach, at=at)]


def test_a_piece_in_hand_comes_along_and_its_coach_answers_it(cast, later):
    made, piece = in_hand(cast, later)
    assert (piece.enrolment, piece.state) == (made.entered, "in_review")
    assert (queue_of(cast.tomas), queue_of(cast.ines)) == ([piece.pk], [piece.pk])
    assert browser(cast.tomas).get(reverse("review", args=[piece.pk])).status_code == 200

    at = WEEK_1 + 3 * HOUR
    reviewing.send_feedback(piece, content=roads.content(piece), by=cast.tomas, at=at)

    piece.refresh_from_db()
    assert (piece.state, queue_of(cast.tomas, at), queue_of(cast.ines, at)) == ("accepted", [], [])
    reviewing.recall_feedback(Feedback.objects.get(), by=cast.tomas, at=at + timedelta(minutes=5))
    assert queue_of(cast.tomas, at + timedelta(minutes=5)) == [piece.pk]


def test_a_piece_in_hand_that_has_no_place_there_stays_and_is_answered_as_well(cast, tmp_path):
    short = roads.cohort("Short", by=cast.ada)
    type(short).objects.filter(pk=short.pk).update(edition=roads.edition_of_before(tmp_path))
    short.refresh_from_db()
    piece, at = roads.claimed(cast.mina, cast.tomas, "w5-x1", at=WEEK_5), WEEK_5 + 3 * HOUR
    made = moved(cast, short, at=WEEK_5 + 2 * HOUR)

    assert (piece.enrolment, queue_of(cast.tomas, at)) == (made.left, [piece.pk])
    reviewing.send_feedback(piece, content=roads.content(piece), by=cast.tomas, at=at)
    assert (roads.piece(cast.mina, "w5-x1").state, queue_of(cast.tomas, at)) == ("accepted", [])


def test_nothing_else_of_the_client_stays_with_the_coach_of_before(cast, later):
    roads.answered(cast.mina, cast.tomas, "w4-x1", at=WEEK_5)
    made, piece = in_hand(cast, later, at=WEEK_5)
    at = WEEK_5 + 3 * HOUR

    assert list(caseload.reviewable_by(cast.tomas, at=at).filter(enrolment=made.entered)) == [piece]
    [row] = caseload.handed_to(cast.tomas, at=at).filter(enrolment=made.entered)
    assert row.is_coached is False
    assert browser(cast.tomas).get(reverse("client", args=[made.entered_id])).status_code == 404
    assert queue_of(cast.lena) == []


def test_what_the_client_hands_in_next_is_for_the_coaches_there_alone(cast, later):
    _made, piece = in_hand(cast, later, at=WEEK_5)
    at = WEEK_5 + 3 * HOUR
    reviewing.send_feedback(piece, content=roads.content(piece, another=True), by=cast.tomas, at=at)
    submitting.try_again(piece, by=cast.mina, at=at + HOUR)
    submitting.hand_in(piece, answer=roads.ANSWERS["w1-x1"], by=cast.mina, at=at + DAY)

    assert (queue_of(cast.tomas, at + DAY), queue_of(cast.ines, at + DAY)) == ([], [piece.pk])
    assert not caseload.submissions_visible_to(cast.tomas, at=at + DAY).filter(pk=piece.pk).exists()


def test_a_coach_there_can_take_it_over_and_then_it_stays_no_longer(cast, later):
    _made, piece = in_hand(cast, later)

    reviewing.take_over(piece, by=cast.ines, at=WEEK_1 + 3 * HOUR)

    assert (queue_of(cast.tomas), queue_of(cast.ines)) == ([], [piece.pk])
    with pytest.raises(reviewing.NotYourClient):
        reviewing.take_over(piece, by=cast.tomas, at=WEEK_1 + 4 * HOUR)


def test_given_back_it_waits_for_the_coaches_there(cast, later):
    _made, piece = in_hand(cast, later)

    reviewing.release(piece, by=cast.tomas, at=WEEK_1 + 3 * HOUR)

    assert (queue_of(cast.tomas), queue_of(cast.ines)) == ([], [piece.pk])


def test_whoever_coaches_the_cohort_of_before_no_longer_has_nothing_in_hand(cast, later):
    _made, piece = in_hand(cast, later)
    assigning.release(cast.spring.assignments.get(coach=cast.tomas), by=cast.ada, at=WEEK_1 + 3 * HOUR)

    assert queue_of(cast.tomas) == []
    with pytest.raises(reviewing.NotYourClient):
        reviewing.send_feedback(piece, content=roads.content(piece), by=cast.tomas, at=WEEK_1 + 3 * HOUR)


def test_its_promise_is_watched_and_its_coach_is_told_of_it(cast, later):
    made, _piece = in_hand(cast, later)
    watched = Milestone.objects.get(enrolment=made.entered, kind="review.warn", state="pending")

    while any(firing.fire_due(at=watched.due_at)):
        pass

    told = Message.objects.filter(about__milestone=watched.pk)
    assert [one.person for one in told] == [cast.tomas]
    assert messaging.kinds()["review.warn"].guard(told.get(), watched.due_at) is None


def test_undone_it_is_with_its_coach_as_before(cast, later):
    made, piece = in_hand(cast, later)

    transferring.undo(made, by=cast.ada, at=WEEK_1 + 3 * HOUR)

    assert Claim.objects.get().taken_in is None
    assert queue_of(cast.tomas) == [piece.pk]


def test_the_coach_of_before_hears_that_it_stays(cast, later):
    in_hand(cast, later)
    delivering.deliver(at=WEEK_1 + DAY)

    assert (
        "The piece you have in hand stays with you until you have answered or given it back."
        in letters_to(cast.tomas)["tomas"].body
    )


# --- Counted ---------------------------------------------------------------------------------------------


def test_whoever_went_on_stays_in_every_denominator_as_transferred_and_started(cast, later):
    roads.answered(cast.mina, cast.tomas, at=WEEK_1)
    moved(cast, later, at=WEEK_2)

    who = outcomes.of(Enrolment.objects.filter(cohort=cast.spring), at=WEEK_2).who

    assert (who.enrolled, who.started, who.withdrawn, who.transferred) == (2, 1, 0, 1)
    assert who.reasons == ()


# --- The page --------------------------------------------------------------------------------------------


def test_an_admin_chooses_sees_and_does_it_and_undoes_it(cast, later, now):
    roads.answered(cast.mina, cast.tomas, at=WEEK_1)
    now.at = WEEK_2
    ada, pk = browser(cast.ada), mina(cast).pk
    page = reverse("client-transfer", args=[pk])

    assert "Later" in ada.get(page).content.decode()
    seen = " ".join(ada.post(page, {"cohort": "later", "reason": "Leave", "show": "effect"}).content.decode().split())
    assert "Mina goes on in Later" in seen
    assert "Nothing has happened yet." in seen
    assert 'name="reason" value="Leave"' in seen
    assert mina(cast).is_active

    done = ada.post(page, {"cohort": "later", "reason": "Leave"})
    assert done.status_code == 302
    gone = ada.get(page).content.decode()
    assert "as somebody who went on elsewhere" in gone
    assert "“Leave”" in gone
    assert "Goes on elsewhere" in ada.get(reverse("cohort", args=["spring"])).content.decode()

    ada.post(reverse("client-transfer-undo", args=[pk]))
    assert mina(cast).is_active


def test_without_a_choice_the_page_says_so_and_keeps_the_reason(cast, later, now):
    now.at = WEEK_1
    answer = browser(cast.ada).post(reverse("client-transfer", args=[mina(cast).pk]), {"cohort": "", "reason": "Leave"})

    assert answer.status_code == 422
    assert 'value="Leave"' in answer.content.decode()


@pytest.mark.parametrize("pieces", [1, 3])
def test_the_page_takes_as_many_queries_for_one_piece_as_for_three(cast, later, now, pieces):
    for key in ["w1-x1", "w4-x1", "w5-x1"][:pieces]:
        roads.handed_in(cast.mina, key, at=WEEK_5)
    now.at = WEEK_5
    ada, page = browser(cast.ada), reverse("client-transfer", args=[mina(cast).pk])
    ada.get(page)

    with CaptureQueriesContext(connection) as queries:
        ada.get(page)

    assert len(queries) == 9
