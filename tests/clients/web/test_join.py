"""From an invitation to being in, by the page the link leads to."""

import logging
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from clients import invitations, joining
from clients.models import Enrolment, User
from curriculum import clock
from tests import roads
from tests.cast import PASSWORD
from tests.roads import BEFORE

FORM = {"name": "Jo Newcomer", "password": "four words in a row", "zone": "Europe/Lisbon"}


@pytest.fixture
def now(monkeypatch):
    """Every page reads the day of the invitation, until a test sets `now.at`."""
    hand = type("Clock", (), {"at": BEFORE + timedelta(hours=1)})()
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand


@pytest.fixture
def browser(now):
    return Client()


def link(invitation):
    return reverse("join", args=[invitations.token_of(invitation)])


def invited(cast, email="jo@example.org", **how):
    return roads.invitation(cast.spring, email, **how)


def words(response):
    return " ".join(response.content.decode().split())


# --- A newcomer -----------------------------------------------------------------------------------------


def test_the_page_says_who_invites_into_what_and_who_will_see_what(cast, browser):
    invitation = joining.invite(cast.spring, email="jo@example.org", role="client", by=cast.ada, at=BEFORE)

    response = browser.get(link(invitation))

    assert response.status_code == 200
    for sentence in (
        "Ada invites you to The eight-week programme.",
        "Monday 2 March, 08:00 Berlin time",
        "jo@example.org",
        "Nobody reads your drafts.",
        "They do not read your homework or your feedback.",
    ):
        assert sentence in words(response)


def test_joining_makes_the_account_and_signs_in_and_lands_at_the_start(cast, browser):
    response = browser.post(link(invited(cast)), FORM)

    jo = User.objects.get(email="jo@example.org")
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert (jo.name, jo.zone, jo.check_password(FORM["password"])) == ("Jo Newcomer", "Europe/Lisbon", True)
    assert Enrolment.objects.get(client=jo).cohort == cast.spring
    assert browser.get("/").headers["Location"] == "/week/"


def test_the_address_counts_as_verified_because_the_link_came_to_it(cast, browser):
    browser.post(link(invited(cast)), FORM)

    address = EmailAddress.objects.get(user__email="jo@example.org")
    assert (address.email, address.verified, address.primary) == ("jo@example.org", True, True)


def test_the_address_of_the_invitation_is_the_one_whatever_else_is_posted(cast, browser):
    browser.post(link(invited(cast)), FORM | {"email": "other@example.org"})

    assert list(User.objects.filter(name="Jo Newcomer").values_list("email", flat=True)) == ["jo@example.org"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "jo@example.org"}, "password"),
        ({"password": "password123"}, "password"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": ""}, "zone"),
    ],
)
def test_what_has_to_change_is_said_under_its_field_and_nothing_is_made(cast, browser, changed, field):
    response = browser.post(link(invited(cast)), FORM | changed)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not User.objects.filter(email="jo@example.org").exists()


def test_the_zone_is_guessed_by_a_script_and_is_the_cohorts_without_one(cast, browser):
    form = browser.get(link(invited(cast))).context["form"]

    assert form["zone"].value() == "Europe/Berlin"
    assert "data-guess" in str(form["zone"])


def test_a_second_use_of_the_link_makes_nothing(cast, browser):
    invitation = invited(cast)
    browser.post(link(invitation), FORM)

    response = Client().post(link(invitation), FORM | {"name": "Somebody Else"})

    assert response.status_code == 410
    assert User.objects.filter(email="jo@example.org").get().name == "Jo Newcomer"


# --- Links that lead nowhere any more -------------------------------------------------------------------


def test_an_invitation_that_ended_says_when_and_whom_to_ask(cast, browser, now):
    invitation = joining.invite(cast.spring, email="jo@example.org", role="client", by=cast.ada, at=BEFORE)
    now.at = BEFORE + timedelta(days=15)

    response = browser.get(link(invitation))

    assert response.status_code == 410
    assert "This invitation ended on 6 March. Ask Ada for a new one." in words(response)


