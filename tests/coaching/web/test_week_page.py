"""This week as its client sees it: what is counted, the quick log, the ledger's line, the focus, the end."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clients import assessing, joining
from clients.models import Cohort
from tests import keeping, roads
from tests.reliability import answers
from tests.roads import BEFORE, WEEK_1, WEEK_2

DAY = timedelta(days=1)
WEEK_0 = WEEK_1 - 7 * DAY
WEEK_4 = WEEK_1 + 21 * DAY


@pytest.fixture
def mina(cast, now):
    client = Client()
    client.force_login(cast.mina)
    return client


def page(client, name="this-week", *args, **query):
    return client.get(reverse(name, args=args), query)


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def row(response, title):
    """The row of this title: its address, its state and its words."""
    for item in re.findall(r"<li data-state.*?</li>", response.content.decode(), re.S):
        if f">{title}</a>" in item:
            address, state = re.search(r'class="t" href="([^"]+)"', item)[1], re.search(r'data-state="(\w+)"', item)[1]
            return address, state, " ".join(re.sub(r"<[^>]+>", " ", item).split())
    return None


# --- Counted rows -------------------------------------------------------------------------------------


def test_a_counted_row_says_how_far_it_is_and_leads_to_where_it_goes_on(cast, mina, now):
    now.at = WEEK_0
    empty = row(page(mina), "Three ordinary meetings")
    roads.logged(cast.mina, date="2026-02-24", title="Release review", at=WEEK_0)
    begun = row(page(mina), "Three ordinary meetings")
    for _meeting in range(2):
        roads.logged(cast.mina, date="2026-02-24", at=WEEK_0)

    done = row(page(mina), "Three ordinary meetings")

    assert empty == ("/log/new/?week=0", "open", "Three ordinary meetings 0 of 3 meetings logged 6 min")
    assert begun == (
        "/log/new/?week=0",
        "draft",
        "Three ordinary meetings 1 of 3 meetings logged. The last: Release review, spoke 3 times, conclusion first 4 min",
    )
    assert done[:2] == ("/log/", "done")
    assert done[2].endswith("3 meetings logged. The last: Release review, spoke 3 times, conclusion first Done")


def test_the_ledger_and_the_assessment_have_rows_of_their_own(mina, now):
    now.at = WEEK_2

    response = page(mina)

    assert row(response, "First ledger line")[:2] == ("/ledger/", "open")
    assert row(response, "Baseline self-assessment") == (
        "/assessment/a0/",
        "open",
        "Baseline self-assessment From week 0. 0 of 20 answered. Late is fine. Late",
    )


def test_the_address_stays_in_the_cohort_one_looks_at(cast, mina):
    roads.client(cast.autumn, cast.mina, at=WEEK_1)

    response = page(mina, cohort="spring")

    assert row(response, "Three ordinary meetings")[0] == "/log/new/?cohort=spring&amp;week=0"


def test_what_is_counted_is_the_next_thing_once_homework_is_in(cast, mina, now):
    now.at = WEEK_0
    for key in ("w0-intake", "w0-t0", "w0-x1", "w0-charter"):
        roads.submitting.hand_in(
            roads.piece(cast.mina, key), answer=answers.answer(key, "1"), revision=0, by=cast.mina, at=WEEK_0
        )
    assessment = page(mina)
    roads.assessed(cast.mina, "a0", at=WEEK_0)

    log = page(mina)

    assert '<h2 id="now-h">Baseline self-assessment</h2>' in assessment.content.decode()
    assert 'href="/assessment/a0/" data-key="c">Start' in assessment.content.decode()
    assert '<h2 id="now-h">Three ordinary meetings</h2>' in log.content.decode()
    assert "0 of 3 meetings logged. About 6 minutes." in words(log)
    assert "A first step: log the last meeting you were in, from memory." in words(log)
    assert row(log, "Three ordinary meetings") is None


# --- Around the week ------------------------------------------------------------------------------------


def test_a_meeting_can_be_begun_from_the_week(mina, now):
    now.at = WEEK_4

    html = page(mina).content.decode()

    assert "0 of 3 meetings logged. Four facts and a sentence, under two minutes." in words(page(mina))
    assert '<form method="get" action="/log/new/">' in html
    assert 'data-key="l">Log this meeting' in html


def test_before_the_log_opens_and_on_other_weeks_nothing_is_logged_from_the_page(mina, now):
    earlier = page(mina, "week", 0)
    now.at = BEFORE

    assert "Just out of a meeting?" not in words(earlier)
    assert "Just out of a meeting?" not in words(page(mina))


def test_the_ledger_asks_for_one_line_a_week_and_then_shows_it(cast, mina, now):
    now.at = WEEK_2
    before = words(page(mina))
    keeping.line(cast.mina, who_saw=[])

    after = words(page(mina))

    assert "One line: what moved, for whom, who saw it? Write the line" in before
    assert "Support sees by itself why a label was refused." in after
    assert "Nobody saw it yet: whom could you tell? Open the ledger" in after


def test_the_focus_agreed_at_the_midpoint_stands_on_the_week(cast, mina, now):
    now.at = WEEK_4
    roads.assessed(cast.mina, "a4", at=WEEK_4)
    before = words(page(mina))
    sentence = "In the Thursday steering I say my recommendation first."
    assessing.agree_focus(cast.enrolment(cast.mina), sentence=sentence, competency="presence", by=cast.mina, at=WEEK_4)

    after = page(mina)

    assert "Your focus until week 8" not in before
    assert f"Your focus until week 8 {sentence}" in words(after)
    assert sentence not in words(page(mina, "week", 3))


def test_the_session_of_the_week_is_told_as_planned_and_its_time_comes_from_the_coach(mina):
    response = words(page(mina))

    assert "Live session 1" in response
    assert "Tomas tells you when." in response
    assert "What happens there" in response


# --- The end --------------------------------------------------------------------------------------------


ENDS = {
    "left": lambda cast: joining.withdraw(cast.enrolment(cast.mina), by=cast.ada, at=WEEK_1),
    "closed": lambda cast: Cohort.objects.filter(pk=cast.spring.pk).update(closed_at=WEEK_1),
    "finished": lambda cast: keeping.finished(cast.mina, at=WEEK_1),
}
SAID = {
    "left": "You have left this cohort.",
    "closed": "Your programme is over.",
    "finished": "Your programme is over.",
}


@pytest.mark.parametrize("end", ENDS)
def test_where_the_programme_is_over_the_week_leads_to_what_stays(cast, mina, end):
    ENDS[end](cast)

    response = page(mina)

    assert f'<h2 id="now-h">{SAID[end]}</h2>' in response.content.decode()
    assert 'class="btn primary" href="/progress/"' in response.content.decode()
    assert "min left in all" not in words(response)
    assert "In this week" in words(response)


def test_who_finished_goes_on_logging_for_a_year(cast, mina):
    keeping.finished(cast.mina, at=WEEK_1)

    assert "Just out of a meeting?" in words(page(mina))


@pytest.mark.parametrize("entries", [1, 3, 50])
def test_the_page_costs_the_same_whatever_was_kept(cast, mina, now, entries, django_assert_num_queries):
    now.at = WEEK_2
    for _entry in range(entries):
        roads.logged(cast.mina, date="2026-02-24")
        keeping.line(cast.mina)
    page(mina)

    with django_assert_num_queries(8):
        page(mina)
