"""Where a second step of signing in is required, coaches and admins without one see nothing but the way to it."""

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from clients.models.user import LEAD_COACHES
from tests import roads
from tests.coaching.web.visiting import browser

INSIDE = {"tomas": "/coach/queue/", "ada": "/manage/cohorts/"}
WORDS = "Your role needs a second step of signing in. Set it up now; until then nothing else opens."


@pytest.fixture
def required(settings):
    settings.REQUIRE_SECOND_STEP = True


def with_app(person):
    """The person has set up an app."""
    totp.TOTP.activate(person, totp.generate_totp_secret())
    return person


@pytest.mark.parametrize("who", INSIDE)
def test_whoever_coaches_or_runs_things_is_led_to_set_it_up_from_wherever_they_go(required, cast, who):
    client = browser(getattr(cast, who))

    for page in ("/", INSIDE[who], reverse("account"), reverse("notices")):
        answer = client.get(page, follow=True)
        assert answer.redirect_chain == [(reverse("mfa_index"), 302)]
        assert WORDS in answer.content.decode()


@pytest.mark.parametrize("who", INSIDE)
def test_a_post_does_nothing_either(required, cast, who):
    answer = browser(getattr(cast, who)).post(reverse("account"), {"name": "Somebody else"})

    assert answer.url == reverse("mfa_index")
    getattr(cast, who).refresh_from_db()
    assert str(getattr(cast, who)) == who.title()


@pytest.mark.parametrize("who", INSIDE)
def test_with_an_app_everything_opens(required, cast, who):
    assert browser(with_app(getattr(cast, who))).get(INSIDE[who]).status_code == 200


def test_clients_and_whoever_does_nothing_here_are_not_asked(required, cast):
    assert browser(cast.mina).get("/week/").status_code == 200
    assert browser(cast.lena).get(reverse("account")).status_code == 200


def test_a_lead_coach_without_a_cohort_is_asked_as_well(required, cast):
    Group.objects.get_or_create(name=LEAD_COACHES)[0].user_set.add(cast.lena)

    assert browser(cast.lena).get(reverse("account")).url == reverse("mfa_index")


def test_setting_it_up_signing_out_and_health_stay_open(required, cast):
    ada = browser(cast.ada)

    assert ada.get(reverse("mfa_index")).status_code == 200
    assert ada.get(reverse("account_logout")).status_code == 200
    assert ada.get("/healthz").status_code == 200
    assert "second_step" not in ada.get(reverse("mfa_activate_totp"), follow=True).content.decode()


def test_the_api_says_so_to_a_session_and_to_a_token(required, cast):
    _row, token = AuthToken.objects.create(cast.tomas)
    program = Client(headers={"authorization": f"Bearer {token}"})

    for client in (program, browser(cast.ada)):
        answer = client.get("/api/v1/me/")
        assert (answer.status_code, answer.json()["detail"]) == (403, WORDS)
    with_app(cast.tomas)
    assert program.get("/api/v1/me/").status_code == 200
    assert browser(cast.mina).get("/api/v1/me/").status_code == 200


def test_where_it_is_not_required_nobody_is_asked(cast):
    assert browser(cast.ada).get(INSIDE["ada"]).status_code == 200
    assert browser(roads.admin("Bea")).get("/api/v1/me/").status_code == 200
