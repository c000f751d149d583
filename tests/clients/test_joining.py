"""Coming in and going."""

from datetime import timedelta

import pytest
from django.core import mail

from clients import delivering, invitations, joining
from clients.models import Enrolment, Invitation, JournalEntry, Message, Submission, User
from coaching import caseload
from coaching.models import Assignment, Milestone
from curriculum import moments
from curriculum.models import Exercise
from tests import roads
from tests.cast import PASSWORD
from tests.roads import BEFORE

DAY = timedelta(days=1)


def newcomer(invitation, **changes):
    details = {"email": "", "name": "Nia", "zone": "Africa/Lagos", "password": PASSWORD, "at": BEFORE + DAY}
    return joining.accept_as_newcomer(invitation, **details | changes)


def test_the_table_of_invitations_opens_no_door(cast):
    invitation = roads.invitation(cast.spring, "nia@example.org")

    token = invitations.token_of(invitation)

    invitation.refresh_from_db()
    assert invitations.find(token) == invitation
    assert invitations.find(invitation.token_hash) is None
    assert len(token) >= 43  # 256 bits


def test_an_invited_client_is_enrolled_with_every_piece_and_every_milestone(cast):
    invitation = roads.invitation(cast.spring, "nia@example.org")

    nia = newcomer(invitation)

    enrolment = Enrolment.objects.get(client=nia)
    offered = Exercise.objects.offered().filter(edition=cast.spring.edition)
    assert (enrolment.cohort, nia.zone) == (cast.spring, "Africa/Lagos")
    assert Submission.objects.filter(enrolment=enrolment).count() == offered.count()
    assert Milestone.objects.filter(enrolment=enrolment, state="pending").count() == 68  # all that weeks 0 to 9 hold


def test_an_invited_coach_is_assigned(cast):
    nia = newcomer(roads.invitation(cast.spring, "nia@example.org", role="coach"))

    assert Assignment.objects.get(coach=nia).cohort == cast.spring
    assert caseload.roles_of(nia, at=BEFORE + DAY) == caseload.Roles(
        client=False, coach=True, admin=False, lead=False, has_cohort=True
    )


def test_the_first_admin_comes_by_a_link_without_an_address(cast):
    invitation = joining.invite(None, email="", role="admin", by=None, at=BEFORE)

    nia = newcomer(invitation, email="nia@example.org")

    assert caseload.is_admin(nia)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda i, cast: newcomer(i), "invitation.used"),
        (lambda i, cast: joining.revoke(i, by=cast.ada, at=BEFORE), "invitation.revoked"),
        (lambda i, cast: Invitation.objects.filter(pk=i.pk).update(expires_at=BEFORE), "invitation.expired"),
    ],
)
def test_an_invitation_that_is_over_says_so(cast, spoil, code):
    invitation = roads.invitation(cast.spring, "nia@example.org")
    spoil(invitation, cast)
    invitation.refresh_from_db()

    with pytest.raises(joining.CannotJoin) as refused:
        newcomer(invitation, email="other@example.org")

    assert refused.value.code == code


def test_it_is_accepted_under_the_invited_address_only(cast):
    invitation = roads.invitation(cast.spring, "nia@example.org")

    with pytest.raises(joining.CannotJoin) as refused:
        joining.accept(invitation, person=cast.lena, at=BEFORE)

    assert refused.value.messages == ["This invitation is for nia@example.org. Sign in with that address."]
    assert Enrolment.objects.filter(client=cast.lena).count() == 0


def test_a_new_invitation_takes_the_place_of_the_open_one(cast):
    first = roads.invitation(cast.spring, "nia@example.org")

    second = roads.invitation(cast.spring, "nia@example.org", at=BEFORE + DAY)

    first.refresh_from_db()
    assert (first.revoked_at, second.revoked_at) == (BEFORE + DAY, None)


def test_nobody_is_in_a_cohort_twice(cast):
    with pytest.raises(joining.CannotJoin) as refused:
        joining.enrol(cast.spring, client=cast.mina, by=cast.ada, at=BEFORE)

    assert refused.value.messages == ["Mina is in this cohort already."]


def test_an_address_that_has_an_account_signs_in_instead(cast):
    invitation = roads.invitation(cast.autumn, "mina@example.org")

    with pytest.raises(joining.CannotJoin) as refused:
        newcomer(invitation)

    assert refused.value.code == "invitation.sign_in"
    assert User.objects.filter(email="mina@example.org").count() == 1


def test_withdrawing_keeps_the_work_and_ends_the_milestones(cast):
    roads.handed_in(cast.mina)
    enrolment = cast.enrolment(cast.mina)

    joining.withdraw(enrolment, by=cast.ada, at=roads.WEEK_1 + DAY, reason="a new job")

    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.left_at) == ("withdrawn", roads.WEEK_1 + DAY)
    assert Milestone.objects.filter(enrolment=enrolment, state="pending").count() == 0
    assert roads.piece(cast.mina).attempts.count() == 1
    assert JournalEntry.objects.filter(action="withdrew").values_list("actor", "note").get() == ("Ada", "a new job")


# --- An invitation that nobody answers --------------------------------------------------------------


def letters_of(invitation):
    rows = Message.objects.filter(about={"invitation": invitation.pk}).order_by("available_at")
    return [(row.kind, f"{moments.to_wall(row.available_at, 'Europe/Berlin'):%a %d %b %H:%M}") for row in rows]


def test_it_is_written_of_again_after_three_and_seven_days_in_the_morning(cast):
    assert letters_of(roads.invitation(cast.spring, "nia@example.org")) == [
        ("invite", "Fri 20 Feb 10:00"),
        ("invite.remind", "Mon 23 Feb 09:00"),
        ("invite.remind", "Fri 27 Feb 09:00"),
    ]


def test_a_reminder_of_it_opens_the_same_door(cast):
    invitation = roads.invitation(cast.spring, "nia@example.org")
    delivering.deliver(at=BEFORE)
    delivering.deliver(at=BEFORE + 3 * DAY)

    assert [letter.to for letter in mail.outbox] == [["nia@example.org"]] * 2
    assert invitations.token_of(invitation) in mail.outbox[-1].body


def test_of_two_reminders_that_are_late_only_the_second_is_sent(cast):
    roads.invitation(cast.spring, "nia@example.org")
    delivering.deliver(at=BEFORE)
    delivering.deliver(at=BEFORE + 8 * DAY)

    rows = Message.objects.filter(kind="invite.remind").order_by("available_at")
    assert [(row.state, row.reason) for row in rows] == [("cancelled", "too late to be of use"), ("sent", "")]


@pytest.mark.parametrize("end", ["accepted", "withdrawn", "expired"])
def test_once_it_is_answered_withdrawn_or_over_nobody_is_reminded(cast, end):
    invitation = roads.invitation(cast.spring, "nia@example.org")
    delivering.deliver(at=BEFORE)
    if end == "accepted":
        newcomer(invitation)
    elif end == "withdrawn":
        joining.revoke(invitation, by=cast.ada, at=BEFORE + DAY)
    delivering.deliver(at=BEFORE + (15 if end == "expired" else 8) * DAY)

    told = {
        "accepted": "the invitation was accepted",
        "withdrawn": "the invitation was withdrawn",
        "expired": "too late to be of use",
    }
    last = Message.objects.filter(kind="invite.remind").latest("available_at")
    assert (last.state, last.reason) == ("cancelled", told[end])
    assert len([letter for letter in mail.outbox if letter.to == ["nia@example.org"]]) == 1
