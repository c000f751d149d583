"""The description of the API: valid, without a warning, complete and committed."""

import io
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

from tests.doors.asking import Api, no

COMMITTED = Path(__file__).parent.parent.parent / "docs" / "api" / "schema.yml"
PROBLEM = "application/problem+json"
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def generated(tmp_path_factory) -> str:
    file = tmp_path_factory.mktemp("schema") / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file), stdout=io.StringIO())
    return file.read_text()


@pytest.fixture(scope="module")
def schema(generated):
    return yaml.safe_load(generated)


def operations(schema):
    return [
        (method, path, operation)
        for path, item in schema["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def refusals(operation):
    """The shapes of an operation's problems."""
    contents = [answer.get("content", {}) for answer in operation["responses"].values()]
    return [content[PROBLEM]["schema"]["$ref"] for content in contents if PROBLEM in content]


def test_the_committed_schema_is_the_generated_one(generated):
    assert COMMITTED.read_text() == generated, "run `make schema`"


def test_every_operation_says_what_it_does_and_how_it_refuses(schema):
    silent = [
        (method, path)
        for method, path, operation in operations(schema)
        if not operation.get("summary") or not refusals(operation)
    ]

    assert silent == []


def test_every_refusal_has_the_one_shape(schema):
    shapes = {shape for _method, _path, operation in operations(schema) for shape in refusals(operation)}

    assert shapes == {"#/components/schemas/Problem"}


def test_a_token_is_asked_for_everywhere_but_where_one_is_made_and_of_links(schema):
    open_ones = [
        (method, path)
        for method, path, operation in operations(schema)
        if {"knoxApiToken": []} not in operation.get("security", [])
    ]

    assert open_ones == [
        ("get", "/api/v1/certificates/{token}/"),
        ("get", "/api/v1/check-ins/{token}/"),
        ("post", "/api/v1/check-ins/{token}/"),
        ("post", "/api/v1/check-ins/{token}/stop/"),
        ("get", "/api/v1/listen/{token}/"),
        ("post", "/api/v1/listen/{token}/answer/"),
        ("post", "/api/v1/listen/{token}/begin/"),
        ("get", "/api/v1/pulse/{token}/"),
        ("post", "/api/v1/pulse/{token}/"),
        ("post", "/api/v1/pulse/{token}/stop/"),
        ("post", "/api/v1/tokens/"),
    ]
    assert schema["components"]["securitySchemes"] == {"knoxApiToken": {"type": "http", "scheme": "bearer"}}


def test_anybody_may_read_the_schema(db):
    answer = Client().get("/api/v1/schema/", headers={"accept": "application/vnd.oai.openapi+json"})

    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "Across API"


def test_a_refusal_at_the_schema_is_json_as_well(db):
    assert no(Api().post("schema/")) == (405, "method_not_allowed")
