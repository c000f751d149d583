"""The list of people and the table that is brought, as a browser without scripts uses them."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients import holding, joining, tables
from clients.models import Invitation, JournalEntry, Message, User
from coaching import people
from tests import roads
from tests.coaching.web.test_office_pages import page, post, words
from tests.coaching.web.visiting import browser
from tests.roads import BEFORE, WEEK_1

HEAD = "name,email,time_zone,cohort,external_id"
COLUMNS = HEAD.split(",")


@pytest.fixture
def ada(cast, now):
    return browser(cast.ada)


def brought(client, table, *, do="look", seen=None, **sent):
    """What a browser posts: the second time with the columns as the page shows them."""
    return post(
        client, "people-import", table=table, do=do, **({} if seen is None else {"seen": json.dumps(seen)}), **sent
    )


def seen(**changes):
    return {"seen": COLUMNS} | {f"column-{name}": str(n) for n, name in enumerate(COLUMNS)} | changes


def table_of(*lines):
    return "\n".join([HEAD, *lines, ""])


def verdicts(response):
    return [(row.line, row.kind, str(column)) for group in response.context["groups"] for row, column in group["rows"]]


# --- The list -----------------------------------------------------------------------------------------


def test_everybody_stands_in_the_list_with_role_cohort_state_and_last_seen(ada, cast, now):
    holding.hold(cast.enrolment(cast.noor), reason="", by=cast.ada, at=WEEK_1)
    roads.invitation(cast.spring, "dora@example.org", at=WEEK_1)
    roads.invitation(cast.spring, "emil@example.org", role="coach")
    now.at = BEFORE + timedelta(days=15)

    rows = page(ada, "people").context["page"].rows

    assert [(row.name, row.role, row.cohort, row.state) for row in rows] == [
        ("Ada", "admin", None, "active"),
        ("dora@example.org", "client", "Spring", "invited"),
        ("emil@example.org", "coach", "Spring", "expired"),
        ("Ines", "coach", "Autumn", "active"),
        ("Mina", "client", "Spring", "active"),
        ("Noor", "client", "Spring", "on_hold"),
        ("Omar", "client", "Autumn", "active"),
        ("Tomas", "coach", "Spring", "active"),
    ]
    assert "Tomas tomas@example.org Coach Spring Active not yet" in words(page(ada, "people"))


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"words": "MIN"}, ["Mina"]),
        ({"words": "17"}, ["Omar"]),
        ({"words": "mina org"}, ["Mina"]),
        ({"cohort": "autumn"}, ["Ines", "Omar"]),
        ({"role": "coach"}, ["Ines", "Tomas"]),
        ({"state": "withdrawn"}, ["Noor"]),
        ({"words": "%"}, []),
        ({"words": "a\x00"}, ["Ada", "Mina", "Noor", "Omar", "Tomas", "Ines"]),
    ],
)
def test_the_list_is_searched_and_narrowed(ada, cast, wanted, names):
    User.objects.filter(pk=cast.omar.pk).update(external_id="17")
    joining.withdraw(cast.enrolment(cast.noor), by=cast.ada, at=WEEK_1)

    response = page(ada, "people", **wanted)

    assert {row.name for row in response.context["page"].rows} == set(names)
    assert ("Nobody here is like that." in words(response)) == (not names)


def test_pages_follow_one_another_and_nobody_is_missed_or_twice(ada, cast, monkeypatch):
    monkeypatch.setattr(people, "PAGE", 3)
    for name in ("Zoë", "mila", "Đặng"):
        roads.client(cast.autumn, roads.person(name))
    roads.invitation(cast.spring, "mina@example.com", at=WEEK_1)
    everybody, after = [], ""

    while after is not None:
        found = page(ada, "people", after=after).context["page"]
        everybody += [(row.kind, row.number) for row in found.rows]
        after = found.next and str(found.next)

    assert len(everybody) == len(set(everybody)) == 10


@pytest.mark.parametrize("after", ["x", "[]", '["a", "b"]', '["a\\u0000", "b", 1]', "[1, 2, 3]", "null"])
def test_a_place_that_is_none_is_the_first(ada, after):
    assert len(page(ada, "people", after=after).context["page"].rows) == 6


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_list_takes_as_many_queries_for_one_as_for_fifty(ada, cast, count):
    for number in range(count):
        roads.invitation(cast.spring, f"person{number}@example.org", at=WEEK_1)
    page(ada, "people")

    with CaptureQueriesContext(connection) as queries:
        page(ada, "people")

    assert len(queries) == 11


def test_an_invitation_is_sent_again_from_the_cohort(ada, cast):
    first = roads.invitation(cast.spring, "dora@example.org", at=WEEK_1)

    response = post(ada, "cohort-send-again", "spring", first.pk)

    assert response.headers["Location"] == "/manage/cohorts/spring/"
    told = page(ada, "cohort", "spring").content.decode()
    assert "A new link is on its way to dora@example.org. The old one opens nothing." in told
    assert [(one.pk == first.pk, bool(one.revoked_at)) for one in Invitation.objects.order_by("pk")] == [
        (True, True), (False, False),
    ]  # fmt: skip
    assert post(ada, "cohort-send-again", "spring", first.pk).status_code == 409


# --- A table ------------------------------------------------------------------------------------------


def test_the_template_is_a_table_that_is_read(ada):
    response = page(ada, "people-template")

    text = tables.decoded(response.content)
    assert response.headers["Content-Disposition"] == 'attachment; filename="people.csv"'
    assert tables.guessed(tables.read(text + "a,b@example.org,,,")) == {name: n for n, name in enumerate(COLUMNS)}


def test_looking_shows_a_verdict_for_every_line_and_writes_nothing(ada, cast):
    before = (Invitation.objects.count(), Message.objects.count(), JournalEntry.objects.count(), User.objects.count())

    response = brought(
        ada, table_of("Dora,dora@example.org,,Spring,", "Mina,mina@example.org,,Spring,17",
                      "Noor,noor@example.org,,Spring,", "Emil,emil@,,Spring,"),
    )  # fmt: skip

    assert response.status_code == 200
    assert verdicts(response) == [(5, "error", "Address"), (3, "changed", ""), (2, "new", ""), (4, "known", "")]
    told = words(response)
    assert "Invite 1, change 1, skip 2" in told
    assert "5 Emil emil@ Address “emil@” is no address a mail could reach. Correct it." in told
    assert (
        Invitation.objects.count(), Message.objects.count(), JournalEntry.objects.count(), User.objects.count(),
    ) == before  # fmt: skip


def test_inviting_leads_to_the_list_and_says_how_many(ada, cast):
    table = table_of("Dora,dora@example.org,,Spring,", "Noor,noor@example.org,,Spring,")

    response = brought(ada, table, do="invite", **seen())

    assert (response.status_code, response.headers["Location"]) == (302, "/manage/people/")
    assert "1 person is invited. 1 line is skipped." in page(ada, "people").content.decode()
    assert [one.email for one in Invitation.objects.all()] == ["dora@example.org"]


def test_the_lines_to_mend_stay_below_their_header_and_the_rest_is_done(ada, cast):
    table = table_of("Dora,dora@example.org,,Spring,", "Emil,emil@,,Spring,")

    response = brought(ada, table, do="invite", **seen())

    assert response.status_code == 200
    assert response.context["form"]["table"].value() == f"{HEAD}\nEmil,emil@,,Spring,\n"
    assert verdicts(response) == [(3, "error", "Address")]
    assert [one.email for one in Invitation.objects.all()] == ["dora@example.org"]


def test_columns_are_changed_and_looked_at_again(ada, cast):
    table = "first,second\nDora,dora@example.org\n"
    guess = brought(ada, table, cohort="spring")

    mended = brought(ada, table, cohort="spring", seen=["first", "second"], **{"column-email": "1"})

    assert guess.context["columns"].columns == {"email": 1, "name": 0}
    assert mended.context["columns"].columns == {"email": 1}
    assert "Invite 1" in words(mended)


def test_nobody_is_invited_under_columns_nobody_has_seen(ada, cast):
    other = brought(ada, "mail,name\ndora@example.org,Dora\n", do="invite", cohort="spring", **seen())
    unseen = brought(ada, "mail,name\ndora@example.org,Dora\n", do="invite", cohort="spring")

    assert [other.status_code, unseen.status_code, Invitation.objects.count()] == [200, 200, 0]
    assert other.context["columns"].columns == {"email": 0, "name": 1}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_file_is_looked_at_and_stands_there_as_text(ada, cast, encoding):
    raw = "Vorname;Nachname;E-Mail;Zeitzone\r\nZoë;Müller;zoe@example.org;Europe/Berlin\r\n".encode(encoding)

    response = brought(ada, "", cohort="spring", file=SimpleUploadedFile("people.csv", raw))

    assert response.context["form"]["table"].value() == raw.decode(encoding)
    assert [(row.name, row.kind) for row in response.context["verdicts"].rows] == [("Zoë Müller", "new")]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("", "There is nobody in this table. Paste a line for each person."),
        ('email\n"dora@example.org', "The quotation marks from line 2 on do not fit together."),
    ],
)
def test_what_cannot_be_read_stays_and_says_what_to_do(ada, table, sentence):
    response = brought(ada, table)

    assert response.status_code == 422
    assert sentence in words(response)
    assert response.context["form"]["table"].value() == table


def test_without_a_column_of_addresses_the_page_asks_which_it_is(ada):
    table = "first,second\nDora,Diaz\n"

    response = brought(ada, table)

    assert response.status_code == 422
    assert "Say which column holds the addresses." in words(response)
    assert response.context["form"]["table"].value() == table


def test_a_file_too_big_is_refused_and_what_was_pasted_stays(ada):
    big = SimpleUploadedFile("people.csv", b"a" * 1_800_001)

    response = brought(ada, table_of("Dora,dora@example.org,,Spring,"), file=big)

    assert response.status_code == 422
    assert "This file is too big. Split it, and bring one part after the other." in words(response)
    assert response.context["form"]["table"].value() == table_of("Dora,dora@example.org,,Spring,")


def test_a_name_that_is_markup_or_a_formula_is_shown_as_text(ada, cast):
    response = brought(ada, table_of("<b>x</b>,dora@example.org,,Spring,", "=1+1,emil@example.org,,Spring,"))

    body = response.content.decode()
    assert "<b>x</b>" not in body.partition("<main")[2]
    assert "=1+1" in words(response)


@pytest.mark.parametrize("count", [1, 3, 50, 5000])
def test_looking_takes_as_many_queries_for_one_as_for_five_thousand(ada, cast, count):
    table = table_of(*(f"Person {n},person{n}@example.org,Asia/Manila,Spring,{n}" for n in range(count)))

    with CaptureQueriesContext(connection) as queries:
        response = brought(ada, table)

    assert response.context["verdicts"].counts["new"] == count
    assert len(queries) == 15
