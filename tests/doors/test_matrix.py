"""Every role asks every route; a route without a row in matrix.yaml fails."""

from collections import Counter
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from clients.models import Cohort, User
from curriculum import clock
from tests.doors import matrix, render_matrix
from tests.doors.matrix import GIVEN, World, answer_of
from tests.doors.rows import SIGN_IN, load
from tests.roads import WEEK_1

pytestmark = pytest.mark.django_db
ROLES, ROWS = load()
DONE = (200, 201, 204, 302, 303)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once for all rows; every answer is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World(settings.MAIL_FOLDER)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def hand(monkeypatch):
    """The clock every door reads."""
    at = [WEEK_1]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    return at


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_role_gets_the_answer_of_the_matrix(row, world, hand):
    hand[0] = WEEK_1 + timedelta(hours=row.hours)

    with transaction.atomic():
        GIVEN[row.given](world.cast)
        answers = {role: undone(world, row, role) for role in ROLES}
        transaction.set_rollback(True)

    assert answers == row.expected


def undone(world, row, role):
    """The answer to one role; what it changed is undone."""
    with transaction.atomic():
        answer = answer_of(world.ask(row, role))
        transaction.set_rollback(True)
    return answer


def test_every_route_and_method_has_exactly_one_row():
    rows = Counter((row.route, row.method) for row in ROWS)

    assert set(rows) == set(matrix.routes())
    assert set(rows.values()) == {1}


def test_no_page_but_the_entrances_is_open_to_anybody():
    """What somebody who has not signed in gets an answer to, other than the way to the sign-in page."""
    open_ones = {row.route.split("/")[0] for row in ROWS if row.expected["anonymous"] not in (SIGN_IN, 401, 404, 405)}

    assert open_ones == {
        "healthz",
        "readyz",
        "account",
        "join",
        "listen",
        "stop",
        "feed",
        "api",
        "check-in",
        "certificate",
        "pulse",
    }
    assert {row.route for row in ROWS if row.route.startswith("api") and row.expected["anonymous"] == 200} == {
        "api/v1/schema/", "api/v1/listen/<str:token>/", "api/v1/check-ins/<str:token>/", "api/v1/certificates/<str:token>/",
        "api/v1/pulse/<str:token>/",
    }  # fmt: skip


def test_no_admin_and_no_lead_coach_reads_what_clients_write():
    homework = [row for row in ROWS if "review/" in row.route or "submissions/<int:pk>" in row.route]

    assert {row.expected[role] for row in homework for role in ("admin", "lead")} == {404, 405}
    assert len(homework) > 25


def test_whoever_stopped_coaching_gets_what_a_stranger_gets():
    desk = [row for row in ROWS if row.group in ("A coach's pages", "API: reviews")]

    assert [str(row) for row in desk if row.expected["coach_former"] != row.expected["stranger"]] == []


def test_the_page_about_permissions_is_the_matrix():
    assert render_matrix.PAGE.read_text() == render_matrix.rendered(), "run python -m tests.doors.render_matrix"


# --- Nothing but what was asked ---------------------------------------------------------------------

# Names of columns and of arguments that no door takes from outside.
EXTRA = {
    "id": 1, "pk": 1, "by": 1, "at": "2020-01-01T00:00:00Z", "state": "accepted", "attempts_made": 3, "number": 3,
    "serial": 9, "shown_from": "2020-01-01T00:00:00Z", "handed_in_at": "2020-01-01T00:00:00Z", "is_late": False,
    "due_at": "2030-01-01T00:00:00Z", "draft": {}, "draft_revision": 0, "meant": ["H1"], "enrolment": 1, "client": 1,
    "coach": 1, "submission": 1, "sent_at": "2020-01-01T00:00:00Z", "read_at": "2020-01-01T00:00:00Z", "user": 1,
    "is_staff": True, "is_superuser": True, "is_active": False, "groups": [1], "demo": True, "closed_at": "2020-01-01",
    "plan_version": 9, "created_at": "2020-01-01T00:00:00Z", "invited_by": "Nobody", "accepted_at": "2020-01-01",
    "expires_at": "2090-01-01T00:00:00Z", "token_hash": "0", "expiry": "2090-01-01T00:00:00Z", "since": "2020-01-01",
}  # fmt: skip
# Numbers and hashes that differ from one insert to the next.
VOLATILE = {
    "key", "about", "subject", "token_hash", "object_id", "digest", "token_key", "created", "expiry", "password",
    "date_joined", "last_login", "token", "late_first", "code", "secret",
}  # fmt: skip
SIGNED_IN = [role for role in ROLES if role != "anonymous"]
WRITING = [
    row
    for row in ROWS
    if row.method in ("POST", "PUT", "PATCH") and any(row.expected[role] in DONE for role in SIGNED_IN)
]


@pytest.mark.parametrize("row", WRITING, ids=str)
def test_fields_nobody_asked_for_change_nothing(row, world, hand):
    hand[0] = WEEK_1 + timedelta(hours=row.hours)
    role = next(role for role in SIGNED_IN if row.expected[role] in DONE)

    with transaction.atomic():
        GIVEN[row.given](world.cast)
        before = numbers()
        plain = written(world, row, role, before)
        extra = written(world, row, role, before, **EXTRA)
        transaction.set_rollback(True)

    assert extra[0] == plain[0]
    assert [name for name in plain[1] if extra[1][name] != plain[1][name]] == []


def written(world, row, role, before, **extra):
    """The status, and every table afterwards; undone."""
    with transaction.atomic():
        status = world.ask(row, role, **extra).status_code
        tables = {model.__name__: list(rows_of(model, rows, before)) for model, rows in everything().items()}
        transaction.set_rollback(True)
    return status, tables


TABLES = [
    model
    for app in ("clients", "coaching", "knox", "account", "mfa")
    for model in apps.get_app_config(app).get_models(include_auto_created=True)
]


def everything():
    """Table → its rows, all in one question, because it is asked three times a row of the matrix."""
    of_each = (
        f"SELECT '{model.__name__}', json_agg(one ORDER BY one.{model._meta.pk.column}) FROM {model._meta.db_table} one"
        for model in TABLES
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(of_each))
        rows = dict(cursor.fetchall())
    return {model: rows[model.__name__] or [] for model in TABLES}


def numbers():
    """Which rows there are."""
    return {model: {row[model._meta.pk.column] for row in rows} for model, rows in everything().items()}


IN_THE_JOURNAL = {"cohort_id": Cohort, "actor_id": User}  # plain numbers there, so that it outlives what it speaks of


def rows_of(model, rows, before):
    """The rows of a table; what is new is called so, because its number differs from one insert to the next."""
    keys = {field.column: field.related_model for field in model._meta.fields if isinstance(field, models.ForeignKey)}
    keys |= IN_THE_JOURNAL | {model._meta.pk.column: model}
    for row in rows:
        yield {
            name: "new" if name in keys and keys[name] in before and value not in before[keys[name]] else value
            for name, value in row.items()
            if name not in VOLATILE
        }
