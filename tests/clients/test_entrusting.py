"""It takes two admins to make a third."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from clients import delivering, entrusting, proposals
from clients.models import AdminProposal, JournalEntry, Notice
from curriculum import clock
from tests import roads
from tests.coaching.web.visiting import browser
from tests.roads import WEEK_1

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def bea(cast):
    return roads.admin("Bea")


def proposed(cast, at=WEEK_1):
    return entrusting.propose(cast.lena, reason="Runs the autumn cohort", by=cast.ada, at=at)


def test_a_proposal_changes_nothing_until_another_admin_confirms_it(cast, bea):
    made = proposed(cast)
    assert not proposals.is_admin(cast.lena)

    entrusting.confirm(made, by=bea, at=WEEK_1 + HOUR)

    assert proposals.is_admin(cast.lena)
    assert not proposals.is_admin(cast.tomas)
    said = JournalEntry.objects.filter(subject=f"user:{cast.lena.pk}").order_by("pk")
    assert [(one.actor, one.action, one.note) for one in said][-2:] == [
        ("Ada", "proposed as an admin", "Runs the autumn cohort"),
        ("Bea", "became admin", ""),
    ]


def test_nobody_confirms_their_own_proposal_and_only_admins_do_either(cast, bea):
    made = proposed(cast)

    with pytest.raises(entrusting.CannotEntrust, match="Another admin confirms"):
        entrusting.confirm(made, by=cast.ada, at=WEEK_1)
    for who in (cast.tomas, cast.mina, cast.lena):
        with pytest.raises(entrusting.NotAnAdmin):
            entrusting.confirm(made, by=who, at=WEEK_1)
        with pytest.raises(entrusting.NotAnAdmin):
            entrusting.propose(cast.omar, reason="Because", by=who, at=WEEK_1)
    assert not proposals.is_admin(cast.lena)


def test_it_can_be_confirmed_to_the_last_second_of_seven_days_and_proposed_anew(cast, bea):
    made = proposed(cast)

    assert entrusting.confirm_refusal(made, by=bea, at=WEEK_1 + 7 * DAY) is None
    late = WEEK_1 + 7 * DAY + timedelta(seconds=1)
    assert entrusting.confirm_refusal(made, by=bea, at=late).code == "admin.expired"
    again = proposed(cast, at=late)
    made.refresh_from_db()
    assert (made.ended_at, list(proposals.open_to(bea, at=late))) == (late, [again])


def test_taken_back_it_comes_to_nothing(cast, bea):
    made = entrusting.withdraw(proposed(cast), by=bea, at=WEEK_1 + HOUR)

    assert entrusting.confirm_refusal(made, by=bea, at=WEEK_1 + HOUR).code == "admin.decided"
    assert list(proposals.open_to(bea, at=WEEK_1 + HOUR)) == []


def test_the_other_admins_are_asked_and_the_new_one_is_told(cast, bea):
    made = proposed(cast)
    delivering.deliver(at=WEEK_1)
    assert [(one.to, one.subject) for one in mail.outbox] == [([bea.email], "Ada proposes Lena as an admin")]
    assert set(Notice.objects.values_list("person__name", flat=True)) == {"Bea"}

    entrusting.confirm(made, by=bea, at=WEEK_1 + HOUR)
    delivering.deliver(at=WEEK_1 + HOUR)
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == (
        [cast.lena.email],
        "You are an admin of the programme now",
    )


def test_the_page_proposes_confirms_and_keeps_what_was_typed(cast, bea, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_1)
    ada, other, page = browser(cast.ada), browser(bea), reverse("admins")

    wrong = ada.post(page, {"email": "nobody@example.org", "reason": "Runs it"})
    assert (wrong.status_code, 'value="Runs it"' in wrong.content.decode()) == (422, True)
    ada.post(page, {"email": cast.lena.email, "reason": "Runs it"})
    made = AdminProposal.objects.get()
    confirm = reverse("admin-confirm", args=[made.pk])
    assert confirm not in ada.get(page).content.decode()
    assert ada.post(confirm).status_code == 409
    assert confirm in other.get(page).content.decode()
    other.post(confirm)
    assert proposals.is_admin(cast.lena)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"reason": ""}, "a_proposal_has_a_reason"),
        ({"confirmed_by": "ada", "confirmed_at": WEEK_1}, "whoever_confirms_is_neither_proposer_nor_proposed"),
        ({"confirmed_by": "lena", "confirmed_at": WEEK_1}, "whoever_confirms_is_neither_proposer_nor_proposed"),
        ({"confirmed_by": "tomas", "confirmed_at": WEEK_1 + 8 * DAY}, "a_proposal_is_confirmed_within_seven_days"),
        ({"confirmed_by": "tomas"}, "a_proposal_is_confirmed_within_seven_days"),
        ({"person": "ada"}, "nobody_proposes_themselves"),
    ],
)
def test_the_database_holds_that_it_takes_two(cast, changes, rule):
    made = proposed(cast)
    named = {name: getattr(cast, said) if isinstance(said, str) and said else said for name, said in changes.items()}

    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        AdminProposal.objects.filter(pk=made.pk).update(**named)


def test_a_person_is_proposed_once_at_a_time(cast, bea):
    proposed(cast)

    with pytest.raises(IntegrityError, match="one_open_proposal_a_person"), transaction.atomic():
        AdminProposal.objects.create(person=cast.lena, reason="Again", proposed_by=bea, proposed_at=WEEK_1)
