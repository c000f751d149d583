"""Coming in and going."""

from datetime import timedelta

import pytest

from clients import invitations, joining
from clients.models import Enrolment, Invitation, JournalEntry, Submission, User
from coaching import caseload
from coaching.models import Assignment, Milestone
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
    assert Milestone.objects.filter(enrolment=enrolment, state="pending").count() == 64  # all that weeks 0 to 9 hold


def test_an_invited_coach_is_assigned(cast):
    nia = newcomer(roads.invitation(cast.spring, "nia@example.org", role="coach"))

    assert Assignment.objects.get(coach=nia).cohort == cast.spring
    assert caseload.roles_of(nia) == caseload.Roles(client=False, coach=True, admin=False, lead=False)


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
