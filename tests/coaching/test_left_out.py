"""A cohort does without some reminders, for everybody in it; what says what is so is always sent."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from clients import choices, delivering, stopping
from clients.models import Cohort, JournalEntry, Message
from clients.models.cohort import CAN_BE_LEFT_OUT
from coaching import convening, milestones, outlook
from curriculum import editions
from tests.coaching.test_kinds import come, outcome, planned
from tests.coaching.web.test_new_cohort import MONDAY, plan, summary
from tests.coaching.web.test_office_pages import page, post, words
from tests.coaching.web.visiting import browser
from tests.doors.asking import Api
from tests.roads import WEEK_1

HOUR = timedelta(hours=1)


def without(cohort, *groups, at=WEEK_1, by=None):
    return stopping.leave_out(cohort, groups, by=by, at=at)


def told(row):
    return sorted(Message.objects.filter(about__milestone=row.pk).values_list("kind", "person__name"))


# --- What leaves and what does not ----------------------------------------------------------------------


def test_only_what_can_lose_its_reason_can_be_left_out():
    assert sorted(CAN_BE_LEFT_OUT) == sorted(group.name for group in choices.GROUPS if group.clients and group.lapses)


def test_a_reminder_that_is_left_out_is_skipped_and_the_cohort_beside_hears_it(cast):
    without(cast.spring, "due", by=cast.ada)

    assert outcome(planned(cast.mina, "due.reminder", 1)) == ("skipped", milestones.LEFT_OUT)
    assert outcome(planned(cast.omar, "due.reminder", 1)) == ("fired", "")


def test_that_a_week_opens_is_sent_whatever_is_left_out(cast):
    without(cast.spring, *CAN_BE_LEFT_OUT, by=cast.ada)

    assert outcome(planned(cast.mina, "week.unlock", 2)) == ("fired", "")


def test_coaches_hear_that_a_week_stays_open_though_their_client_is_not_reminded(cast):
    without(cast.autumn, "due", by=cast.ada)

    beside = come(planned(cast.mina, "overdue.2", 1))
    alone = come(planned(cast.omar, "overdue.2", 1))

    assert told(beside) == [("overdue.2", "Mina"), ("overdue.2.coach", "Tomas")]
    assert told(alone) == [("overdue.2.coach", "Ines")]


def test_what_waits_to_leave_is_asked_again_and_stays(cast):
    row = come(planned(cast.mina, "due.reminder", 1))
    waits = Message.objects.get(about__milestone=row.pk)
    without(cast.spring, "due", at=row.due_at, by=cast.ada)
    mail.outbox.clear()

    delivering.deliver(at=row.due_at + HOUR)

    waits.refresh_from_db()
    assert (waits.state, waits.reason) == ("cancelled", milestones.LEFT_OUT)
    assert [letter for letter in mail.outbox if cast.mina.email in letter.to] == []


def test_what_is_left_out_no_more_comes_again(cast):
    without(cast.spring, "due", "nudges", by=cast.ada)
    without(cast.spring, by=cast.ada)

    assert outcome(planned(cast.mina, "due.reminder", 1)) == ("fired", "")
    chosen = JournalEntry.objects.filter(action="chose reminders to leave out").order_by("pk")
    assert list(chosen.values_list("actor", "note")) == [("Ada", "due, nudges"), ("Ada", "nothing")]


def test_the_same_choice_again_is_no_change(cast):
    for _time in range(2):
        without(cast.spring, "nudges", by=cast.ada)

    assert JournalEntry.objects.filter(action="chose reminders to leave out").count() == 1


@pytest.mark.parametrize("group", ["weeks", "feedback", "reviews", "x"])
def test_what_is_no_reminder_cannot_be_left_out(cast, group):
    with pytest.raises(ValidationError) as refused:
        without(cast.spring, group, by=cast.ada)
    assert refused.value.code == "messages.no_reminder"

    with pytest.raises(IntegrityError, match="only_reminders_are_left_out"), transaction.atomic():
        Cohort.objects.filter(pk=cast.spring.pk).update(left_out=[group])


# --- On pages and over the API --------------------------------------------------------------------------


def test_a_cohort_is_opened_without_them_and_the_sentences_say_so(cast, now):
    ada = browser(cast.ada)

    assert "Left out for everybody: Nudges. Reminders that are sent: Due and overdue, Last call" in summary(
        ada, left_out=["nudges"]
    )
    assert "Left out" not in summary(ada)
    assert "No reminders are sent." in summary(ada, left_out=list(CAN_BE_LEFT_OUT))
    assert post(ada, "cohort-new", **plan(left_out=["nudges"])).status_code == 302
    assert Cohort.objects.get(slug="summer").left_out == ["nudges"]


def test_a_program_opens_one_without_them(cast):
    told = {"name": "Summer", "edition": editions.newest(), "starts_on": MONDAY, "zone": "UTC"}

    made = convening.open_cohort(**told, left_out=["record", "due"], by=cast.ada, at=WEEK_1)

    assert made.left_out == ["due", "record"]


def test_the_page_of_a_cohort_shows_what_is_left_out_and_changes_it(cast, now):
    ada = browser(cast.ada)

    assert post(ada, "cohort-leave-out", "spring", left_out=["nudges", "record"]).status_code == 302

    cast.spring.refresh_from_db()
    assert cast.spring.left_out == ["nudges", "record"]
    body = page(ada, "cohort", "spring").context["left_out_form"]["left_out"]
    assert body.value() == ["nudges", "record"]
    assert post(ada, "cohort-leave-out", "spring", left_out=["weeks"]).status_code == 422
    assert post(ada, "cohort-leave-out", "spring").status_code == 302
    cast.spring.refresh_from_db()
    assert cast.spring.left_out == []


def test_a_program_chooses_and_is_told_what_cannot_be_left_out(cast, now):
    ada, where = Api(cast.ada), f"cohorts/{cast.spring.pk}/left-out/"

    assert ada.put(where, left_out=["due"]).json()["left_out"] == ["due"]
    refused = ada.put(where, left_out=["feedback"])
    assert (refused.status_code, refused.json()["code"]) == (422, "messages.no_reminder")


# --- Hours of a coach -----------------------------------------------------------------------------------


def test_hours_of_a_coach_are_pieces_a_week_of_all_their_clients(cast, settings):
    settings.REVIEW_MINUTES = 30
    edition = cast.spring.edition
    [pieces] = outlook.pieces_a_week({edition.pk}).values()
    required = edition.exercises.offered().filter(required=True)
    assert pieces == required.count() / required.values("week").distinct().count()

    [load] = outlook.loads([cast.tomas], more=4, edition=edition)

    assert (load.clients, load.would_be) == (2, 6)
    assert load.hours == pytest.approx(6 * pieces / 2)


def test_the_sentences_say_the_hours_and_how_they_are_counted(cast, now, monkeypatch):
    monkeypatch.setattr(outlook, "pieces_a_week", lambda editions: dict.fromkeys(editions, 2.0))

    told = summary(browser(cast.ada), coaches=[cast.tomas.pk], people="dora@example.org\nemil@example.org")

    assert "Tomas has 2 clients in 1 cohort, and 4 with this one. Reviews take about 2 hours a week then." in told
    assert "Hours are counted as 15 minutes for each required piece of a client" in told


def test_the_list_of_reminders_is_read_on_the_page_without_scripts(cast, now):
    told = words(page(browser(cast.ada), "cohort-new"))

    assert "5 Messages Reminders to leave out" in told
