"""Blind pairs on the pages and at the API: what a reader is served tells nothing but the two texts."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Notice
from coaching import pairing, pairs
from coaching.models import PairConsent, PairRating
from tests import roads
from tests.coaching.web.test_coach_pages import page, post, words
from tests.coaching.web.visiting import browser
from tests.doors.asking import Api
from tests.pairing import AFTER, allowed, asked, both_texts, levels, rated


@pytest.fixture
def here(now):
    now.at = AFTER
    return now


@pytest.fixture
def rating(cast, here):
    return asked(cast, cast.mina, cast.ines)


def form(rating, **changes):
    given = levels(rating)
    return {f"{side}-level-{key}": one for side, found in given.items() for key, one in found.items()} | changes


def turned(rating):
    """The same pair with its order the other way round."""
    PairRating.objects.filter(pk=rating.pk).update(late_first=not rating.late_first)


def without_secrets(text):
    """What differs with every request, whatever it is about."""
    return re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken|nonce)[^>]*', "", text)


# --- Nothing gives it away ----------------------------------------------------------------------------


def test_the_page_is_to_the_letter_the_same_for_either_order_but_for_the_texts_themselves(cast, rating):
    """Whoever guesses has the two texts and nothing else: no id, class, header, comment or order goes with them."""
    ines = browser(cast.ines)
    one = page(ines, "pair", rating.token)
    first, second = (html.escape(text) for text in pairs.blind(rating).texts)

    turned(rating)
    other = page(ines, "pair", rating.token)

    swapped = other.content.decode().replace(first, "¤").replace(second, first).replace("¤", second)
    assert without_secrets(one.content.decode()) == without_secrets(swapped)
    assert one.content.decode().index(first) < one.content.decode().index(second)
    assert one.headers.keys() == other.headers.keys()


def test_the_answer_of_the_api_is_the_same_for_either_order_but_for_the_texts_and_has_no_number_in_it(cast, rating):
    api = Api(cast.ines)
    one = api.get(f"pairs/{rating.token}/").json()

    turned(rating)
    other = api.get(f"pairs/{rating.token}/").json()

    assert other["texts"] == {"first": one["texts"]["second"], "second": one["texts"]["first"]}
    assert one | {"texts": ""} == other | {"texts": ""}
    assert set(one) == {"token", "title", "rated", "texts", "criteria"}
    assert {name for criterion in one["criteria"] for name in criterion} == {"key", "title", "essential", "anchors"}
    assert re.findall(r'": \d', json.dumps(one)) == []


def test_nothing_a_reader_is_served_names_the_client_their_cohort_zone_coach_exercise_or_a_day(cast, rating, now):
    ines, api = browser(cast.ines), Api(cast.ines)
    answers = [
        page(ines, "pair", rating.token),
        page(ines, "pairs"),
        page(ines, "calibration"),
        page(ines, "notices"),
        api.get("pairs/"),
        api.get(f"pairs/{rating.token}/"),
        api.get("me/notices/"),
    ]
    telling = ["Mina", "Noor", "Tomas", "Spring", "spring", "Chicago", "w1-t1", "w8-t8", "4 March", "23 April",
               "2026-03", "2026-04", "Week 1", "Week 8", "week 8", "again", "sound"]  # fmt: skip

    served = [(answer.content.decode() + str(answer.headers), answer.status_code) for answer in answers]

    assert {status for _text, status in served} == {200}
    assert [(number, word) for number, (text, _status) in enumerate(served) for word in telling if word in text] == []


def test_the_list_of_two_pairs_is_in_the_order_of_their_random_addresses(cast, rating):
    roads.client(cast.spring, cast.lena)
    second = asked(cast, cast.lena, cast.ines)

    linked = re.findall(r"/coach/pairs/([\w-]+)/", page(browser(cast.ines), "pairs").content.decode())
    found = list(dict.fromkeys(linked))

    assert found == sorted([rating.token, second.token])
    assert [row["token"] for row in Api(cast.ines).get("pairs/").json()] == found


def test_a_saved_pair_shows_no_text_and_no_answer_any_more(cast, rating):
    ines = browser(cast.ines)
    post(ines, "pair", rating.token, **form(rating))

    after, told = page(ines, "pair", rating.token), Api(cast.ines).get(f"pairs/{rating.token}/").json()

    assert "Saved. Thank you." in words(after)
    assert ("booking service" in words(after), told["rated"], told["texts"]) == (False, True, None)
    assert page(ines, "pairs").content.decode().count(rating.token) == 0


def test_the_bell_says_that_two_texts_wait_and_of_nobody(cast, rating, now):
    now.at = AFTER + timedelta(hours=1)
    (notice,) = Notice.objects.filter(person=cast.ines)

    told = words(page(browser(cast.ines), "notices"))

    assert "Two texts wait to be read blind" in told
    assert notice.cohort_id is None


# --- Reading ------------------------------------------------------------------------------------------


def test_what_is_missing_is_said_text_by_text_and_what_was_chosen_stays(cast, rating):
    sent = form(rating) | {"second-level-lead": ""}

    response = post(browser(cast.ines), "pair", rating.token, **sent)

    assert response.status_code == 422
    assert "The second text needs a look" in words(response)
    assert "The first text needs a look" not in words(response)
    assert response.content.decode().count(" checked") == 9


def test_the_desk_leads_to_what_waits(cast, rating):
    assert reverse("pairs") in page(browser(cast.ines), "calibration").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_a_pair_costs_the_same_however_many_wait(cast, here, django_assert_num_queries, count):
    for number in range(count):
        who = roads.person(f"Client{number}")
        roads.client(cast.spring, who)
        both_texts(who)
        pairing.consent(cast.enrolment(who), by=who, at=AFTER)
        one = pairing.ask(cast.enrolment(who), rater=cast.ines, by=cast.ada, at=AFTER)
    ines = browser(cast.ines)

    with django_assert_num_queries(17):
        page(ines, "pair", one.token)
    with django_assert_num_queries(12):
        page(ines, "pairs")


# --- Admins and clients -------------------------------------------------------------------------------


def test_an_admin_asks_sees_who_has_read_and_how_far_two_agree(cast, here):
    allowed(cast, cast.mina)
    theo, ada = roads.person("Theo"), browser(cast.ada)
    roads.coach(roads.cohort("Reserve", by=cast.ada), theo)
    before = words(page(ada, "blind-pairs"))

    for rater in (cast.ines, theo):
        post(ada, "blind-pairs-ask", cast.enrolment(cast.mina).pk, rater=rater.pk)
    for one in PairRating.objects.select_related(*pairs.OF_A_RATING, "rater"):
        rated(one, early=1, late=4)

    after = words(page(ada, "blind-pairs"))
    assert "Nobody was asked. Who reads Mina Ines Theo Ask" in before
    assert "Ines: has read · Theo: has read" in after
    assert "1.00 weighted kappa, from 10 levels of 1 pair. Two coaches who know neither client nor week" in after
    assert ("booking service" in after, "level-" in after) == (False, False)


def test_an_admin_who_asks_somebody_who_knows_the_client_is_told_so(cast, here):
    allowed(cast, cast.mina)

    response = post(browser(cast.ada), "blind-pairs-ask", cast.enrolment(cast.mina).pk, rater=cast.tomas.pk)

    assert (response.status_code, PairRating.objects.count()) == (409, 0)
    assert "Tomas knows Mina. Ask somebody who never taught them." in words(response)


@pytest.mark.parametrize("rater", ["", "x", "99999999999", "-1"])
def test_a_reader_who_is_nobody_is_not_there(cast, here, rater):
    allowed(cast, cast.mina)

    assert post(browser(cast.ada), "blind-pairs-ask", cast.enrolment(cast.mina).pk, rater=rater).status_code == 404


def test_a_client_allows_it_on_a_page_of_their_own_and_takes_it_back(cast, here):
    mina = browser(cast.mina)
    before = words(page(mina, "compared"))
    post(mina, "compared", allow="yes")
    allowed_ = words(page(mina, "compared"))
    post(mina, "compared", allow="no")

    assert "They do not hear your recordings." in before and "Allow it" in before
    assert "You allowed it today 12:00" in allowed_ or "You allowed it" in allowed_
    assert PairConsent.objects.get().withdrawn_at == AFTER
    assert reverse("compared") in page(mina, "progress").content.decode()
