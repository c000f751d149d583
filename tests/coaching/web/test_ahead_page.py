"""What will be sent: the page says what the engine then does, for everybody, one cohort or one person."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clients.models import Message
from coaching import firing, rehearsing
from coaching.models import Milestone
from coaching.rehearsing import Cast
from coaching.web.office import ahead
from curriculum import clock, moments
from tests import roads
from tests.roads import WEEK_1

UNTIL = "2026-03-11"  # the Wednesday of week 2
ENDS = datetime(2026, 3, 11, 22, 59, 59, tzinfo=UTC)  # Ada lives in Berlin


@pytest.fixture
def page(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_1)
    browser = Client()
    browser.force_login(cast.ada)
    return lambda **query: browser.get(reverse("delivery-ahead"), query)


def words(response):
    return " ".join(response.content.decode().split())


def told(response):
    return [(row.at, row.meaning, row.name) for row in response.context["rows"]]


def play(until):
    """The engine at every instant that matters; everything that left."""
    while (due := Milestone.objects.filter(state="pending", due_at__lte=until).order_by("due_at").first()) or (
        Message.objects.filter(state="queued", available_at__lte=until).exists()
    ):
        queued = Message.objects.filter(state="queued").order_by("available_at").first()
        instants = [one for one in (due and due.due_at, queued and queued.available_at) if one]
        firing.tick(at=max(min(instants), WEEK_1))
    return Message.objects.filter(state="sent").order_by("sent_at")


def test_what_one_person_will_get_is_what_the_engine_then_sends_them(cast, page):
    response = page(cohort="spring", person=cast.mina.pk, until=UNTIL)
    before = [(row.at, row.subject) for row in response.context["rows"]]

    sent = [message.sent_at for message in play(ENDS) if message.person == cast.mina and message.cohort == cast.spring]

    assert [at for at, _subject in before] == sent
    assert len(sent) > 3
    assert "What Mina will get" in words(response)


def test_one_cohort_is_rehearsed_without_any_other(cast, page):
    spring, everything = told(page(cohort="spring", until=UNTIL)), told(page(until=UNTIL))

    assert 0 < len(spring) < len(everything)
    assert {row.cohort for row in page(cohort="spring", until=UNTIL).context["rows"]} == {"Spring"}


def test_a_coach_and_an_admin_are_told_theirs(cast, page):
    roads.handed_in(cast.mina, at=WEEK_1 - timedelta(hours=1))

    coach = {row.meaning for row in page(person=cast.tomas.pk, until=UNTIL).context["rows"]}
    admin = {row.meaning for row in page(person=cast.ada.pk, until=UNTIL).context["rows"]}

    assert "24 hours left for a review" in coach
    assert "an admin’s week" in admin


def test_nothing_of_it_stays(cast, page):
    before = list(Milestone.objects.order_by("pk").values()), list(Message.objects.order_by("pk").values())

    page(until=UNTIL)

    assert (list(Milestone.objects.order_by("pk").values()), list(Message.objects.order_by("pk").values())) == before


@pytest.mark.parametrize("until", ["2026-03-03", "2026-04-09", "soon"])
def test_a_day_that_is_past_or_far_is_refused_with_a_sentence_and_keeps_what_was_typed(page, until):
    response = page(cohort="spring", until=until)

    assert response.status_code == 200
    assert response.context["rows"] is None
    assert 'role="alert"' in words(response)
    assert '<option value="spring" selected>' in words(response)


def test_more_than_somebody_waits_for_asks_for_less(page, monkeypatch):
    monkeypatch.setattr(ahead, "MOMENTS_AT_MOST", 3)

    told_ = words(page(until=UNTIL))

    count = len(rehearsing.moments_until(ENDS, Cast()))
    assert f"That is {count} planned moments. Choose one cohort, one person, or a nearer day." in told_


def test_of_more_than_somebody_waits_for_the_days_that_fit_are_shown(page, monkeypatch):
    everything = told(page(until=UNTIL))
    instants = rehearsing.moments_until(ENDS, Cast())
    monkeypatch.setattr(ahead, "MOMENTS_AT_MOST", len(instants) - 1)

    response = page(until=UNTIL)

    last = moments.to_wall(instants[-1], "Europe/Berlin").date() - timedelta(days=1)
    assert response.context["until"] == last
    assert told(response) == [row for row in everything if moments.to_wall(row[0], "Europe/Berlin").date() <= last]
    assert f"Shown until {last:%A} {last.day} March" in words(response)


def test_a_person_of_another_cohort_cannot_be_chosen_by_number_unless_somebody_writes_to_them(page):
    stranger = roads.person("Stranger")

    assert page(person=stranger.pk).context["rows"] is None