def test_a_used_invitation_leads_to_the_sign_in_page(cast, browser):
    invitation = invited(cast)
    browser.post(link(invitation), FORM)

    response = Client().get(link(invitation))

    assert response.status_code == 410
    assert f'href="{reverse("account_login")}"' in words(response)


def test_a_withdrawn_invitation_says_so(cast, browser):
    invitation = invited(cast)
    joining.revoke(invitation, by=cast.ada, at=BEFORE)

    response = browser.get(link(invitation))

    assert response.status_code == 410
    assert "This invitation was withdrawn." in words(response)


def test_a_token_nobody_made_is_not_found(db, browser):
    assert browser.get(reverse("join", args=["x" * 43])).status_code == 404


# --- People with an account -----------------------------------------------------------------------------


def test_somebody_with_an_account_signs_in_and_accepts_with_one_button(cast, browser):
    invitation = invited(cast, cast.lena.email)
    offered = words(browser.get(link(invitation)))
    fields = {"login": cast.lena.email, "password": PASSWORD, "next": link(invitation)}
    back = browser.post(reverse("account_login"), fields).headers["Location"]

    response = browser.post(back)

    assert "You have an account as lena@example.org. Sign in to accept." in offered
    assert (back, response.headers["Location"]) == (link(invitation), "/")
    assert Enrolment.objects.get(client=cast.lena).cohort == cast.spring


def test_signed_in_as_somebody_else_the_page_says_as_whom_and_takes_nothing(cast, browser):
    invitation = invited(cast)
    browser.force_login(cast.lena)

    seen, tried = browser.get(link(invitation)), browser.post(link(invitation))

    assert "You are signed in as lena@example.org. This invitation is for jo@example.org." in words(seen)
    assert (seen.status_code, tried.status_code) == (200, 409)
    assert not Enrolment.objects.filter(client=cast.lena).exists()


def test_a_coach_who_is_invited_coaches_and_lands_at_the_queue(cast, browser):
    browser.post(link(invited(cast, role="coach")), FORM)

    assert browser.get("/").headers["Location"] == "/coach/queue/"


# --- The first admin ------------------------------------------------------------------------------------


def test_the_one_time_link_asks_for_the_address_and_makes_an_admin(cast, browser):
    invitation = joining.invite(None, email="", role="admin", by=None, at=BEFORE)

    missing = browser.post(link(invitation), FORM)
    browser.post(link(invitation), FORM | {"email": "First@Example.org"})

    assert list(missing.context["form"].errors) == ["email"]
    assert User.objects.get(name="Jo Newcomer").email == "first@example.org"
    assert browser.get("/").headers["Location"] == "/manage/cohorts/"


def test_the_one_time_link_does_not_take_over_an_account(cast, browser):
    invitation = joining.invite(None, email="", role="admin", by=None, at=BEFORE)

    response = browser.post(link(invitation), FORM | {"email": cast.lena.email})

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["There is an account with this address. Sign in to join."]


# --- The token stays where it is ------------------------------------------------------------------------


def test_the_token_goes_into_no_referrer_and_no_cache(cast, browser):
    response = browser.get(link(invited(cast)))

    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert response.headers["Cache-Control"] == "no-store"


def test_the_token_goes_into_no_log(cast, browser, now, caplog):
    invitation = invited(cast)
    caplog.set_level(logging.DEBUG)

    browser.get(link(invitation))
    browser.post(link(invitation), FORM | {"password": "short"})
    now.at = BEFORE + timedelta(days=15)
    browser.get(link(invitation))

    assert invitations.token_of(invitation) not in caplog.text


def test_no_address_on_the_page_but_its_own_form_carries_the_token(cast, browser):
    invitation = invited(cast)

    response = browser.get(link(invitation))

    assert invitations.token_of(invitation) not in response.content.decode()
