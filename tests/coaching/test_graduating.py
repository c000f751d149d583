"""Finishing is confirmed by an admin, once all is done that is asked and the programme is over; and can be taken back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients import counted, holding, joining, messaging, progress
from clients.models import Enrolment, JournalEntry, Message
from coaching import digests, firing, foreseeing, graduates, graduating, milestones, scheduling
from coaching.models import Milestone
from tests import graduating as roads_to_the_end
from tests import roads
from tests.coaching.web.visiting import browser
from tests.graduating import NOON, done, graduated

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
State = Enrolment.State


def state_of(cast, who):
    found = cast.enrolment(who)
    return found.state, found.left_at


def waiting(enrolment):
    return set(Milestone.objects.filter(enrolment=enrolment, state="pending").values_list("kind", "week"))


def words(response):
    return " ".join(response.content.decode().split())


# --- Confirming -------------------------------------------------------------------------------------


def test_whoever_has_done_what_is_asked_is_confirmed_and_the_journal_says_by_whom(cast):
    graduated(cast, cast.mina)

    assert state_of(cast, cast.mina) == (State.COMPLETED, NOON)
    assert state_of(cast, cast.noor) == (State.ACTIVE, None)
    entry = JournalEntry.objects.get(action="finished")
    assert (entry.actor, entry.note, entry.at) == ("Ada", "Mina", NOON)


def test_it_is_confirmed_from_the_hour_on_at_which_everybody_hears(cast):
    enrolment = done(cast, cast.mina)

    assert graduates.over_at(cast.spring, at=NOON) == NOON
    early = graduating.graduate_refusal(enrolment, at=NOON - MINUTE)
    assert (early.code, graduating.graduate_refusal(enrolment, at=NOON)) == ("graduation.early", None)
    assert early.message == (
        "The programme goes on until Friday 1 May, 12:00, by the cohort’s clock. Finishing is confirmed from then on."
    )


def test_what_is_open_waits_or_stands_still_is_said(cast):
    missing = graduating.graduate_refusal(cast.enrolment(cast.mina), at=NOON)
    assert missing.code == "graduation.open"
    assert "the baseline assessment" in missing.message
    enrolment = done(cast, cast.mina)
    roads.handed_in(cast.mina, at=NOON - DAY)
    waits = graduating.graduate_refusal(enrolment, at=NOON)
    assert (waits.code, waits.message) == (
        "graduation.waits",
        "One piece of Mina waits for feedback. It is answered first.",
    )
    held = holding.hold(done(cast, cast.noor), by=cast.tomas, at=NOON)
    assert graduating.graduate_refusal(held, at=NOON).message == "Noor is on hold. Let them go on first."


def test_a_whole_cohort_finishes_except_who_has_something_open(cast):
    done(cast, cast.mina)

    finished = graduating.graduate_all(cast.spring, by=cast.ada, at=NOON)

    assert [one.client for one in finished] == [cast.mina]
    assert state_of(cast, cast.noor) == (State.ACTIVE, None)
    with pytest.raises(graduating.CannotGraduate, match="Nobody has done all that is asked"):
        graduating.graduate_all(cast.spring, by=cast.ada, at=NOON)


def test_who_left_does_not_finish_and_who_finished_does_not_leave(cast):
    joining.withdraw(cast.enrolment(cast.noor), by=cast.ada, at=NOON)
    assert graduating.graduate_refusal(cast.enrolment(cast.noor), at=NOON).message == "Noor has left already."
    with pytest.raises(joining.CannotJoin, match="Mina has finished already"):
        joining.withdraw(graduated(cast, cast.mina), by=cast.ada, at=NOON)


# --- What follows -----------------------------------------------------------------------------------


def test_nothing_reminds_them_any_more_and_what_was_posted_is_asked_again(cast):
    enrolment = cast.enrolment(cast.mina)
    last = Milestone.objects.filter(enrolment=enrolment, state="pending").latest("due_at")
    about = {"milestone": last.pk}
    messaging.post(last.kind, key="one", to=cast.mina, cohort=cast.spring, about=about, at=NOON)

    graduated(cast, cast.mina)

    assert waiting(enrolment) == set()
    assert Milestone.objects.filter(enrolment=cast.enrolment(cast.noor), state="pending").exists()
    guard = messaging.kinds()[last.kind].guard
    message = Message.objects.select_related("person", "cohort").get(key="one")
    told = last.kind in ("graduation", "graduation.gap")
    assert guard(message, NOON) == ("the programme is complete" if told else "the client has finished")


def test_you_finished_reaches_whoever_was_confirmed_before_their_morning(cast):
    graduated(cast, cast.mina)
    row = Milestone(kind="graduation", enrolment=cast.enrolment(cast.mina), week=9)

    assert milestones.guard_reason(row, at=NOON) is None


def test_the_note_of_the_end_names_who_was_confirmed_already(cast):
    graduated(cast, cast.mina)

    found = digests.end_of(cast.spring, at=NOON)

    assert (found.finished, [name for name, _missing in found.open]) == (("Mina",), ["Noor"])
    note = Milestone(kind="graduation.note", cohort=cast.spring, week=9)
    assert milestones.KINDS["graduation.note"].guard(note, NOON) is None


def test_what_it_does_is_shown_before_and_happens_only_then(cast):
    enrolment = done(cast, cast.mina)
    before = waiting(enrolment)

    effect = foreseeing.foresee(
        lambda: graduating.graduate(enrolment, by=cast.ada, at=NOON), [enrolment], cast.spring, at=NOON
    )

    assert (state_of(cast, cast.mina), waiting(enrolment)) == ((State.ACTIVE, None), before)
    assert [person.name for person in effect.people] == ["Mina"]


# --- Taking it back ---------------------------------------------------------------------------------


def test_taken_back_everything_is_planned_as_it_was(cast):
    enrolment = done(cast, cast.mina)
    before = waiting(enrolment)
    graduated(cast, cast.mina)

    graduating.take_back(cast.enrolment(cast.mina), by=cast.ada, at=NOON + DAY)

    assert (state_of(cast, cast.mina), waiting(enrolment)) == ((State.ACTIVE, None), before)
    assert JournalEntry.objects.filter(action="took back that they finished").count() == 1
    assert scheduling.plan_alumni(at=NOON + DAY) == 0


def test_it_is_taken_back_within_two_weeks(cast):
    enrolment = graduated(cast, cast.mina)

    assert graduating.take_back_refusal(enrolment, at=NOON + 14 * DAY) is None
    late = graduating.take_back_refusal(enrolment, at=NOON + 14 * DAY + MINUTE)
    assert late.message == "Mina finished more than two weeks ago, and that stands."
    assert graduating.take_back_refusal(cast.enrolment(cast.noor), at=NOON).message == "Noor has not finished."


def test_the_engine_finds_nothing_to_put_right_afterwards(cast):
    graduated(cast, cast.mina)

    while any(firing.fire_due(at=NOON + DAY)):
        pass

    assert not Milestone.objects.filter(enrolment=cast.enrolment(cast.mina), state="dead").exists()


# --- Pages ------------------------------------------------------------------------------------------


def test_an_admin_finishes_a_cohort_on_one_page_having_seen_what_it_does(cast, now):
    now.at = NOON
    done(cast, cast.mina)
    ada, page = browser(cast.ada), reverse("graduations", args=["spring"])

    first, shown = ada.get(page), ada.post(page, {"show": "effect"})
    assert [one.name for one in first.context["ready"]] == ["Mina"]
    assert ("Mina has finished" in words(shown), state_of(cast, cast.mina)[0]) == (True, State.ACTIVE)
    ada.post(page)

    after = ada.get(page)
    assert [one.name for one in after.context["finished"]] == ["Mina"]
    assert [one.name for one in after.context["going_on"]] == ["Noor"]
    assert state_of(cast, cast.mina)[0] == State.COMPLETED


def test_coaches_read_that_somebody_finished_and_only_admins_confirm_it(cast, now):
    now.at = NOON
    pk = graduated(cast, cast.mina).pk
    tomas, ada = browser(cast.tomas), browser(cast.ada)
    dates, back = reverse("client-dates", args=[pk]), reverse("client-graduation-back", args=[pk])

    assert ("Finished" in words(tomas.get(dates)), back in words(tomas.get(dates))) == (True, False)
    assert tomas.post(back).status_code == 404
    assert back in words(ada.get(dates))
    ada.post(back)
    assert state_of(cast, cast.mina)[0] == State.ACTIVE


def test_a_graduate_reads_that_they_finished_and_not_that_they_left(cast, now):
    now.at = NOON
    graduated(cast, cast.mina)

    seen = words(browser(cast.mina).get(reverse("week", args=[1])))

    assert ("You have finished." in seen, "You have left" in seen) == (True, False)


@pytest.mark.parametrize("people", [1, 3, 50])
def test_the_page_takes_as_many_queries_for_one_person_as_for_fifty(cast, now, people):
    now.at = NOON
    for number in range(people - 1):
        roads.client(cast.autumn, roads.person(f"Person{number}"))
    ada, page = browser(cast.ada), reverse("graduations", args=["autumn"])
    ada.get(page)

    with CaptureQueriesContext(connection) as queries:
        ada.get(page)

    assert len(queries) == 18


def test_the_road_waives_what_is_missing(cast):
    assert graduates.of(roads_to_the_end.done(cast, cast.mina), at=NOON).is_ready


def test_nothing_is_late_of_whoever_has_finished(cast):
    late = [one for one in progress.standings(cast.enrolment(cast.mina), at=NOON) if one.is_late]

    enrolment = graduated(cast, cast.mina)

    standings = progress.standings(enrolment, at=NOON + timedelta(days=1))
    counts = counted.of(enrolment, at=NOON + timedelta(days=1))
    assert len(late) > 0
    assert [one.exercise.key for one in (*standings, *counts) if one.is_late] == []
