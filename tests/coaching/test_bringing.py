"""A long table of people: read in the background, all of it or nobody, and never twice."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients import inviting, tables
from clients.models import Invitation, JournalEntry, Message
from clients.models.user import ADMINS
from coaching import bringing, brought
from coaching.models import BroughtTable
from curriculum import leasing
from tests import bringing as long
from tests import roads
from tests.coaching.web.test_office_pages import page, post, words
from tests.coaching.web.visiting import browser
from tests.doors.asking import Api
from tests.roads import WEEK_1

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MANY = bringing.AT_ONCE + 1
TO_MEND = "Emil,emil@,,"


def fresh() -> BroughtTable:
    return BroughtTable.objects.get()


def read(at=WEEK_1) -> BroughtTable:
    assert bringing.read_one(at=at)
    return fresh()


# --- At once or later -----------------------------------------------------------------------------------


def test_a_short_table_is_invited_at_once_and_a_long_one_waits(cast):
    short = tables.read(long.text_of(bringing.AT_ONCE))
    done = bringing.bring(short, tables.guessed(short), default=cast.spring, by=cast.ada, at=WEEK_1)
    assert (done.counts["new"], Invitation.objects.count()) == (bringing.AT_ONCE, bringing.AT_ONCE)

    waits = long.brought(cast, at=WEEK_1)

    assert (waits.state, waits.lines, waits.percent) == ("waiting", MANY, 0)
    assert Invitation.objects.count() == bringing.AT_ONCE
    told = JournalEntry.objects.filter(action="brought a table of people").values_list("actor", "note", "cohort_id")
    assert list(told) == [("Ada", f"{MANY} lines", cast.spring.pk)]


def test_a_long_table_is_read_and_everybody_in_it_has_a_letter_and_the_lines_to_mend_stay(cast):
    long.brought(cast, TO_MEND, at=WEEK_1)

    done = read()

    assert (done.state, done.counts) == ("done", {"error": 1, "changed": 0, "new": MANY, "known": 0})
    assert done.text == f"{long.HEAD}\n{TO_MEND}\n"
    assert Invitation.objects.filter(invited_by="Ada", cohort=cast.spring).count() == MANY
    assert Message.objects.filter(kind="invite").count() == MANY
    assert not bringing.read_one(at=WEEK_1)


def test_the_same_table_again_invites_nobody(cast):
    for _time in range(2):
        long.brought(cast, at=WEEK_1)
        bringing.read_one(at=WEEK_1)

    assert [one.counts["new"] for one in BroughtTable.objects.order_by("pk")] == [MANY, 0]
    assert (Invitation.objects.count(), Message.objects.filter(kind="invite").count()) == (MANY, MANY)


def test_what_waits_is_as_long_as_what_was_brought_and_reads_the_same(cast):
    text = "sep=;\n" + long.text_of(MANY).replace(",", ";").rstrip("\n")
    table = tables.read(text)

    made = bringing.bring(table, tables.guessed(table), default=cast.spring, by=cast.ada, at=WEEK_1)

    again = tables.read(made.text)
    assert ([row.cells for row in again.rows], again.header) == ([row.cells for row in table.rows], table.header)
    assert len(made.text) <= len(text)


# --- All of it or nobody --------------------------------------------------------------------------------


def test_whoever_dies_while_writing_has_invited_nobody_and_the_next_one_invites_all(cast, monkeypatch):
    long.brought(cast, at=WEEK_1)
    with monkeypatch.context() as dying, pytest.raises(RuntimeError):
        dying.setattr(inviting.messaging, "post_all", lambda *_args, **_told: _die())
        bringing.read_one(at=WEEK_1)

    assert (fresh().state, fresh().counts["new"], Invitation.objects.count()) == ("running", MANY, 0)
    assert not bringing.read_one(at=WEEK_1 + MINUTE / 2), "it is held still"
    done = read(at=WEEK_1 + 2 * MINUTE)
    assert (done.state, done.tries, Invitation.objects.count()) == ("done", 2, MANY)


def _die():
    raise RuntimeError


def test_what_nobody_could_read_three_times_has_failed_and_stands_there_to_go_on_with(cast):
    made = long.brought(cast, at=WEEK_1)
    for n in range(leasing.TRIES_AT_MOST):
        assert bringing.claim(at=WEEK_1 + n * 2 * MINUTE).pk == made.pk

    assert bringing.claim(at=WEEK_1 + 10 * MINUTE) is None
    assert (fresh().state, fresh().text, Invitation.objects.count()) == ("failed", made.text, 0)
    assert brought.says(fresh()) == "It could not be read, and nobody in it was invited. Bring it once more."


def test_whoever_lost_their_lease_invites_nobody(cast):
    long.brought(cast, at=WEEK_1)
    slow = bringing.claim(at=WEEK_1)
    table = tables.read(slow.text)
    bringing.claim(at=WEEK_1 + 2 * MINUTE)

    assert not bringing.look(slow, table, at=WEEK_1 + 3 * MINUTE)
    bringing.invite(slow, table, at=WEEK_1 + 3 * MINUTE)

    assert (fresh().state, fresh().tries, Invitation.objects.count()) == ("running", 2, 0)


def test_where_somebody_else_was_quicker_with_one_of_them_it_is_read_once_more(cast, monkeypatch):
    long.brought(cast, at=WEEK_1)
    with monkeypatch.context() as racing:
        racing.setattr(inviting, "write", lambda *_args, **_told: _collide())
        assert read().state == "waiting"

    assert (Invitation.objects.count(), fresh().counts) == (0, {})
    assert (read().state, Invitation.objects.count()) == ("done", MANY)


def _collide():
    raise IntegrityError


def test_of_somebody_who_is_no_admin_any_more_nobody_is_invited(cast):
    long.brought(cast, at=WEEK_1)
    cast.ada.groups.remove(Group.objects.get(name=ADMINS))

    done = read()

    assert Invitation.objects.count() == 0
    assert (done.state, done.counts["new"]) == ("done", 0)


# --- For how long ---------------------------------------------------------------------------------------


def test_nobody_s_address_stands_there_longer_than_a_day(cast):
    long.brought(cast, TO_MEND, at=WEEK_1)
    read()
    long.brought(cast, at=WEEK_1)

    assert bringing.sweep(at=WEEK_1 + DAY - MINUTE) == 0
    assert [bringing.sweep(at=WEEK_1 + DAY) for _time in range(2)] == [1, 0]
    assert [one.text == "" for one in BroughtTable.objects.order_by("pk")] == [True, False]


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "running"},
        {"state": "done", "text": ""},
        {"state": "lost"},
        {"text": ""},
        {"lease_until": WEEK_1},
        {"ended_at": WEEK_1},
        {"state": "done", "ended_at": WEEK_1 - MINUTE},
    ],
)
def test_the_database_holds_what_a_table_is(cast, broken):
    made = long.brought(cast, at=WEEK_1)

    with pytest.raises(IntegrityError), transaction.atomic():
        BroughtTable.objects.filter(pk=made.pk).update(**broken)


# --- On the page and over the API -----------------------------------------------------------------------


def sent(cast, client, text):
    seen = '["name", "email", "time_zone", "external_id"]'
    chosen = {f"column-{name}": str(n) for n, name in enumerate(long.HEAD.split(","))}
    return post(client, "people-import", table=text, do="invite", cohort="spring", seen=seen, **chosen)


def test_the_page_says_how_far_it_is_and_leads_on_to_the_lines_to_mend(cast, now):
    ada, text = browser(cast.ada), long.text_of(MANY, TO_MEND)
    now.at = WEEK_1

    answer = sent(cast, ada, text)

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("people-import"))
    told = words(page(ada, "people-import"))
    assert f"Tables you brought {MANY + 1} lines · Spring" in told
    assert "Waits for its turn." in told
    assert ada.get(reverse("people-import"), {"table": fresh().pk}).status_code == 404
    done = read()
    told = words(page(ada, "people-import"))
    assert f"{MANY} people are invited. 1 line is to be mended. Mend the lines" in told
    onward = ada.get(reverse("people-import"), {"table": done.pk})
    assert onward.context["form"]["table"].value() == f"{long.HEAD}\n{TO_MEND}\n"
    assert onward.context["form"]["cohort"].value() == "spring"


def test_a_second_one_waits_until_the_first_is_done_and_stays_where_it_was_typed(cast, now):
    ada, text = browser(cast.ada), long.text_of(MANY)
    now.at = WEEK_1
    long.brought(cast, at=WEEK_1)

    answer = sent(cast, ada, text)

    assert answer.status_code == 409
    assert "A table of yours is still being read. Bring the next one once it is done." in words(answer)
    assert answer.context["form"]["table"].value() == text


def test_nobody_sees_the_table_of_somebody_else(cast, now):
    other = roads.person("Bea")
    Group.objects.get(name=ADMINS).user_set.add(other)
    made = long.brought(cast, TO_MEND, at=WEEK_1)
    read()

    assert "Tables you brought" not in words(page(browser(other), "people-import"))
    assert browser(other).get(reverse("people-import"), {"table": made.pk}).status_code == 404
    assert Api(other).get(f"people/import/{made.pk}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_for_one_table_as_for_three(cast, now, count):
    for _n in range(count):
        long.brought(cast, TO_MEND, at=WEEK_1)
        bringing.read_one(at=WEEK_1)
    ada = browser(cast.ada)

    with CaptureQueriesContext(connection) as queries:
        assert len(ada.get(reverse("people-import")).context["tables"]) == count

    assert len(queries) == 11


def test_a_program_is_told_what_to_expect_and_asks_on(cast, now):
    ada = Api(cast.ada)
    now.at = WEEK_1

    told = ada.post("people/import/", table=long.text_of(MANY, TO_MEND), cohort=cast.spring.pk, invite=True).json()

    assert (told["invited"], told["counts"]["new"], told["waits_as"]) == (False, MANY, fresh().pk)
    where = f"people/import/{told['waits_as']}/"
    assert ada.get(where).json()["state"] == "waiting"
    read()
    known = ada.get(where).json()
    assert (known["state"], known["percent"], known["counts"]["new"]) == ("done", 100, MANY)
    assert known["left"] == f"{long.HEAD}\n{TO_MEND}\n"
    assert known["sentence"] == f"{MANY} people are invited. 1 line is to be mended."


def test_the_refusal_is_named(cast):
    long.brought(cast, at=WEEK_1)

    with pytest.raises(ValidationError) as refused:
        long.brought(cast, at=WEEK_1)

    assert refused.value.code == "table.open"
