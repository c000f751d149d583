"""The evidence ledger as a browser without scripts uses it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clients import joining
from clients.models import LedgerLine
from curriculum import clock
from tests import keeping
from tests.keeping import LINE, WEEK_2

FORM = LINE | {"who_saw": "Head of support", "credit": "Ana, who knew every label", "client_key": "one"}


@pytest.fixture
def now(monkeypatch):
    hand = type("Clock", (), {"at": WEEK_2})()
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand


@pytest.fixture
def mina(cast, now):
    client = Client()
    client.force_login(cast.mina)
    return client


def words(response):
    return " ".join(response.content.decode().split())


def test_an_empty_ledger_says_what_belongs_in_it_and_has_one_thing_to_do(mina):
    page = mina.get(reverse("ledger"))

    assert "One line a week. What moved, for whom, who saw it?" in words(page)
    assert words(page).count('class="btn primary"') == 1


def test_before_week_2_it_says_when_it_opens_and_offers_nothing(mina, now):
    now.at = WEEK_2 - timedelta(days=5)

    page = mina.get(reverse("ledger"))

    assert "Your ledger opens with week 2." in words(page)
    assert reverse("ledger-new") not in words(page)
    assert mina.post(reverse("ledger-new"), FORM).status_code == 409
    assert LedgerLine.objects.count() == 0


def test_a_new_line_begins_today_with_the_cursor_in_what_happened(mina):
    page = mina.get(reverse("ledger-new"))

    assert page.context["form"]["date"].value() == "2026-03-11"
    assert page.context["form"].fields["what"].widget.attrs["autofocus"] is True
    assert page.content.decode().partition('id="line"')[2].partition("</form>")[0].count("autofocus") == 1


def test_the_buttons_say_who_can_read_it_and_the_filled_one_comes_first(mina, cast):
    shown = words(mina.get(reverse("ledger-new")))
    assert shown.index("Save: you and Tomas can read this") < shown.index("Save: only you can read this")

    private = keeping.line(cast.mina, visibility="private")
    shown = words(mina.get(reverse("ledger-line", args=[private.pk])))
    assert shown.index("Save: only you can read this") < shown.index("Save: you and Tomas can read this")


def test_a_line_is_kept_once_however_often_it_is_sent(mina):
    answers = [mina.post(reverse("ledger-new"), FORM) for _twice in range(2)]

    assert [answer.headers["Location"] for answer in answers] == ["/ledger/", "/ledger/"]
    assert LedgerLine.objects.get().credit == ["Ana, who knew every label"]


def test_the_button_that_was_pressed_decides_who_can_read_it(mina):
    mina.post(reverse("ledger-new"), FORM | {"visibility": "private"})

    assert LedgerLine.objects.get().visibility == "private"
    assert "Only you" in words(mina.get(reverse("ledger")))


def test_what_is_to_be_mended_stands_under_its_field_and_nothing_typed_is_lost(mina):
    answer = mina.post(reverse("ledger-new"), FORM | {"what": "It is done", "factor": "", "quote": "word " * 41})

    assert answer.status_code == 422
    assert "3 things to change" in words(answer)
    assert "At least 5 words here; this has 3." in words(answer)
    assert answer.context["form"]["what"].value() == "It is done"
    assert '<details class="more" open>' in words(answer)
    assert LedgerLine.objects.count() == 0


def test_a_line_is_put_right_and_removed(mina, cast):
    row = keeping.line(cast.mina)

    mina.post(reverse("ledger-line", args=[row.pk]), FORM | {"for_whom": "Everybody who calls"})
    assert LedgerLine.objects.get().for_whom == "Everybody who calls"

    mina.post(reverse("ledger-remove", args=[row.pk]))
    assert LedgerLine.objects.count() == 0


def test_the_headline_says_first_what_is_missing(mina, cast):
    def headline():
        return mina.get(reverse("ledger")).context["headline"]

    keeping.line(cast.mina)
    assert headline() == (
        "1 line so far, and nothing yet for cross-functional influence, meeting leadership presence and "
        "upward communication"
    )
    for factor in ("influence", "presence"):
        keeping.line(cast.mina, factor=factor)
    assert headline() == "3 lines so far, and nothing yet for upward communication"
    keeping.line(cast.mina, factor="upward", who_saw=[])
    assert headline() == "4 lines in all four factors; nobody saw 1 of them yet"
    row = LedgerLine.objects.get(factor="upward")
    mina.post(reverse("ledger-line", args=[row.pk]), FORM | {"factor": "upward"})
    assert headline() == "4 lines in all four factors, each seen by somebody"


def test_lines_are_filtered_by_factor_and_by_who_saw_them(mina, cast):
    keeping.line(cast.mina, what="The first thing moved for somebody.")
    keeping.line(cast.mina, what="The second thing moved for somebody.", factor="influence", who_saw=[])

    def shown(query):
        weeks = mina.get(reverse("ledger") + query).context["weeks"]
        return [line.factor for week in weeks for line in week.lines]

    assert shown("") == ["influence", "stakeholder"]
    assert shown("?factor=stakeholder") == ["stakeholder"]
    assert shown("?unseen=1") == ["influence"]
    assert shown("?factor=charm") == ["influence", "stakeholder"]
    assert "Nobody yet. Whom could you tell?" in words(mina.get(reverse("ledger")))


def test_a_trace_is_text_and_never_a_link(mina, cast):
    keeping.line(cast.mina, trace="https://example.org/<b>x</b>")

    page = words(mina.get(reverse("ledger")))

    assert "https://example.org/&lt;b&gt;x&lt;/b&gt;" in page
    assert 'href="https://example.org' not in page


def test_who_left_reads_and_is_offered_nothing(mina, cast):
    keeping.line(cast.mina)
    joining.withdraw(cast.enrolment(cast.mina), by=cast.ada, at=WEEK_2)

    page = mina.get(reverse("ledger"))

    assert "You have left this cohort; what you kept stays readable." in words(page)
    assert LINE["what"] in words(page)
    assert mina.post(reverse("ledger-new"), FORM).status_code == 409


@pytest.mark.parametrize("name", ["noor", "omar", "tomas", "ines", "ada", "lena"])
def test_nobody_else_finds_a_line_to_read_change_or_remove(cast, now, name):
    row = keeping.line(cast.mina)
    client = Client()
    client.force_login(getattr(cast, name))

    assert LINE["what"] not in words(client.get(reverse("ledger")))
    one = reverse("ledger-line", args=[row.pk])
    assert [client.get(one).status_code, client.post(one, FORM).status_code] == [404, 404]
    assert client.post(reverse("ledger-remove", args=[row.pk])).status_code == 404
    assert LedgerLine.objects.get() == row


@pytest.mark.parametrize("lines", [1, 3, 50])
def test_a_ledger_takes_the_same_queries_however_long_it_is(mina, cast, lines, django_assert_num_queries):
    for _number in range(lines):
        keeping.line(cast.mina)
    mina.get(reverse("ledger"))

    with django_assert_num_queries(7):
        mina.get(reverse("ledger"))
