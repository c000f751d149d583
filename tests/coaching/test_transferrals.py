"""A change of cohort is shown before it is made; messages, promises and ratings go along in the same transaction."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients import delivering, transferring
from clients.models import Enrolment, Message, Notice, Transfer
from coaching import outcomes, transferrals, waiving
from coaching.models import Milestone
from tests import roads
from tests.coaching.web.visiting import browser
from tests.roads import WEEK_1, WEEK_2, WEEK_5

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
    assert {one.to for one in effect.letters} == {"Mina"}
    assert [one.title for one in effect.letters] == ["goes on in another cohort"]


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

    made = moved(cast, later)

    assert made.entered.waivers.get().condition == "main-1"
    assert not made.left.waivers.exists()


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

    assert len(queries) == 10
