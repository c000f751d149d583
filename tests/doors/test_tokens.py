"""API tokens: what it takes to make one, and what is never told."""

from datetime import timedelta

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from knox.models import AuthToken

from clients.models import JournalEntry, User
from config import tokens
from tests.cast import PASSWORD
from tests.doors.asking import Api, no

RIGHT = {"email": "mina@example.org", "password": PASSWORD, "name": "my script"}


@pytest.fixture
def secret(cast):
    """Mina's second step."""
    made = totp.generate_totp_secret()
    totp.TOTP.activate(cast.mina, made)
    return made


def code_of(secret: str, *, steps: int = 0) -> str:
    now = list(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, now[len(now) // 2] + steps))


def test_a_token_is_made_with_a_password_and_opens_the_api(cast):
    made = Api().post("tokens/", **RIGHT)

    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    bearer = Client(headers={"authorization": f"Bearer {made.json()['token']}"})
    assert bearer.get("/api/v1/me/").json()["email"] == "mina@example.org"


def test_an_address_in_capitals_is_the_same_address(cast):
    assert Api().post("tokens/", **RIGHT | {"email": "Mina@Example.ORG"}).status_code == 201


def test_a_token_lasts_ninety_days_and_is_stored_as_a_hash(cast):
    made = Api().post("tokens/", **RIGHT).json()

    row = AuthToken.objects.get()
    assert timedelta(days=89, hours=23) < row.expiry - row.created < timedelta(days=90, hours=1)
    assert made["token"] not in {row.digest, row.token_key}
    assert made["expiry"].endswith("Z")


def test_unknown_address_wrong_password_and_wrong_code_are_one_answer(cast, secret):
    answers = [
        Api().post("tokens/", **RIGHT | {"email": "nobody@example.org"}),
        Api().post("tokens/", **RIGHT | {"password": "not this one"}),
        Api().post("tokens/", **RIGHT),
        Api().post("tokens/", **RIGHT | {"code": "000000"}),
        Api().post("tokens/", **RIGHT | {"password": "not this one", "code": code_of(secret)}),
    ]

    assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}
    assert no(answers[0]) == (401, "token.refused")
    assert answers[0].headers["WWW-Authenticate"] == "Bearer"
    assert not AuthToken.objects.exists()


def test_somebody_who_is_switched_off_gets_the_same_answer(cast):
    User.objects.filter(pk=cast.mina.pk).update(is_active=False)

    assert no(Api().post("tokens/", **RIGHT)) == (401, "token.refused")


def test_the_second_step_opens_and_each_code_opens_once(cast, secret):
    code = code_of(secret)

    first = Api().post("tokens/", **RIGHT | {"code": code})
    again = Api().post("tokens/", **RIGHT | {"code": code})

    assert (first.status_code, again.status_code) == (201, 401)


def test_a_recovery_code_opens_once(cast, secret):
    code = RecoveryCodes.activate(cast.mina).generate_codes()[0]

    first = Api().post("tokens/", **RIGHT | {"code": code})
    again = Api().post("tokens/", **RIGHT | {"code": code})

    assert (first.status_code, again.status_code) == (201, 401)


def test_wrong_ones_are_limited_by_address(cast):
    wrong = RIGHT | {"password": "not this one"}

    answers = [Api().post("tokens/", **wrong).status_code for _ in range(6)]
    right = Api().post("tokens/", **RIGHT)
    other = Api().post("tokens/", **RIGHT | {"email": "noor@example.org"})

    assert answers == [401] * 5 + [429]
    assert no(right) == (429, "throttled")
    assert right.headers["Retry-After"] == "300"
    assert other.status_code == 201


def test_wrong_codes_count_as_wrong_passwords_do(cast, secret):
    """Otherwise the sixth answer would tell that the password was right."""
    wrong = RIGHT | {"code": "000000"}

    answers = [Api().post("tokens/", **wrong).status_code for _ in range(6)]

    assert answers == [401] * 5 + [429]


def test_wrong_ones_are_limited_by_network_address(cast):
    answers = [
        Api().post("tokens/", **RIGHT | {"email": f"guess{number}@example.org"}).status_code for number in range(11)
    ]

    assert answers == [401] * 10 + [429]


def test_right_ones_do_not_count(cast):
    answers = [Api().post("tokens/", **RIGHT).status_code for _ in range(12)]

    assert answers == [201] * 12


def test_the_limit_is_shared_with_the_sign_in_page(cast):
    for _ in range(5):
        Api().post("tokens/", **RIGHT | {"password": "not this one"})

    page = Client().post("/account/login/", {"login": "mina@example.org", "password": PASSWORD})

    assert "tried too often" in page.content.decode()


def test_a_person_has_at_most_twenty(cast):
    for _number in range(20):
        AuthToken.objects.create(cast.mina)

    assert no(Api().post("tokens/", **RIGHT)) == (409, "token.too_many")


def test_the_list_tells_no_secret(cast):
    made = Api().post("tokens/", **RIGHT).json()
    mina = Client(headers={"authorization": f"Bearer {made['token']}"})

    listed = mina.get("/api/v1/tokens/")

    assert [(one["id"], one["name"], one["expiry"]) for one in listed.json()] == [
        (made["token"][:15], "my script", made["expiry"])
    ]
    assert made["token"] not in listed.content.decode()


def test_a_token_ends_for_its_owner_only(cast):
    made = Api().post("tokens/", **RIGHT).json()
    mina = Client(headers={"authorization": f"Bearer {made['token']}"})
    path = f"/api/v1/tokens/{made['id']}/"

    by_another = Api(cast.noor).delete(f"tokens/{made['id']}/")
    by_her = mina.delete(path)
    afterwards = mina.get("/api/v1/me/")

    assert no(by_another) == (404, "not_found")
    assert by_her.status_code == 204
    assert no(afterwards) == (401, "authentication_failed")
    assert [entry.action for entry in JournalEntry.objects.filter(actor_id=cast.mina.pk, action__contains="token")] == [
        tokens.MADE, tokens.ENDED,
    ]  # fmt: skip


def test_an_ended_token_in_the_header_does_not_keep_anybody_from_making_another(cast):
    stale = Client(headers={"authorization": "Bearer across_0000000000"})

    made = stale.post("/api/v1/tokens/", RIGHT, content_type="application/json")

    assert made.status_code == 201


def test_limits_live_in_the_cache_all_workers_share():
    assert cache.__class__.__name__ != "LocMemCache"
