"""Every "no" of the API is a problem in JSON, and says what to do."""

import json

import pytest
from django.test import Client

from clients import submitting
from tests import roads
from tests.doors.asking import Api, no
from tests.roads import ANSWERS

KEYS = {"type", "title", "status", "code", "detail"}


def test_nobody_is_told_how_to_sign_in(cast):
    refused = Api().get("me/")

    assert no(refused) == (401, "not_authenticated")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert set(refused.json()) == KEYS


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "Bearer a b", "Bearer across_" + "0" * 64])
def test_a_token_that_opens_nothing_is_said_to(cast, header):
    refused = Client(headers={"authorization": header}).get("/api/v1/me/")

    assert no(refused) == (401, "authentication_failed")


@pytest.mark.parametrize("address", ["nonsense/", "me", "submissions/x/", "submissions/1", ""])
def test_an_address_that_is_none_is_a_problem_and_no_page(cast, address):
    assert no(Api(cast.mina).get(address)) == (404, "not_found")
    assert no(Api().post(address)) == (404, "not_found")


def test_a_method_an_address_does_not_offer(cast):
    refused = Api(cast.mina).delete("me/")

    assert no(refused) == (405, "method_not_allowed")
    assert refused.headers["Allow"] == "GET, PATCH, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "sent",
    [
        b"{not json",
        b'{"answer": NaN, "revision": 0}',
        b'{"answer": {"topic": "\\u0000"}, "revision": 0}',
        b'{"answer": {"to\\u0000pic": "x"}, "revision": 0}',
        b'{"answer": {"topic": "\\ud800"}, "revision": 0}',
        b'{"answer": ' + b'{"a":' * 30_000 + b"1" + b"}" * 30_000 + b"}",
        b"\xff\xfe",
    ],
)
def test_what_no_database_could_keep_is_refused_before_it_gets_there(cast, now, sent):
    path = f"/api/v1/submissions/{roads.piece(cast.mina).pk}/draft/"

    refused = Api(cast.mina).client.put(path, sent, content_type="application/json")

    assert no(refused) == (400, "parse_error")


@pytest.mark.parametrize("sent", [[], "text", 3, None, {"answer": [], "revision": 0}, {"answer": {}, "revision": "x"}])
def test_what_has_another_shape_is_refused_by_field(cast, now, sent):
    path = f"/api/v1/submissions/{roads.piece(cast.mina).pk}/draft/"

    refused = Api(cast.mina).client.put(path, json.dumps(sent), content_type="application/json")

    assert no(refused) == (400, "input")
    assert refused.json()["errors"]


def test_a_backslash_before_u0000_is_only_text(cast, now):
    path = f"submissions/{roads.piece(cast.mina).pk}/draft/"

    saved = Api(cast.mina).put(path, answer={"topic": r"\u0000"}, revision=0)

    assert saved.json()["answer"] == {"topic": r"\u0000"}


def test_a_form_is_not_json(cast, now):
    path = f"/api/v1/submissions/{roads.piece(cast.mina).pk}/take-back/"

    form = Api(cast.mina).client.put(path.replace("take-back", "draft"), "a=1", content_type="text/plain")

    assert no(form) == (415, "unsupported_media_type")


def test_more_than_a_megabyte_is_too_large(cast, now):
    path = f"submissions/{roads.piece(cast.mina).pk}/draft/"

    refused = Api(cast.mina).put(path, answer={"topic": "x" * 1_100_000}, revision=0)

    assert no(refused) == (413, "too_large")


def test_what_breaks_says_a_reference_and_nothing_else(cast, now, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(submitting, "save_draft", broken)
    api = Api(cast.mina)
    api.client.raise_request_exception = False

    answer = api.put(f"submissions/{roads.piece(cast.mina).pk}/draft/", answer={}, revision=0)

    assert no(answer) == (500, "broken")
    assert "secret" not in answer.content.decode()


def test_a_session_without_its_token_against_forgery_changes_nothing(cast, now):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.mina)

    refused = browser.put(
        f"/api/v1/submissions/{roads.piece(cast.mina).pk}/draft/",
        {"answer": ANSWERS["w1-x1"], "revision": 0},
        content_type="application/json",
    )

    assert refused.status_code == 403
    assert roads.piece(cast.mina).draft == {}


@pytest.mark.parametrize("address", ["me/", "me/week/", "submissions/", "cohorts/", "nonsense/", "tokens/"])
def test_nothing_of_the_api_is_kept_on_the_way(cast, address):
    assert Api(cast.mina).get(address).headers["Cache-Control"] == "no-store"
