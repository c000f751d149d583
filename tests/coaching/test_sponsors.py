"""Sponsors: invited by an admin, they see how many take part in their cohorts, and nobody in them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from clients import joining
from clients.models import JournalEntry, Message
from coaching import caseload, participation, sponsoring, sponsorships
from coaching.models import Sponsorship
from coaching.participation import Times
from coaching.web.client.home import landing
from curriculum import clock
from tests import roads
from tests.coaching.web.test_coach_pages import page, words
from tests.coaching.web.visiting import browser
from tests.doors.asking import Api
from tests.roads import BEFORE, WEEK_1

DAY = timedelta(days=1)
MARCH, APRIL = datetime(2026, 3, 20, 9, tzinfo=UTC), datetime(2026, 4, 20, 9, tzinfo=UTC)
JOINED, BEGAN = BEFORE, WEEK_1


@pytest.fixture
def sven(cast):
    return roads.sponsor(cast.spring)[0]


def people(enrolled, started=0):
    """So many who joined in February; of them so many who began in March."""
    return [Times(JOINED, BEGAN)] * started + [Times(JOINED, None)] * (enrolled - started)


def told(cast, rows, at=APRIL):
    found = participation.of(cast.spring, rows, at=at)
    return found.enrolled, found.started


# --- Coming and going -----------------------------------------------------------------------------


def test_whoever_accepts_the_invitation_of_a_sponsor_is_one_of_that_cohort(cast, sven):
    assert list(sponsorships.sponsored_by(sven)) == [cast.spring]
    assert caseload.roles_of(sven, at=WEEK_1) == caseload.Roles(False, False, False, False, sponsor=True)
    assert landing(caseload.roles_of(sven, at=WEEK_1)) == reverse("sponsor")
    assert list(sponsorships.sponsors_of(cast.spring).values_list("sponsor__name", "since")) == [("Sven", BEFORE)]
    assert list(sponsorships.sponsors_of(cast.autumn)) == []
    assert JournalEntry.objects.filter(action="became a sponsor", note="Sven", cohort_id=cast.spring.pk).count() == 1


def test_the_letter_and_the_page_say_what_a_sponsor_sees(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: BEFORE)
    invitation = roads.invitation(cast.spring, "sven@example.org", role="sponsor")
    message = Message.objects.get(kind="invite", about__invitation=invitation.pk)
    from clients import invitations

    letter = invitations.letter(message, BEFORE)

    assert "as its sponsor: you see how many take part" in str(letter.parts)
    found = browser(cast.lena).get(reverse("join", args=[invitations.token_of(invitation)]))
    assert "as a sponsor of this cohort" in words(found)


def test_neither_a_client_nor_a_coach_of_a_cohort_is_its_sponsor(cast):
    for who in (cast.mina, cast.tomas):
        invitation = roads.invitation(cast.spring, who.email, role="sponsor")
        with pytest.raises(sponsoring.CannotSponsor, match="a sponsor is neither"), transaction.atomic():
            joining.accept(invitation, person=who, at=WEEK_1)

    assert Sponsorship.objects.count() == 0


def test_whom_an_admin_lets_go_sees_nothing_from_the_next_request_on(cast, sven, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_1)
    client = browser(sven)
    assert page(client, "sponsor").status_code == 200

    sponsoring.end(sven.sponsorships.get(), by=cast.ada, at=WEEK_1)

    assert client.get(reverse("sponsor")).status_code == 404
    assert Api(sven).get("sponsored/").json() == []
    assert caseload.roles_of(sven, at=WEEK_1).sponsor is False
    again = roads.invitation(cast.spring, sven.email, role="sponsor", at=WEEK_1)
    joining.accept(again, person=sven, at=WEEK_1)
    assert Sponsorship.objects.filter(sponsor=sven).count() == 2


def test_without_the_group_a_row_shows_nothing(cast, sven):
    sven.groups.clear()

    assert list(sponsorships.sponsored_by(sven)) == []
    assert list(sponsorships.sponsors_of(cast.spring)) == []
    assert caseload.roles_of(sven, at=WEEK_1).sponsor is False


def test_the_office_sees_who_is_a_sponsor_who_was_asked_and_ends_it(cast, sven, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_1)
    roads.invitation(cast.spring, "second@example.org", role="sponsor", at=WEEK_1)
    client = browser(cast.ada)

    found = words(page(client, "cohort", "spring"))
    assert "sven@example.org" in found and "second@example.org" in found
    assert "Sponsor" in words(client.get(reverse("people"), {"role": "sponsor"}))
    client.post(reverse("cohort-sponsor-end", args=["spring", sven.sponsorships.get().pk]))

    assert "Sven sees nothing of this cohort any more." in words(page(client, "cohort", "spring"))
    assert sven.sponsorships.get().ended_at == WEEK_1


@pytest.mark.parametrize(
    "broken",
    [{"ended_at": None}, {"since": WEEK_1, "ended_at": BEFORE}],
    ids=["twice at a time", "ends before it began"],
)
def test_the_database_keeps_sponsorships_whole(cast, sven, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Sponsorship.objects.create(**{"sponsor": sven, "cohort": cast.spring, "since": WEEK_1} | broken)


# --- How many take part ---------------------------------------------------------------------------


def test_of_fewer_than_ten_nothing_is_told(cast):
    assert told(cast, people(9, 9)) == (None, None)


def test_of_forty_each_number_is_told(cast):
    assert told(cast, people(40, 28)) == (40, 28)


def test_a_share_that_would_tell_of_few_is_told_as_a_range_or_not_at_all(cast):
    assert told(cast, people(30, 30)) == (30, (27, 30))
    assert told(cast, people(30, 24))[1] is None


def test_numbers_stand_still_until_the_first_of_the_next_month(cast):
    late = [Times(MARCH, None)] * 12

    assert told(cast, people(20), at=MARCH) == told(cast, [*people(20), *late], at=MARCH + 5 * DAY)
    assert told(cast, [*people(20), *late])[0] == 32


def test_few_who_came_since_last_month_are_not_found_by_what_is_different(cast):
    before = told(cast, people(20), at=MARCH)[0]
    after = told(cast, [*people(20), Times(MARCH, None)])[0]

    assert (before, after) == (20, None)


def test_a_sponsor_reads_the_numbers_of_their_cohorts_alone(cast, sven, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(clock, "now", lambda: APRIL)
    for n in range(12):
        roads.client(cast.spring, roads.person(f"Walker{n}"))

    with django_assert_num_queries(3):
        found = participation.of_sponsor(sven, at=APRIL)

    assert [(one.cohort, one.enrolled, str(one.as_of)) for one in found] == [
        (cast.spring, 14, "2026-03-31 22:00:00+00:00")
    ]
    shown = words(page(browser(sven), "sponsor"))
    assert "Spring" in shown and "Autumn" not in shown and "Enrolled 14" in shown
    assert not {"Mina", "Noor", "Walker0"} & set(shown.split())
    assert Api(sven).get("sponsored/").json() == [
        {
            "cohort": {"id": cast.spring.pk, "slug": "spring", "name": "Spring"},
            "as_of": "2026-03-31T22:00:00Z",
            "enrolled": 14,
            "started": [0, 1],
        }
    ]
