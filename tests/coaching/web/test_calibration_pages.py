"""Calibrating on the pages, and what they say to whom."""

import pytest
from django.urls import reverse

from coaching import calibrating
from coaching.models import ExemplarMark, LetOff
from tests import roads
from tests.calibrating import exemplars, newcomer, scored
from tests.coaching.web.test_coach_pages import KEEP, page, post, words, written
from tests.coaching.web.visiting import browser
from tests.doors.asking import Api
from tests.roads import WEEK_1


@pytest.fixture
def vera(cast, now):
    return newcomer(cast.spring)


@pytest.fixture
def desk(vera):
    return browser(vera)


def levels(one, **changes):
    given = {f"level-{key}": level for key, level in one.reference.items()}
    return {"exemplar": one.key} | given | changes


def test_the_review_page_sends_a_newcomer_to_the_exemplars_and_shows_the_form_afterwards(cast, vera, desk):
    piece = roads.handed_in(cast.mina).submission
    before = page(desk, "review", piece.pk)

    scored(vera, cast.spring)

    after = page(desk, "review", piece.pk)
    address = reverse("calibration-sheet", args=["r-trans"])
    told = "Before your first review by “Translation”, score its exemplars. It takes about ten minutes."
    assert (told in words(before), address in before.content.decode()) == (True, True)
    assert ('id="feedback-form"' in before.content.decode(), 'id="feedback-form"' in after.content.decode()) == (
        False,
        True,
    )


def test_a_form_from_before_is_refused_in_the_same_words_and_keeps_what_was_typed(cast, vera, desk):
    piece = roads.handed_in(cast.mina).submission

    response = post(desk, "review-draft", piece.pk, **written(piece))

    assert response.status_code == 409
    assert "Before your first review by “Translation”, score its exemplars." in words(response)
    assert KEEP in words(response)


def test_exemplars_come_one_by_one_and_the_reference_after_each(cast, desk):
    first, second, *_others = exemplars(cast.spring)
    before = words(page(desk, "calibration-sheet", "r-trans"))

    response = post(desk, "calibration-sheet", "r-trans", **levels(first, **{"level-lead": 2}))

    after = words(page(desk, "calibration-sheet", "r-trans"))
    assert response.headers["Location"] == f"{reverse('calibration-sheet', args=['r-trans'])}#scored-{first.key}"
    assert (first.about in before, first.why["lead"] in before) == (True, False)
    assert "Exemplar 2 of 5" in after and second.about in after
    assert f"You gave 2, the reference is 4: stricter. {first.why['lead']}" in after
    assert "Only you see this." in after


def test_a_level_that_is_missing_is_asked_for_and_the_others_are_kept(cast, desk):
    first = exemplars(cast.spring)[0]

    response = post(desk, "calibration-sheet", "r-trans", **levels(first, **{"level-lead": ""}))

    assert (response.status_code, ExemplarMark.objects.count()) == (422, 0)
    assert "Conclusion first : Choose a level." in words(response).replace("first:", "first :")
    assert response.content.decode().count(" checked") == len(first.reference) - 1


def test_the_overview_says_how_far_one_has_come(cast, vera, desk):
    scored(vera, cast.spring)
    calibrating.score(exemplars(cast.spring, "r-write")[0], levels=exemplars(cast.spring, "r-write")[0].reference,
                      by=vera, at=WEEK_1)  # fmt: skip

    told = words(page(desk, "calibration"))

    assert "Translation Done" in told
    assert "Upward writing 1 of 5 scored" in told
    assert "Promotion case 0 of 5 scored" in told


@pytest.mark.parametrize("scored_ones", [1, 3])
def test_a_sheet_costs_the_same_with_one_and_with_three(cast, vera, desk, django_assert_num_queries, scored_ones):
    for one in exemplars(cast.spring)[:scored_ones]:
        calibrating.score(one, levels=one.reference, by=vera, at=WEEK_1)

    with django_assert_num_queries(11):
        page(desk, "calibration-sheet", "r-trans")


