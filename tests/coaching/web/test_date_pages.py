"""Dates that give way, as browsers without scripts use them: more time, yes and no, holds, excusals, weeks off."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from clients import excusing, extending, holding, moving
from clients.models import BreakWeek, CohortShift, Excusal, Extension, Hold
from tests import roads
from tests.coaching.web.visiting import browser
from tests.roads import WEEK_1, WEEK_2

DAY = timedelta(days=1)


@pytest.fixture
def mina(cast, now):
    return browser(cast.mina)


@pytest.fixture
def tomas(cast, now):
    return browser(cast.tomas)


@pytest.fixture
def ada(cast, now):
    return browser(cast.ada)


def page(client, name, /, *args):
    return client.get(reverse(name, args=args))


def post(client, name, /, *args, **sent):
    return client.post(reverse(name, args=args), sent, follow=True)


def words(response):
    body = response.content.decode().partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def asked(cast, day=15):
    return extending.ask(
        roads.piece(cast.mina), until=date(2026, 3, day), by=cast.mina, at=WEEK_1, note="Two releases."
    )


# --- More time ------------------------------------------------------------------------------------------


def test_a_piece_leads_to_more_time_and_three_days_hold_at_once(mina, cast):
    assert reverse("more-time", args=["w1-x1"]) in page(mina, "work", "w1-x1").content.decode()
    offered = page(mina, "more-time", "w1-x1").content.decode()
    assert re.findall(r'value="(2026-03-\d\d)"', offered) == ["2026-03-09", "2026-03-10", "2026-03-11"]

    after = post(mina, "more-time", "w1-x1", until="2026-03-11")

    assert "You have until the end of Wednesday 11 March." in after.content.decode()
    assert Extension.objects.get().state == "granted"


def test_what_more_time_changes_can_be_looked_at_first(mina, cast):
    looked = post(mina, "more-time", "w1-x1", until="2026-03-11", show="effect")

    assert "Week 1, The four answers, is due Sun 8 Mar 23:59 → Wed 11 Mar 23:59" in words(looked)
    assert 'value="2026-03-11" required id="id_until_2" checked' in looked.content.decode()
    assert Extension.objects.count() == 0


def test_beyond_that_a_fortnight_is_on_offer_and_the_coach_is_asked(mina, cast):
    post(mina, "more-time", "w1-x1", until="2026-03-11")
    offered = page(mina, "more-time", "w1-x1").content.decode()
    assert len(re.findall(r'value="2026-03-\d\d"', offered)) == 14

    after = post(mina, "more-time", "w1-x1", until="2026-03-20", note="Two releases.")

    assert "Your coach hears that you would like until the end of Friday 20 March." in after.content.decode()
    assert "asked for time until 20 March" in words(page(mina, "work", "w1-x1"))


def test_without_a_day_the_page_asks_for_one(mina):
    answer = mina.post(reverse("more-time", args=["w1-x1"]), {})

    assert (answer.status_code, "Choose a day." in words(answer)) == (422, True)


def test_what_is_late_offers_more_time_on_the_weeks_page(mina, now):
    now.at = WEEK_2

    assert "Ask for more time" in words(page(mina, "this-week"))


def test_where_more_time_makes_no_sense_the_page_says_why(mina, cast):
    roads.handed_in(cast.mina)

    assert "There is nothing to hand in here at the moment." in words(page(mina, "more-time", "w1-x1"))


def test_a_client_on_hold_reads_that_they_are(mina, cast):
    holding.hold(cast.enrolment(cast.mina), by=cast.tomas, at=WEEK_1)

    assert "You are on hold." in words(page(mina, "this-week"))


def test_an_excused_piece_says_so_and_can_be_written(mina, cast):
    excusing.excuse(cast.enrolment(cast.mina), roads.piece(cast.mina).exercise, reason="x", by=cast.tomas, at=WEEK_1)

    assert "Nobody waits for it" in words(page(mina, "this-week"))
    answer = page(mina, "work", "w1-x1")
    assert "excused: nobody waits for it" in words(answer)
    assert 'name="what"' in answer.content.decode()


# --- Yes and no -----------------------------------------------------------------------------------------


def test_the_queue_shows_who_asks_and_takes_yes(tomas, cast):
    question = asked(cast)
    assert "7 more days for week 1, The four answers, until 15 March. “Two releases.”" in words(page(tomas, "queue"))

    assert reverse("extension", args=[question.pk]) in page(tomas, "queue").content.decode()

    after = post(tomas, "extension", question.pk, answer="yes")

    assert "Mina has until 15 March." in after.content.decode()
    assert Extension.objects.get().state == "granted"


def test_the_page_behind_the_mail_changes_nothing_by_being_opened(tomas, cast):
    question = asked(cast)

    answer = page(tomas, "extension", question.pk)

    assert "Mina asks for 7 more days for week 1" in words(answer)
    assert "The four answers, is due Sun 8 Mar 23:59 → Sun 15 Mar 23:59" in words(answer)
    assert Extension.objects.get().state == "asked"


def test_no_is_no(tomas, cast):
    post(tomas, "extension", asked(cast).pk, answer="no")

    assert Extension.objects.get().state == "declined"


def test_what_was_answered_says_so(tomas, cast):
    question = asked(cast)
    extending.answer(question, grant=True, by=cast.tomas, at=WEEK_1)

    assert "This was answered already." in words(page(tomas, "extension", question.pk))


# --- One client's dates ----------------------------------------------------------------------------------


def test_the_board_leads_to_a_clients_file_and_that_to_their_dates(tomas, cast):
    pk = cast.enrolment(cast.mina).pk

    assert f'href="{reverse("client", args=[pk])}"' in page(tomas, "board", "spring").content.decode()
    assert f'href="{reverse("client-dates", args=[pk])}"' in page(tomas, "client", pk).content.decode()
    assert "Dates of Mina" in words(page(tomas, "client-dates", pk))


def test_a_coach_excuses_a_piece_and_asks_for_it_again(tomas, cast):
    pk = cast.enrolment(cast.mina).pk
    looked = post(tomas, "client-excuse", pk, exercise="w1-x1", reason="Parental leave", show="effect")
    assert "The four answers, is due Sun 8 Mar 23:59 → not asked for" in words(looked)
    assert "Week 1: Thursday, nothing started Thu 5 Mar 09:00 → falls away" in words(looked)
    assert Excusal.objects.count() == 0

    after = post(tomas, "client-excuse", pk, exercise="w1-x1", reason="Parental leave")
    assert "“Parental leave”" in words(after)
    assert "excused" in words(page(tomas, "board", "spring"))
    looked = post(tomas, "client-ask-again", pk, exercise="w1-x1", show="effect")
    assert "not asked for → Sun 8 Mar 23:59" in words(looked)
    after = post(tomas, "client-ask-again", pk, exercise="w1-x1")

    assert "is asked for again." in after.content.decode()
    assert Excusal.objects.get().ended_at == WEEK_1


def test_an_admin_sees_that_something_is_excused_and_not_why(ada, cast):
    mine = cast.enrolment(cast.mina)
    excusing.excuse(mine, roads.piece(cast.mina).exercise, reason="Parental leave", by=cast.tomas, at=WEEK_1)
    holding.hold(mine, reason="Depression", by=cast.tomas, at=WEEK_1)

    seen = [page(ada, "client-dates", mine.pk), page(ada, "cohort-board", "spring"), page(ada, "cohort", "spring")]

    assert "Excused" in words(seen[0])
    assert [secret for secret in ("Parental", "Depression") for one in seen if secret in one.content.decode()] == []


def test_without_a_reason_nothing_is_excused(tomas, cast):
    answer = tomas.post(
        reverse("client-excuse", args=[cast.enrolment(cast.mina).pk]), {"exercise": "w1-x1", "reason": ""}
    )

    assert (answer.status_code, "Say why, in a few words." in words(answer)) == (422, True)
    assert Excusal.objects.count() == 0


def test_a_hold_is_looked_at_first_and_then_made_and_ended(tomas, cast, now):
    pk = cast.enrolment(cast.mina).pk
    looked = post(tomas, "client-hold", pk, show="effect", reason="Ill")
    assert ("What changes" in words(looked), Hold.objects.count()) == (True, 0)

    assert "Nothing reaches them until they go on." in post(tomas, "client-hold", pk, reason="Ill").content.decode()
    now.at = WEEK_2
    looked = words(post(tomas, "client-go-on", pk, show="effect"))
    assert re.search(r"\d+ planned messages move\.", looked)
    assert Hold.objects.get().ended_at is None
    post(tomas, "client-go-on", pk)

    assert Hold.objects.get().ended_at == WEEK_2


# --- A cohort's dates ------------------------------------------------------------------------------------


def test_a_week_off_is_looked_at_person_by_person_before_it_is_set(ada, cast):
    looked = post(ada, "cohort-break", "spring", first_day="2026-03-16", reason="Easter", show="effect")
    told = words(looked)
    assert "Nothing has happened yet." in told
    assert "Week 3 Mon 16 Mar 08:00 → Mon 23 Mar 08:00" in told
    assert "Week 3 is due Sun 22 Mar 23:59 → Sun 29 Mar 23:59" in told
    assert BreakWeek.objects.count() == 0

    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', looked.content.decode()))
    post(ada, "cohort-break", "spring", **{name: hidden[name] for name in ("first_day", "reason")})

    assert "16 March 2026 week off, Easter" in words(page(ada, "cohort", "spring"))


def test_a_week_off_is_taken_back(ada, cast):
    week_off = moving.set_break(cast.spring, first_day=date(2026, 3, 16), by=cast.ada, at=WEEK_1)

    looked = post(ada, "cohort-break-drop", "spring", week_off.pk, show="effect")
    assert ("takes place after all" in words(looked), BreakWeek.objects.count()) == (True, 1)
    post(ada, "cohort-break-drop", "spring", week_off.pk)

    assert BreakWeek.objects.count() == 0


def test_everything_to_come_is_moved(ada, cast):
    looked = words(post(ada, "cohort-shift", "spring", days="7", show="effect"))
    assert "Everything to come moves by +7 days" in looked
    assert re.search(r"The whole cohort, its coaches and admins \d+ messages move", looked)

    post(ada, "cohort-shift", "spring", days="7")

    assert CohortShift.objects.get().days == 7


def test_a_pause_and_its_end_are_looked_at_first(ada, cast, now):
    looked = post(ada, "cohort-pause", "spring", reason="Fair", show="effect")
    assert ("Spring stands still" in words(looked), cast.spring.pauses.count()) == (True, 0)
    assert re.search(r"\d+ messages do not leave while everything stands still", words(looked))
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', looked.content.decode()))
    post(ada, "cohort-pause", "spring", reason=hidden["reason"])
    assert cast.spring.pauses.get().reason == "Fair"

    now.at = WEEK_2
    looked = words(post(ada, "cohort-resume", "spring", show="effect"))

    assert "Week 2 Mon 9 Mar 08:00 → Mon 16 Mar 08:00" in looked
    assert cast.spring.pauses.get().ended_at is None


@pytest.mark.parametrize(("name", "sent"), [("cohort-break", {"first_day": "soon"}), ("cohort-shift", {"days": "x"})])
def test_what_cannot_be_read_stays_in_the_form(ada, name, sent):
    answer = ada.post(reverse(name, args=["spring"]), sent)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_after_a_shift_pages_say_when_week_one_opens_now(ada, mina, cast, now):
    now.at = roads.BEFORE
    moving.shift(cast.spring, days=14, by=cast.ada, at=roads.BEFORE)

    assert "Week 1 on Monday 16 March 2026" in words(page(ada, "cohort", "spring"))
    assert "Your cohort starts on 16 March" in words(page(mina, "this-week"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_dates_of_a_client_take_the_same_queries_however_much_was_agreed(
    tomas, cast, rows, django_assert_num_queries
):
    mine = cast.enrolment(cast.mina)
    for key in ("w1-x1", "w1-x2", "w1-t1")[:rows]:
        excusing.excuse(mine, roads.piece(cast.mina, key).exercise, reason="x", by=cast.tomas, at=WEEK_1)
    page(tomas, "client-dates", mine.pk)

    with django_assert_num_queries(24):
        page(tomas, "client-dates", mine.pk)
