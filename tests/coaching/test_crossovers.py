"""Going over to a newer edition is shown before it is done; what is planned follows, and letters go where dates move."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients import crossing, crossings, submitting
from clients.models import Cohort, Crossing, Message, Submission
from coaching import crossing_letters, crossovers, feedbacks, reconciling, switching
from coaching.models import Milestone
from tests import roads
from tests.clients.test_crossing import (
    begun,
    in_another_week,
    reworded,
    with_more,
    without_a_field,
    without_an_exercise,
)
from tests.coaching.web.visiting import browser
from tests.doors.asking import Api
from tests.issuing import next_edition
from tests.roads import WEEK_1

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = WEEK_1 + 6 * HOUR


def here(cast):
    return Cohort.objects.select_related("edition").get(pk=cast.spring.pk)


def over(cast, edition, at=LATER):
    return crossing.cross(here(cast), edition, by=cast.ada, at=at, seen=crossings.between(here(cast), edition).seal)


def planned(cast):
    rows = Milestone.objects.of_cohort(cast.spring).filter(state="pending")
    return set(rows.values_list("kind", "enrolment", "week", "rung", "due_at"))


def words(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_looking_changes_nothing(cast):
    edition, stood = next_edition(cast.spring.edition, with_more), planned(cast)

    crossovers.foresee(here(cast), edition, by=cast.ada, at=LATER)

    assert (here(cast).edition, planned(cast), Crossing.objects.exists()) == (cast.spring.edition, stood, False)


def test_it_says_client_by_client_what_keeps_its_place_stays_goes_and_comes(cast):
    def change(draft):
        without_a_field(draft)
        without_an_exercise(draft)

    edition = next_edition(cast.spring.edition, change)
    roads.handed_in(cast.mina)

    effect = crossovers.foresee(here(cast), edition, by=cast.ada, at=LATER)

    mina, noor = effect.clients
    four, plan = roads.piece(cast.mina).exercise.title, roads.piece(cast.mina, "w1-x2").exercise.title
    assert (mina.name, mina.along, mina.moved, mina.fresh) == ("Mina", 0, (), ())
    assert [(one.title, one.week, one.state) for one in mina.stays] == [(four, 1, "handed_in")]
    assert [one.title for one in mina.gone] == [plan]
    assert (noor.along, noor.stays, [one.title for one in noor.gone]) == (0, (), [plan])
    assert (effect.change, {one.kind for one in effect.reasons}) == ("breaking", {"breaking"})


def test_no_message_moves_where_only_words_change(cast):
    edition, stood = next_edition(cast.spring.edition, reworded), planned(cast)
    effect = crossovers.foresee(here(cast), edition, by=cast.ada, at=LATER)

    over(cast, edition)

    assert not effect.effect.is_touched
    assert planned(cast) == stood
    assert not Message.objects.filter(posted_at=LATER).exists()
    assert reconciling.plan_anew(here(cast), at=LATER) == 0


def test_what_is_planned_follows_the_rules_of_the_edition_and_comes_back_with_the_old_one(cast):
    def change(draft):
        draft.milestone_plans.filter(kind="nudge.midweek").delete()
        draft.milestone_plans.filter(kind="due.last").update(time="07:00")

    edition, stood = next_edition(cast.spring.edition, change), planned(cast)
    effect = crossovers.foresee(here(cast), edition, by=cast.ada, at=LATER).effect
    gone = {row for row in stood if row[0] == "nudge.midweek"}

    made = over(cast, edition)

    now = planned(cast)
    assert gone
    assert {row[:4] for row in stood} - {row[:4] for row in now} == {row[:4] for row in gone}
    assert effect.cancelled == len(gone)
    assert effect.moved == len({row for row in stood if row[0] == "due.last"})
    assert reconciling.plan_anew(here(cast), at=LATER) == 0
    crossing.undo(made, by=cast.ada, at=LATER + HOUR)
    assert {row for row in planned(cast) if row[4] > LATER + HOUR} == {row for row in stood if row[4] > LATER + HOUR}


def test_what_waits_to_leave_without_words_any_more_does_not_leave(cast):
    Message.objects.filter(cohort=cast.spring, state="queued").update(kind="welcome")
    edition = next_edition(cast.spring.edition, lambda draft: draft.message_texts.filter(key="welcome").delete())

    over(cast, edition)

    left = Message.objects.filter(cohort=cast.spring, kind="welcome")
    assert set(left.filter(state="cancelled").values_list("reason", flat=True)) <= {switching.NO_WORDS}
    assert not left.filter(state="queued").exists()


def test_whoever_has_something_in_another_week_hears_of_it_and_nobody_else(cast):
    edition = next_edition(cast.spring.edition, in_another_week)
    begun(cast.noor)
    Submission.objects.filter(pk=roads.piece(cast.noor, "w1-x2").pk).update(attempts_made=1)
    effect = crossovers.foresee(here(cast), edition, by=cast.ada, at=LATER)

    over(cast, edition)

    told = Message.objects.filter(kind="edition.dates")
    assert [one.person for one in told] == [cast.mina]
    assert [(one.to, one.title) for one in effect.effect.letters] == [("Mina", "an exercise is in another week")]
    assert [[piece.week for piece in one.moved] for one in effect.clients] == [[3], []]
    written = crossing_letters.letter(told.get(), LATER)
    assert f"“{roads.piece(cast.mina, 'w1-x2').exercise.title}” belongs to week 3 now" in written.text
    assert crossing_letters.guard(told.get(), LATER) is None


@pytest.mark.parametrize("clients", [1, 3])
def test_looking_takes_as_many_queries_for_three_clients_as_for_more(cast, clients):
    edition = next_edition(cast.spring.edition, with_more)
    for number in range(clients):
        roads.client(cast.spring, roads.person(f"Nia{number}"))
    crossovers.foresee(here(cast), edition, by=cast.ada, at=LATER)

    with CaptureQueriesContext(connection) as queries:
        crossovers.foresee(here(cast), edition, by=cast.ada, at=LATER)

    assert len(queries) == 138


def test_levels_from_before_stand_beside_those_given_by_the_same_anchors_since(cast):
    first = roads.answered(cast.mina, cast.tomas, another=True, level=2)
    over(cast, next_edition(cast.spring.edition, reworded), at=WEEK_1 + DAY)
    piece = submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_1 + 2 * DAY)
    second = submitting.hand_in(piece, by=cast.mina, at=WEEK_1 + 2 * DAY)

    then = feedbacks.as_of(second, first.attempt, feedbacks.levels_of(first))

    assert second.rubric_id != first.attempt.rubric_id
    assert set(then.values()) == {2}
    assert set(then) <= {criterion.pk for criterion in feedbacks.criteria_of(second)}
    assert len(then) == len(feedbacks.levels_of(first))


# --- The pages ------------------------------------------------------------------------------------------


def test_an_admin_looks_says_yes_and_takes_it_back(cast, now):
    edition = next_edition(cast.spring.edition, without_a_field)
    roads.drafted(cast.mina)
    ada, page, now.at = browser(cast.ada), reverse("cohort-edition", args=["spring"]), LATER

    looked = ada.post(page, {"edition": edition.pk, "show": "effect"})
    seen = re.search(r'name="seen" value="(\w+)"', looked.content.decode())[1]
    assert "Nothing has happened yet." in words(looked)
    assert "goes on in the form it was begun in" in words(looked)
    refused = ada.post(page, {"edition": edition.pk})
    assert (refused.status_code, here(cast).edition) == (409, cast.spring.edition)
    done = ada.post(page, {"edition": edition.pk, "seen": seen}, follow=True)
    assert (done.status_code, here(cast).edition) == (200, edition)
    assert "Undo it" in words(done)
    ada.post(reverse("cohort-edition-undo", args=["spring"]))
    assert here(cast).edition == cast.spring.edition


def test_the_api_goes_over_by_what_it_has_shown(cast, now):
    edition = next_edition(cast.spring.edition, without_a_field)
    api, path, now.at = Api(cast.ada), f"cohorts/{cast.spring.pk}/edition/", LATER

    effect = api.post(f"{path}effect/", edition=edition.pk).json()
    made = api.post(path, edition=edition.pk, seen=effect["seen"]).json()

    assert (effect["change"], made["change"], made["entered"]["id"]) == ("breaking", "breaking", edition.pk)
    assert [one["name"] for one in effect["clients"]] == ["Mina", "Noor"]


def test_nobody_but_an_admin_finds_it(cast):
    for who in (cast.tomas, cast.mina, cast.lena):
        assert browser(who).get(reverse("cohort-edition", args=["spring"])).status_code == 404
        assert Api(who).post(f"cohorts/{cast.spring.pk}/edition/", edition=1).status_code == 404


def test_everybody_goes_on_working_on_the_newer_edition(cast):
    edition = next_edition(cast.spring.edition, with_more)
    over(cast, edition)

    feedback = roads.answered(cast.mina, cast.tomas, at=LATER)

    assert feedback.attempt.edition == edition
    assert feedback.attempt.rubric.edition == edition
    page = browser(cast.mina).get(reverse("this-week"))
    assert page.status_code == 200
