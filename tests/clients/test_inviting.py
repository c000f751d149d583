"""A table of people: a verdict for every line, nothing half done, and nobody twice."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients import inviting, joining, newcomers, tables
from clients.models import Cohort, Enrolment, Invitation, JournalEntry, Message, User
from tests import roads
from tests.roads import BEFORE, WEEK_1

HEAD = "name,email,time_zone,cohort,external_id\n"


def table_of(*lines):
    return tables.read(HEAD + "\n".join(lines))


def looked(cast, *lines, default=None, at=WEEK_1):
    table = table_of(*lines)
    return newcomers.look(table, tables.guessed(table), cohorts=Cohort.objects.all(), default=default, at=at)


def invited(cast, *lines, default=None, at=WEEK_1):
    table = table_of(*lines)
    columns = tables.guessed(table)
    return inviting.invite_listed(table, columns, cohorts=Cohort.objects.all(), default=default, by=cast.ada, at=at)


def said(verdicts):
    return [(row.line, row.kind, row.about, row.sentence) for row in verdicts.rows]


def open_ones():
    found = Invitation.objects.filter(accepted_at=None, revoked_at=None).order_by("email", "cohort__name")
    return list(found.values_list("email", "name", "zone", "external_id", "cohort__name"))


def test_looking_writes_nothing(cast):
    before = (Invitation.objects.count(), Message.objects.count(), JournalEntry.objects.count())

    verdicts = looked(cast, "Dora,dora@example.org,,Spring,17")

    assert said(verdicts) == [(2, "new", "", "Is invited to Spring.")]
    assert (Invitation.objects.count(), Message.objects.count(), JournalEntry.objects.count()) == before


def test_whoever_is_new_is_invited_with_all_that_is_known_of_them(cast):
    verdicts = invited(
        cast, "Dora Diaz,DORA@example.org,asia/manila,SPRING,17", "=1+1,emil@example.org,,,", default=cast.autumn
    )

    assert verdicts.counts == {"new": 2, "changed": 0, "known": 0, "error": 0}
    assert open_ones() == [
        ("dora@example.org", "Dora Diaz", "Asia/Manila", "17", "Spring"),
        ("emil@example.org", "=1+1", "", "", "Autumn"),
    ]
    dora = Invitation.objects.get(email="dora@example.org")
    assert (dora.role, dora.invited_by, dora.invited_at, dora.expires_at) == (
        "client", "Ada", WEEK_1, WEEK_1 + timedelta(days=14),
    )  # fmt: skip
    assert list(Message.objects.filter(address="dora@example.org").order_by("available_at").values_list("kind")) == [
        ("invite",), ("invite.remind",), ("invite.remind",),
    ]  # fmt: skip
    told = JournalEntry.objects.filter(at=WEEK_1).order_by("pk").values_list("action", "note", "cohort_id")
    assert list(told) == [
        ("invited", "dora@example.org as client", cast.spring.pk),
        ("invited", "emil@example.org as client", cast.autumn.pk),
        ("invited a table of people", "0 error, 0 changed, 2 new, 0 known", cast.spring.pk),
        ("invited a table of people", "0 error, 0 changed, 2 new, 0 known", cast.autumn.pk),
    ]


def test_the_reminder_comes_in_the_morning_where_they_are_said_to_live(cast):
    invited(cast, "Dora,dora@example.org,Asia/Manila,Spring,")

    first = Message.objects.filter(kind="invite.remind").earliest("available_at")
    assert first.available_at.isoformat() == "2026-03-07T01:00:00+00:00"


def test_the_same_table_twice_invites_nobody_twice(cast):
    lines = ["Dora,dora@example.org,,Spring,17", "Emil,emil@example.org,,Spring,"]
    invited(cast, *lines)
    before = (open_ones(), Message.objects.count(), JournalEntry.objects.count())

    again = invited(cast, *lines)

    assert said(again) == [(line, "known", "", "Invited already, until 18 March.") for line in (2, 3)]
    assert (open_ones(), Message.objects.count(), JournalEntry.objects.count()) == before


def test_what_changed_is_changed_without_another_mail_and_what_is_left_empty_stays(cast):
    invited(cast, "Dora,dora@example.org,Asia/Manila,Spring,17", "Emil,emil@example.org,,Spring,")
    mails = Message.objects.count()

    verdicts = invited(cast, "Dora Diaz,dora@example.org,,Spring,17", ",emil@example.org,,Spring,18")

    assert said(verdicts) == [
        (2, "changed", "", "Invited already; no second mail is sent. Name: Dora becomes Dora Diaz."),
        (3, "changed", "", "Invited already; no second mail is sent. External id: – becomes 18."),
    ]
    assert open_ones() == [
        ("dora@example.org", "Dora Diaz", "Asia/Manila", "17", "Spring"),
        ("emil@example.org", "Emil", "", "18", "Spring"),
    ]
    assert Message.objects.count() == mails


def test_a_new_address_of_the_same_external_id_gets_a_link_and_the_old_one_opens_nothing(cast):
    invited(cast, "Dora,dora@old.example,Asia/Manila,Spring,17")

    verdicts = invited(cast, ",dora@new.example,,Spring,17")

    sentence = "Was invited as dora@old.example. That link is withdrawn, and dora@new.example gets one."
    assert said(verdicts) == [(2, "changed", "", sentence)]
    assert open_ones() == [("dora@new.example", "Dora", "Asia/Manila", "17", "Spring")]
    assert Invitation.objects.get(email="dora@old.example").revoked_at == WEEK_1


def test_an_invitation_that_ended_is_sent_anew(cast):
    invited(cast, "Dora,dora@example.org,,Spring,", at=BEFORE)

    verdicts = invited(cast, "Dora,dora@example.org,,Spring,", at=BEFORE + timedelta(days=15))

    assert said(verdicts) == [(2, "new", "", "The invitation ended on 6 March; a new one is sent.")]
    assert len(open_ones()) == 1


def test_whoever_is_in_the_cohort_is_known_and_keeps_their_name_and_zone(cast):
    joining.withdraw(cast.enrolment(cast.noor), by=cast.ada, at=WEEK_1)

    verdicts = invited(cast, "Wilhelmina,MINA@example.org,Asia/Manila,Spring,", "Noor,noor@example.org,,Spring,")

    assert said(verdicts) == [
        (2, "known", "", "In this cohort already."),
        (3, "known", "", "Has left this cohort; a list brings nobody back."),
    ]
    cast.mina.refresh_from_db()
    assert (cast.mina.name, cast.mina.zone, open_ones()) == ("Mina", "America/Chicago", [])


def test_whoever_has_an_account_elsewhere_is_invited_to_it(cast):
    verdicts = invited(cast, "Omar,omar@example.org,,Spring,")

    assert said(verdicts) == [(2, "new", "", "Has an account as omar@example.org, and joins after signing in.")]


def test_an_external_id_is_noted_at_the_account_and_knows_it_under_another_address(cast):
    noted = invited(cast, "Mina,mina@example.org,,Spring,17")
    moved = invited(cast, "Mina,mina@new.example,,Spring,17", "Mina,mina@new.example,,Autumn,17")

    assert said(noted) == [(2, "changed", "", "In this cohort already; the external id 17 is noted.")]
    assert User.objects.get(external_id="17") == cast.mina
    assert said(moved) == [
        (2, "known", "",
         "In this cohort already, as mina@example.org. Whoever has an account changes its address themselves."),
        (3, "new", "", "Has an account as mina@example.org, and joins after signing in."),
    ]  # fmt: skip
    assert open_ones() == [("mina@example.org", "Mina", "", "17", "Autumn")]


def test_the_external_id_goes_to_the_account_that_accepts(cast):
    invited(cast, "Lena,lena@example.org,,Spring,17", "Dora,dora@example.org,,Spring,18")
    lena, dora = Invitation.objects.order_by("external_id")

    joining.accept(lena, person=cast.lena, at=WEEK_1)
    made = joining.accept_as_newcomer(
        dora, email="", name="Dora", zone="Asia/Manila", password="a-long-test-password", at=WEEK_1
    )

    ids = User.objects.filter(pk__in=[cast.lena.pk, made.pk]).order_by("external_id").values_list("external_id")
    assert list(ids) == [("17",), ("18",)]
    assert Enrolment.objects.filter(cohort=cast.spring, client__in=[cast.lena, made]).count() == 2


def test_nobody_is_kept_out_by_an_external_id_that_somebody_else_has_by_now(cast):
    invited(cast, "Lena,lena@example.org,,Spring,17")
    User.objects.filter(pk=cast.omar.pk).update(external_id="17")

    joining.accept(Invitation.objects.get(), person=cast.lena, at=WEEK_1)

    cast.lena.refresh_from_db()
    assert cast.lena.external_id == ""
    assert Enrolment.objects.filter(client=cast.lena).exists()


ERRORS = {
    "Dora,,,Spring,": ("email", "There is no address here. Add one, or take the line out."),
    "Dora,dora@,,Spring,": ("email", "“dora@” is no address a mail could reach. Correct it."),
    "Dora,dora@example.org,Berlin Time,Spring,": (
        "time_zone", "“Berlin Time” is no time zone. Write one like Europe/Berlin, or leave it empty."),
    "Dora,dora@example.org,,,": ("cohort", "No cohort is named here. Name one, or choose one for all who name none."),
    "Dora,dora@example.org,,Winter,": (
        "cohort", "There is no cohort “Winter”. Write its name as it stands in the list of cohorts, or open it first."),
    "Dora,dora@example.org,,Reserve,": ("cohort", "This cohort is closed; open a new one to invite people."),
    f"{'x' * 121},dora@example.org,,Spring,": ("name", "A name has at most 120 letters here. Shorten it."),
    f"Dora,dora@example.org,,Spring,{'1' * 65}": (
        "external_id", "An external id has at most 64 letters. Shorten it."),
    "Omar,omar@example.org,,Spring,17": ("external_id", "The external id 17 is that of mina@example.org. Correct it, or the address."),
    "Mina,mina@example.org,,Spring,18": ("external_id", "Mina has the external id 17. Correct it, or leave it empty."),
}  # fmt: skip


@pytest.mark.parametrize("line", ERRORS)
def test_a_line_with_an_error_names_its_column_says_what_to_do_and_stops_nobody_else(cast, line):
    reserve = roads.cohort("Reserve", by=cast.ada)
    Cohort.objects.filter(pk=reserve.pk).update(closed_at=WEEK_1)
    User.objects.filter(pk=cast.mina.pk).update(external_id="17")

    verdicts = invited(cast, line, "Emil,emil@example.org,,Spring,")

    assert said(verdicts) == [(2, "error", *ERRORS[line]), (3, "new", "", "Is invited to Spring.")]
    assert [email for email, *_rest in open_ones()] == ["emil@example.org"]


TWICE = [
    ("Dora,dora@example.org,,Spring,", "known", "", "The same as line 2."),
    ("Dorothea,dora@example.org,,Spring,", "error", "name",
     "Line 2 is for this address too and says something else. Keep one of the two."),
    ("Dora,dora@example.org,,Autumn,", "new", "", "Is invited to Autumn."),
]  # fmt: skip


@pytest.mark.parametrize(("second", "kind", "about", "sentence"), TWICE)
def test_the_same_person_in_two_lines_is_one_person(cast, second, kind, about, sentence):
    verdicts = invited(cast, "Dora,dora@example.org,,Spring,", second)

    assert said(verdicts)[1] == (3, kind, about, sentence)


def test_one_external_id_for_two_addresses_is_to_be_mended(cast):
    verdicts = looked(cast, "Dora,dora@example.org,,Spring,17", "Emil,emil@example.org,,Spring,17")

    sentence = "Line 2 has the external id 17 too, for dora@example.org. Give each their own."
    assert said(verdicts)[1] == (3, "error", "external_id", sentence)


def test_two_lines_that_turn_out_to_be_one_account_are_to_be_mended(cast):
    User.objects.filter(pk=cast.omar.pk).update(external_id="17")

    verdicts = invited(cast, "Omar,omar@new.example,,Spring,17", "Omar,omar@example.org,,Spring,")

    assert said(verdicts)[1] == (3, "error", "email", "Line 2 is about the same person. Keep one of the two.")
    assert [email for email, *_rest in open_ones()] == ["omar@example.org"]


def test_two_open_invitations_that_one_line_would_make_one_are_to_be_mended(cast):
    invited(cast, "Dora,dora@old.example,,Spring,17", "Dora,dora@new.example,,Spring,")

    verdicts = looked(cast, "Dora,dora@new.example,,Spring,17")

    told = "dora@old.example was invited with the external id 17. Correct it, or withdraw that invitation first."
    assert said(verdicts) == [(2, "error", "external_id", told)]


def test_whatever_breaks_nobody_was_invited(cast, monkeypatch):
    def breaks(*_args, **_kwargs):
        raise RuntimeError("the outbox is full")

    monkeypatch.setattr("clients.messaging.post_all", breaks)

    with pytest.raises(RuntimeError):
        invited(cast, "Dora,dora@example.org,,Spring,17", "Mina,mina@example.org,,Spring,18")

    cast.mina.refresh_from_db()
    assert (open_ones(), cast.mina.external_id) == ([], "")


@pytest.mark.parametrize("count", [1, 3, 50, 5000])
def test_it_takes_as_many_queries_for_one_as_for_five_thousand(cast, count):
    lines = [
        f"Person {n},person{n}@example.org,Asia/Manila,{'Spring' if n % 2 else 'Autumn'},{n}" for n in range(count)
    ]
    table = table_of(*lines)
    columns = tables.guessed(table)

    with CaptureQueriesContext(connection) as queries:
        inviting.invite_listed(table, columns, cohorts=Cohort.objects.all(), default=None, by=cast.ada, at=WEEK_1)

    assert Invitation.objects.count() == count
    assert Message.objects.filter(kind="invite").count() == count
    assert len(queries) == 16


def test_an_invitation_is_sent_again_once_with_a_new_link(cast):
    invited(cast, "Dora,dora@example.org,Asia/Manila,Spring,17", at=BEFORE)
    first = Invitation.objects.get()

    again = joining.send_again(first, by=cast.ada, at=WEEK_1)

    assert (again.pk != first.pk, again.expires_at) == (True, WEEK_1 + timedelta(days=14))
    assert open_ones() == [("dora@example.org", "Dora", "Asia/Manila", "17", "Spring")]
    with pytest.raises(joining.CannotJoin) as refusal:
        joining.send_again(first, by=cast.ada, at=WEEK_1)
    assert refusal.value.messages == ["This invitation is no longer open."]
