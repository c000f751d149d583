"""A table of people and the list of people over the API, and the table from a file: the same sentences as the page."""

from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from clients.models import Invitation, Message
from coaching import people
from tests import roads
from tests.doors.asking import Api
from tests.roads import WEEK_1

TABLE = "name;email;cohort\nDora;dora@example.org;Spring\nEmil;emil@;Spring\nMina;mina@example.org;Spring\n"


@pytest.fixture
def ada(cast, now):
    return Api(cast.ada)


def test_looking_at_a_table_tells_of_every_line_and_writes_nothing(ada):
    told = ada.post("people/import/", table=TABLE).json()

    assert told["columns"] == {"name": "name", "email": "email", "cohort": "cohort"}
    assert told["counts"] == {"new": 1, "changed": 0, "known": 1, "error": 1}
    assert told["invited"] is False
    assert [(row["line"], row["kind"], row["column"], row["sentence"]) for row in told["rows"]] == [
        (2, "new", "", "Is invited to Spring."),
        (3, "error", "email", "“emil@” is no address a mail could reach. Correct it."),
        (4, "known", "", "In this cohort already."),
    ]
    assert (Invitation.objects.count(), Message.objects.count()) == (0, 0)


def test_a_program_brings_the_same_table_as_often_as_it_likes(ada):
    counts = [ada.post("people/import/", table=TABLE, invite=True).json()["counts"]["new"] for _time in range(2)]

    assert counts == [1, 0]
    assert [one.email for one in Invitation.objects.all()] == ["dora@example.org"]


def test_columns_and_the_cohort_of_all_are_named(ada, cast):
    table = "who,where to\nDora,dora@example.org\n"

    told = ada.post(
        "people/import/", table=table, columns={"email": "where to", "name": "who"}, cohort=cast.autumn.pk, invite=True
    )

    assert told.json()["counts"]["new"] == 1
    assert Invitation.objects.values_list("name", "cohort__name").get() == ("Dora", "Autumn")


@pytest.mark.parametrize(
    ("sent", "code", "sentence"),
    [
        ({"table": "a,b\nc,d\n"}, "table.no_addresses", "Say which column holds the addresses."),
        ({"table": TABLE, "columns": {"email": "nowhere"}}, "table.no_column",
         "There is no such column in this table. Choose another one."),
        ({"table": ""}, "table.empty", "There is nobody in this table. Paste a line for each person."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("invite", [True, False])
def test_what_cannot_be_read_is_refused_in_the_page_s_words(ada, sent, code, sentence, invite):
    answer = ada.post("people/import/", invite=invite, **sent)

    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (422, code, sentence)


def test_everybody_is_listed_searched_and_paged(ada, cast, monkeypatch):
    monkeypatch.setattr(people, "PAGE", 4)

    first = ada.get("people/").json()
    second = ada.get("people/", after=parse_qs(urlsplit(first["next"]).query)["after"][0]).json()
    coaches = ada.get("people/", role="coach").json()

    assert [row["name"] for row in first["results"]] == ["Ada", "Ines", "Mina", "Noor"]
    assert ([row["name"] for row in second["results"]], second["next"]) == (["Omar", "Tomas"], None)
    assert [(row["name"], row["state"], row["cohort"]) for row in coaches["results"]] == [
        ("Ines", "active", "Autumn"), ("Tomas", "active", "Spring"),
    ]  # fmt: skip
    assert ada.get("people/", after="nowhere").status_code == 400


def test_an_invitation_is_sent_again_and_what_waits_is_opened(ada, cast):
    first = roads.invitation(cast.spring, "dora@example.org", at=WEEK_1)
    roads.put_down(cast.spring, cast.ada, "emil@example.org")
    path = f"cohorts/{cast.spring.pk}/invitations"

    again = ada.post(f"{path}/{first.pk}/send-again/")
    opened = ada.post(f"{path}/open/")

    assert (again.status_code, again.json()["email"], again.json()["id"] != first.pk) == (201, "dora@example.org", True)
    assert [(one["email"], one["is_waiting"]) for one in opened.json()] == [("emil@example.org", False)]
    assert ada.post(f"{path}/open/").status_code == 409


def test_a_cohort_is_opened_with_its_weeks_off_coaches_and_people(ada, cast):
    edition = ada.get("editions/").json()[0]["id"]
    plan = {"name": "Summer", "edition": edition, "starts_on": "2026-06-01", "zone": "Europe/Madrid"}

    made = ada.post("cohorts/", breaks=["2026-06-15"], coaches=["TOMAS@example.org"], people="dora@example.org", **plan)
    nobody = ada.post("cohorts/", coaches=["nobody@example.org"], **(plan | {"name": "Later"}))

    listed = ada.get(f"cohorts/{made.json()['id']}/invitations/").json()
    assert (made.status_code, [(one["email"], one["is_waiting"]) for one in listed]) == (
        201,
        [("dora@example.org", True)],
    )
    assert nobody.json()["errors"] == {"coaches": ["Nobody here has the address nobody@example.org."]}


# --- From a file --------------------------------------------------------------------------------------


def told_by(*args, **options):
    out = StringIO()
    call_command("invite_people", *args, stdout=out, **options)
    return out.getvalue().splitlines()


def test_a_file_is_looked_at_and_invited_when_one_says_so(cast, tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes("name;email\nZoë;zoe@example.org\n".encode("cp1252"))

    looked = told_by(path, cohort="spring")
    assert looked == [
        "line 2, zoe@example.org: new. Is invited to Spring.",
        "0 error, 0 changed, 1 new, 0 known. Nothing was written; --invite does it.",
    ]
    assert Invitation.objects.count() == 0

    assert told_by(path, cohort="spring", invite=True)[-1] == "0 error, 0 changed, 1 new, 0 known. Written."
    assert Invitation.objects.get().name == "Zoë"


@pytest.mark.parametrize(
    ("name", "cohort", "sentence"),
    [("people.csv", "winter", "There is no cohort of the address winter."),
     ("people.csv", None, "Say which column holds the addresses."), ("nobody.csv", None, "No such file")],
)  # fmt: skip
def test_a_file_that_cannot_be_brought_says_why(cast, tmp_path, name, cohort, sentence):
    (tmp_path / "people.csv").write_text("a,b\nc,d\n")

    with pytest.raises(CommandError, match=sentence):
        told_by(tmp_path / name, cohort=cohort)
