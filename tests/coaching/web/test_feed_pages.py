"""The calendar feed at its secret address, and the page that makes, renews and switches it off."""

import html
import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clients import joining
from coaching import subscribing
from coaching.models import CalendarAddress
from config.logs import NoTokens
from tests import ics, sittings
from tests.coaching.web.visiting import browser
from tests.roads import WEEK_1

HOUR = timedelta(hours=1)


@pytest.fixture
def mina(cast, now):
    return browser(cast.mina)


def words(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def token_in(response):
    return re.search(r'value="http://testserver/feed/([^"/]+)/"', response.content.decode())[1]


def fetched(token, **options):
    """As a calendar program does: without a session."""
    return getattr(Client(), options.get("method", "get"))(reverse("feed", args=[token]))


def test_a_calendar_program_gets_the_dates_by_the_address_alone(cast, mina):
    sittings.arranged(cast)

    response = fetched(token_in(mina.post(reverse("calendar-address"))))

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert len(ics.read(response.content).all("VEVENT")) == 33


@pytest.mark.parametrize("is_there", [True, False])
def test_every_answer_keeps_the_address_to_itself(cast, now, is_there):
    token = subscribing.subscribe(by=cast.mina, at=WEEK_1) if is_there else "a-guess"

    response = fetched(token)

    assert response.status_code == (200 if is_there else 404)
    names = ("Cache-Control", "Referrer-Policy", "X-Robots-Tag", "X-Content-Type-Options")
    assert [response.headers[name] for name in names] == [
        "private, no-store",
        "no-referrer",
        "noindex, nofollow",
        "nosniff",
    ]
    assert token not in response.content.decode()
    assert response.cookies == {}


def test_only_reading_is_offered(cast, now):
    token = subscribing.subscribe(by=cast.mina, at=WEEK_1)

    assert [fetched(token, method=method).status_code for method in ("get", "head", "post", "put", "delete")] == [
        200, 200, 405, 405, 405,
    ]  # fmt: skip


def test_a_wrong_address_an_old_one_and_that_of_somebody_who_left_look_alike(cast, now):
    old = subscribing.subscribe(by=cast.mina, at=WEEK_1)
    left = subscribing.subscribe(by=cast.noor, at=WEEK_1)
    subscribing.subscribe(by=cast.mina, at=WEEK_1 + HOUR)
    joining.withdraw(cast.enrolment(cast.noor), by=cast.ada, at=WEEK_1 + HOUR)

    answers = [fetched(token) for token in ("a-guess", old, left)]

    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}


def test_the_address_is_shown_once(mina):
    made = mina.post(reverse("calendar-address"))
    token = token_in(made)
    later = mina.get(reverse("calendar-address"))

    assert f"webcal://testserver/feed/{token}/" in made.content.decode()
    assert token not in later.content.decode()
    assert "Your calendar has a secret address, made today 11:00" not in words(later) or "made" in words(later)


def test_it_is_renewed_and_switched_off_from_the_page(cast, mina):
    first = token_in(mina.post(reverse("calendar-address")))
    second = token_in(mina.post(reverse("calendar-address")))
    answers = [fetched(first).status_code, fetched(second).status_code]
    off = mina.post(reverse("calendar-address-off"), follow=True)

    assert answers == [404, 200]
    assert fetched(second).status_code == 404
    assert "The address is switched off." in words(off)
    assert CalendarAddress.objects.count() == 0


def test_the_calendar_and_the_sessions_lead_to_it(cast, mina):
    for page in (mina.get(reverse("calendar")), browser(cast.tomas).get(reverse("sessions", args=["spring"]))):
        assert f'action="{reverse("calendar-address")}"' in page.content.decode()


def test_whoever_has_no_dates_has_no_address(cast, now):
    lena = browser(cast.lena)

    assert lena.get(reverse("calendar-address")).status_code == 404
    assert lena.post(reverse("calendar-address")).status_code == 409


def test_no_log_says_the_address(cast, now, caplog):
    token = subscribing.subscribe(by=cast.mina, at=WEEK_1)
    with caplog.at_level(logging.INFO):
        fetched(f"{token}x")
    record = logging.LogRecord("gunicorn.access", logging.INFO, "", 0, "GET %s 200", (f"/feed/{token}/",), None)

    NoTokens().filter(record)

    assert token not in caplog.text
    assert record.getMessage() == "GET /feed/…/ 200"
