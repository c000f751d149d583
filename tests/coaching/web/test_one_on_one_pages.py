"""1:1s as a browser without scripts uses them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clients import planning, submitting
from clients.models import OneOnOne
from curriculum import clock
from tests import keeping, roads
from tests.keeping import HEARD, MOVES, WEEK_7

PLAN = MOVES | {"date": "2026-04-20", "with_whom": "manager", "client_key": "one"}
SAID = {
    "heard": HEARD,
    "will_do-0-action": "Lead the address check",
    "will_do-0-by": "2026-06-30",
    "status_sent_before": "yes",
}


@pytest.fixture
def now(monkeypatch):
    hand = type("Clock", (), {"at": WEEK_7})()
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand


@pytest.fixture
def mina(cast, now):
    client = Client()
    client.force_login(cast.mina)
    return client


def words(response):
    return " ".join(response.content.decode().split())


def headline(response):
    return words(response).split("<h1>")[1].split("</h1>")[0]


def test_before_week_7_it_says_when_the_planner_opens_and_offers_nothing(mina, now):
    now.at = WEEK_7 - timedelta(days=7)

    page = mina.get(reverse("one-on-ones"))

    assert "The planner opens with week 7." in words(page)
    assert reverse("one-on-one-new") not in words(page)
    assert mina.get(reverse("one-on-one-new")).headers["Location"] == "/one-on-ones/"
    assert mina.post(reverse("one-on-one-new"), PLAN).status_code == 409


def test_an_empty_planner_says_how_to_begin_and_has_one_thing_to_do(mina):
    page = mina.get(reverse("one-on-ones"))

    assert headline(page) == "No 1:1 is planned"
    assert "Begin with the question you would ask if you had only one." in words(page)
    assert words(page).count('class="btn primary"') == 1


def test_a_plan_asks_the_four_moves_with_words_to_begin_from(mina):
    page = words(mina.get(reverse("one-on-one-new")))

    assert page.count('<fieldset class="move"') == 4
    assert "What would you need to see from me to put me forward for …?" in page
    assert "Within 14 days" not in page
    assert "Save: you and Tomas can read this" in page


def test_a_plan_is_kept_once_however_often_it_is_sent_and_rests_on_its_lines(mina, cast):
    line = keeping.line(cast.mina)

    for _twice in range(2):
        answer = mina.post(reverse("one-on-one-new"), PLAN | {"ledger_refs": [line.pk]})

    one = OneOnOne.objects.get()
    assert answer.headers["Location"] == f"/one-on-ones/{one.pk}/"
    assert list(one.lines.all()) == [line]


def test_what_is_to_be_mended_stands_under_its_field_and_nothing_typed_is_lost(mina, cast):
    line = keeping.line(cast.mina)

    answer = mina.post(
        reverse("one-on-one-new"), PLAN | {"date": "", "ask_words": "What is missing?", "ledger_refs": [line.pk]}
    )

    assert answer.status_code == 422
    assert "2 things to change" in words(answer)
    assert "At least 5 words here; this has 3." in words(answer)
    assert f'value="{line.pk}" checked' in words(answer)
    assert OneOnOne.objects.count() == 0


def test_the_ledger_offers_what_the_coach_could_read_and_nobody_elses(mina, cast):
    keeping.line(cast.mina, what="Everybody can read this very line.")
    keeping.line(cast.mina, what="Nobody else can read this line.", visibility="private")
    keeping.line(cast.noor, what="This is the line of another client.")

    page = words(mina.get(reverse("one-on-one-new")))

    assert "Everybody can read this very line." in page
    assert "Nobody else can read this line." not in page
    assert "This is the line of another client." not in page


def test_a_new_plan_asks_first_what_became_of_the_last_ones_promises(mina, cast):
    one = keeping.held(cast.mina)

    page = words(mina.get(reverse("one-on-one-new")))
    assert "You said you would. Did it happen?" in page
    assert page.index("Lead the address check") < page.index('<fieldset class="move"')
    assert "By 30 June" in page

    for index, done in enumerate(("yes", "no")):
        back = mina.post(reverse("one-on-one-action", args=[one.pk, index]), {"done": done, "then": "new"})
        assert back.headers["Location"] == "/one-on-ones/new/"
    assert [action["done"] for action in OneOnOne.objects.get().actions] == [True, False]
    assert "Did it happen?" not in words(mina.get(reverse("one-on-one-new")))


def test_still_open_stays_open_and_done_can_be_opened_again(mina, cast):
    one = keeping.held(cast.mina)
    address = reverse("one-on-one-action", args=[one.pk, 0])

    mina.post(address, {"done": "yes"})
    mina.post(address, {"done": "open"})

    assert OneOnOne.objects.get().actions[0]["done"] is None


def test_one_to_come_opens_at_its_plan_and_one_whose_day_has_passed_at_what_was_heard(mina, cast):
    ahead = keeping.planned(cast.mina, day="2026-04-16")
    today = keeping.planned(cast.mina, day="2026-04-15")
    past = keeping.planned(cast.mina, day="2026-04-14")

    def opened(one, query=""):
        return mina.get(reverse("one-on-one", args=[one.pk]) + query).templates[0].name.split("/")[-1]

    plan, heard = "one_on_one_plan.html", "one_on_one_heard.html"
    assert [opened(one) for one in (ahead, today, past)] == [plan, plan, heard]
    assert [opened(ahead, "?heard=1"), opened(today, "?heard=1"), opened(past, "?plan=1")] == [plan, heard, plan]
    assert headline(mina.get(reverse("one-on-ones"))) == "What did you hear on Tuesday 14 April?"


def test_what_was_heard_is_written_down_and_put_right(mina, cast):
    one = keeping.planned(cast.mina, day="2026-04-14")
    hold = reverse("one-on-one-hold", args=[one.pk])

    short = mina.post(hold, SAID | {"heard": "Keep doing what you do."})
    assert (short.status_code, "At least 15 words here; this has 5." in words(short)) == (422, True)

    assert mina.post(hold, SAID).headers["Location"] == f"/one-on-ones/{one.pk}/"
    shown = words(mina.get(reverse("one-on-one", args=[one.pk])))
    assert HEARD in shown
    assert "You said you would. Did it happen?" in shown

    form = mina.get(reverse("one-on-one", args=[one.pk]) + "?heard=1").context["form"]
    assert (form["heard"].value(), form["status_sent_before"].value()) == (HEARD, "yes")


def test_a_plan_is_changed_and_removed(mina, cast):
    one = keeping.planned(cast.mina, day="2026-04-20")

    mina.post(reverse("one-on-one", args=[one.pk]), PLAN | {"date": "2026-04-21", "ask_words": ""})
    changed = OneOnOne.objects.get()
    assert (changed.date.isoformat(), changed.content["ask_words"]) == ("2026-04-21", "")

    mina.post(reverse("one-on-one-remove", args=[one.pk]))
    assert OneOnOne.objects.count() == 0


def test_the_dots_are_words_too(mina, cast):
    keeping.planned(cast.mina)

    assert 'aria-label="Connect yes, Surface yes, Ask yes, Flag no"' in words(mina.get(reverse("one-on-ones")))


def test_beside_the_ledger_stands_what_comes_next(mina, cast, now):
    keeping.line(cast.mina)
    keeping.planned(cast.mina, day="2026-04-20")

    assert "Your next 1:1: Monday 20 April" in words(mina.get(reverse("ledger")))
    now.at = WEEK_7 - timedelta(days=7)
    assert "Your next 1:1" not in words(mina.get(reverse("ledger")))


def test_a_days_field_keeps_what_is_no_day_as_it_was_typed(mina, cast):
    one = keeping.planned(cast.mina, day="2026-04-14")

    answer = words(mina.post(reverse("one-on-one-hold", args=[one.pk]), SAID | {"will_do-0-by": "soon"}))

    assert '<input type="text" class="input" id="id_will_do-0-by" name="will_do-0-by" value="soon"' in answer
    assert '<input type="date" class="input" id="id_will_do-1-by"' in answer


@pytest.mark.parametrize("name", ["noor", "omar", "tomas", "ines", "ada", "lena"])
def test_nobody_else_finds_a_1_to_1(cast, now, name):
    one = keeping.held(cast.mina)
    client = Client()
    client.force_login(getattr(cast, name))
    page = reverse("one-on-one", args=[one.pk])

    answers = [
        client.get(page),
        client.post(page, PLAN),
        client.post(reverse("one-on-one-hold", args=[one.pk]), SAID),
        client.post(reverse("one-on-one-action", args=[one.pk, 0]), {"done": "yes"}),
        client.post(reverse("one-on-one-remove", args=[one.pk])),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert MOVES["ask_words"] not in words(client.get(reverse("one-on-ones")))


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_planner_takes_the_same_queries_however_many_there_are(mina, cast, count, django_assert_num_queries):
    for number in range(count):
        one = keeping.planned(cast.mina, day=f"2026-0{1 + number % 4}-1{number % 5}")
        planning.hold(one, heard=HEARD, actions=keeping.WILL_DO, status_sent_before="no", by=cast.mina, at=WEEK_7)
    mina.get(reverse("one-on-ones"))

    with django_assert_num_queries(7):
        mina.get(reverse("one-on-ones"))
    with django_assert_num_queries(8):
        mina.get(reverse("one-on-one-new"))
    with django_assert_num_queries(8):
        mina.get(reverse("ledger"))


def test_two_windows_of_the_homework_show_the_lines_they_chose_by_their_words(mina, cast):
    one = keeping.line(cast.mina, what="Labels explain themselves to support by now.")
    other = keeping.line(cast.mina, what="Finance closes the month a day earlier.")
    answer, piece = keeping.homework(one), roads.piece(cast.mina, "w7-x1")
    submitting.save_draft(piece, answer=answer, revision=piece.draft_revision, by=cast.mina, at=WEEK_7)
    sent = {"revision": piece.draft_revision, "ledger_refs": [other.pk]}

    page = mina.post(reverse("work-draft", args=["w7-x1"]), sent)

    shown = {(each.mine, each.theirs) for each in page.context["differences"]}
    assert (page.status_code, (other.what, one.what) in shown) == (409, True)