def test_an_admin_sees_who_is_done_lets_off_and_asks_again(cast, vera):
    scored(vera, cast.spring, by=1)
    ada = browser(cast.ada)
    response = page(ada, "calibration-standings")

    silent = post(ada, "calibration-let-off", vera.pk, reason=" ")
    post(ada, "calibration-let-off", vera.pk, reason="Wrote the rubrics")
    off = words(page(ada, "calibration-standings"))
    post(ada, "calibration-ask-again", vera.pk)

    assert "Vera Done: Translation. Not yet: Promotion case, Clear correction" in words(response)
    assert (silent.status_code, "Say why, in a few words." in words(silent)) == (422, True)
    assert "Let off: Wrote the rubrics" in off
    assert LetOff.objects.filter(coach=vera, ended_at=None).count() == 0


def test_nothing_but_a_coach_s_own_page_and_answer_tells_their_distance(cast, vera):
    """Everything an admin can ask for about coaches and calibration, at both doors."""
    scored(vera, cast.spring, by=1)
    ada = browser(cast.ada)

    texts = [
        page(ada, "calibration-standings").content.decode(),
        str(Api(cast.ada).get("coaches/calibration/").json()),
    ]

    assert [word for text in texts for word in ("milder", "stricter", "0.4", "level-", "lean") if word in text] == []
    assert [page(ada, "calibration-sheet", "r-trans").status_code, Api(cast.ada).get("calibration/").status_code] == [
        404,
        404,
    ]


def test_the_api_has_what_the_pages_have(cast, vera, now):
    api, first = Api(vera), exemplars(cast.spring)[0]
    before = api.get("calibration/r-trans/").json()["exemplars"][0]

    sent = api.post("calibration/r-trans/", exemplar=first.key, levels=first.reference | {"lead": 2})

    after = sent.json()
    assert (before["reference"], before["why"], before["levels"]) == ({}, {}, {})
    assert after["exemplars"][0]["reference"] == first.reference
    assert after["distances"][0] == {"title": "All criteria", "n": 5, "off": 0.4, "lean": -0.4, "words": "stricter"}
    assert api.get("calibration/").json()[-2] == {
        "rubric": "r-trans", "title": "Translation", "scored": 1, "exemplars": 5, "done": False,
    }  # fmt: skip


def test_the_list_leads_with_what_is_left_before_the_next_review_and_one_way_on(cast, vera, desk):
    first, second, *others = exemplars(cast.spring)
    begin = page(desk, "calibration")
    roads.handed_in(cast.mina)
    waits = page(desk, "calibration")
    for one in (first, second):
        post(desk, "calibration-sheet", "r-trans", **levels(one))
    begun = page(desk, "calibration")
    for one in others:
        post(desk, "calibration-sheet", "r-trans", **levels(one))
    done = page(desk, "calibration")

    assert "left before your first review by" in words(begin)
    assert "5 of 5 left before your first review by “Translation”" in words(waits)
    assert "3 of 5 left before your first review by “Translation”" in words(begun)
    assert [one.content.decode().count("btn primary") for one in (begin, waits, begun)] == [1, 1, 1]
    assert "before your first review by “Translation”" not in words(done)


def test_whoever_is_let_off_reads_that_first(cast, vera, desk):
    calibrating.let_off(vera, reason="Scored them on paper", by=cast.ada, at=WEEK_1)

    assert "You are let off: review at once" in words(page(desk, "calibration"))


@pytest.mark.parametrize("waiting", [1, 2])
def test_the_list_costs_the_same_however_much_waits(cast, desk, django_assert_num_queries, waiting):
    for who in (cast.mina, cast.noor)[:waiting]:
        roads.handed_in(who)
    page(desk, "calibration")

    with django_assert_num_queries(8):
        page(desk, "calibration")
