"""Thirty-two at once: exactly one effect."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from clients import (
    delivering,
    evidencing,
    inviting,
    joining,
    messaging,
    pausing,
    planning,
    practising,
    submitting,
    tables,
)
from clients.models import Attempt, Cohort, Enrolment, Invitation, LedgerLine, Meeting, Message, OneOnOne, User
from coaching import convening, firing, reviewing, sessions
from coaching.models import Claim, Decline, Feedback, Milestone
from curriculum import publishing
from curriculum.models import Edition
from tests import keeping, roads, sittings
from tests.cast import PASSWORD
from tests.roads import BEFORE, WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY = 32
HOUR = timedelta(hours=1)


def succeeded(results):
    return [result for result in results if not isinstance(result, Exception)]


def test_thirty_two_clicks_of_one_button_make_one_attempt(crowd, at_once):
    submission = roads.drafted(crowd.mina)

    results = at_once(MANY, lambda _n: submitting.hand_in(submission, client_key="one click", by=crowd.mina, at=WEEK_1))

    assert {result.pk for result in results} == set(Attempt.objects.values_list("pk", flat=True))
    assert Attempt.objects.count() == 1


def test_thirty_two_tabs_make_one_attempt(crowd, at_once):
    submission = roads.drafted(crowd.mina)

    results = at_once(MANY, lambda n: submitting.hand_in(submission, client_key=f"tab {n}", by=crowd.mina, at=WEEK_1))

    assert len(succeeded(results)) == 1
    assert Attempt.objects.count() == 1
    assert {type(result) for result in results if isinstance(result, Exception)} == {submitting.NotNow}


def test_an_entry_kept_offline_and_sent_thirty_two_times_is_one_meeting(crowd, at_once):
    results = at_once(MANY, lambda _n: roads.logged(crowd.mina, key="kept on a train"))

    assert {result.pk for result in results} == {Meeting.objects.get().pk}


def test_thirty_two_entries_at_once_are_all_kept(crowd, at_once):
    at_once(MANY, lambda n: roads.logged(crowd.mina, key=f"entry {n}"))

    assert Meeting.objects.count() == MANY


def test_an_entry_is_removed_once(crowd, at_once):
    meeting = roads.logged(crowd.mina)

    results = at_once(MANY, lambda _n: practising.remove_meeting(meeting, by=crowd.mina, at=WEEK_1))

    assert results.count(None) == 1
    assert {result.code for result in results if result} == {"log.gone"}


def test_one_invitation_is_accepted_once(crowd, at_once):
    invitation = roads.invitation(crowd.spring, "new@example.org")
    person = User.objects.create_user("new@example.org", PASSWORD, name="New")

    results = at_once(MANY, lambda _n: joining.accept(invitation, person=person, at=BEFORE))

    assert len(succeeded(results)) == 1
    assert Enrolment.objects.filter(client=person).count() == 1


def test_two_drafts_from_one_revision_one_is_told(crowd, at_once):
    submission = roads.drafted(crowd.mina)

    results = at_once(
        MANY,
        lambda n: submitting.save_draft(
            submission, answer={"topic": f"Topic {n}"}, revision=1, by=crowd.mina, at=WEEK_1
        ),
    )

    assert len(succeeded(results)) == 1
    kept = roads.piece(crowd.mina)
    assert (kept.draft_revision, kept.draft) == (2, succeeded(results)[0].draft)


def test_one_coach_gets_the_piece(crowd, at_once):
    coaches = [crowd.tomas]
    for number in range(7):
        colleague = roads.person(f"Coach{number}")
        roads.coach(crowd.spring, colleague)
        coaches.append(colleague)
    submission = roads.handed_in(crowd.mina).submission

    results = at_once(MANY, lambda n: reviewing.claim(submission, by=coaches[n % len(coaches)], at=WEEK_1 + HOUR))

    holder = Claim.objects.get().coach
    assert {result.coach for result in succeeded(results)} == {holder}
    assert len(succeeded(results)) == MANY // len(coaches)


def test_two_coaches_who_move_one_session_at_once_one_is_told(crowd, at_once):
    session = sittings.session(crowd)
    walls = [datetime(2026, 3, 6, 8) + number * HOUR / 2 for number in range(MANY)]

    results = at_once(
        MANY, lambda n: convening.move(session, wall=walls[n], version=session.version, by=crowd.tomas, at=BEFORE)
    )

    won = succeeded(results)
    assert len(won) == 1
    kept = sittings.session(crowd)
    assert (kept.version, kept.starts_at) == (2, won[0].starts_at)
    assert {result.code for result in results if result not in won} == {"session.moved_on"}


def test_a_session_is_either_held_or_cancelled(crowd, at_once):
    session = sittings.session(crowd, 0)
    acts = (
        lambda: convening.hold(session, by=crowd.tomas, at=WEEK_1),
        lambda: convening.cancel(session, reason="Ill", by=crowd.tomas, at=WEEK_1),
    )

    results = at_once(MANY, lambda n: acts[n % 2]())

    won = succeeded(results)
    assert (len(won), sittings.session(crowd, 0).state) == (1, won[0].state)


def test_thirty_two_times_the_same_answer_is_one(crowd, at_once):
    session = sittings.session(crowd)

    results = at_once(MANY, lambda _n: convening.decline(session, by=crowd.mina, at=BEFORE))

    assert results == [None] * MANY
    assert Decline.objects.count() == 1


def test_a_pause_and_a_move_at_once_leave_the_session_where_its_plan_says(crowd, at_once):
    session = sittings.session(crowd)
    acts = (
        lambda: convening.move(session, wall=datetime(2026, 3, 6, 11), by=crowd.tomas, at=WEEK_1),
        lambda: pausing.pause(crowd.spring, by=crowd.ada, at=WEEK_1),
    )

    results = at_once(8, lambda n: acts[n % 2]())
    pausing.resume(crowd.spring, by=crowd.ada, at=WEEK_1 + timedelta(days=7))

    refused = {result.code for result in results if isinstance(result, Exception)}
    kept = sittings.session(crowd)
    comes_to = sessions.comes_to(kept.cohort, 1, kept.day, kept.time, at=WEEK_1 + timedelta(days=7))
    assert kept.starts_at == comes_to
    assert refused <= {"session.paused", "cohort.paused"}


def test_feedback_is_sent_once(crowd, at_once):
    submission = roads.claimed(crowd.mina, crowd.tomas)
    content = roads.content(submission)

    results = at_once(
        MANY, lambda _n: reviewing.send_feedback(submission, content=content, by=crowd.tomas, at=WEEK_1 + 2 * HOUR)
    )

    assert len(succeeded(results)) == 1
    assert (Feedback.objects.count(), Message.objects.filter(kind="feedback").count()) == (1, 1)


def test_taking_back_and_claiming_never_both_happen(crowd, at_once):
    for round_ in range(10):
        at = WEEK_1 + round_ * HOUR
        submission = roads.handed_in(crowd.mina, at=at).submission
        acts = [
            lambda s=submission, t=at: submitting.take_back(s, by=crowd.mina, at=t + timedelta(minutes=1)),
            lambda s=submission, t=at: reviewing.claim(s, by=crowd.tomas, at=t + timedelta(minutes=1)),
        ]

        results = at_once(2, lambda n, acts=acts: acts[n]())

        assert len(succeeded(results)) == 1
        if isinstance(results[0], Exception):
            reviewing.release(submission, by=crowd.tomas, at=at + timedelta(minutes=2))
            submitting.take_back(submission, by=crowd.mina, at=at + timedelta(minutes=3))


def test_a_line_of_the_ledger_sent_thirty_two_times_is_one_line(crowd, at_once):
    mine = crowd.enrolment(crowd.mina)

    results = at_once(
        MANY,
        lambda _n: evidencing.add_line(mine, line=keeping.LINE, client_key="one", by=crowd.mina, at=keeping.WEEK_2),
    )

    assert {result.pk for result in results} == set(LedgerLine.objects.values_list("pk", flat=True))
    assert LedgerLine.objects.count() == 1


def test_a_plan_sent_thirty_two_times_is_one_one_on_one(crowd, at_once):
    results = at_once(MANY, lambda _n: keeping.planned(crowd.mina, key="one"))

    assert {result.pk for result in results} == {OneOnOne.objects.get().pk}


def test_a_one_on_one_is_removed_once_and_what_is_heard_meanwhile_never_brings_it_back(crowd, at_once):
    one = keeping.planned(crowd.mina)

    def act(number):
        if number % 2:
            return planning.remove(one, by=crowd.mina, at=keeping.WEEK_7)
        return keeping.held(crowd.mina, one)

    results = at_once(MANY, act)

    assert (results.count(None), OneOnOne.objects.count()) == (1, 0)
    assert {result.code for result in results if isinstance(result, Exception)} == {"one_on_one.gone"}


def test_any_number_of_engines_fire_each_milestone_once(crowd, at_once):
    at = Milestone.objects.order_by("due_at").first().due_at + timedelta(minutes=1)
    due = Milestone.objects.filter(due_at__lte=at).count()

    results = at_once(8, lambda _n: firing.fire_due(at=at))

    assert sum(fired for fired, _skipped in results) == due
    assert Message.objects.count() == due


def test_any_number_of_postmen_send_each_message_once(crowd, at_once, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.COUNTED_IN = "tests.postoffices.Counting", tmp_path / "handed-over"
    for number in range(30):
        joining.invite(crowd.spring, email=f"new{number}@example.org", role="client", by=crowd.ada, at=BEFORE)

    at_once(8, lambda _n: delivering.deliver(at=BEFORE, limit=10))
    delivering.deliver(at=BEFORE)

    handed_over = settings.COUNTED_IN.read_text().split()
    assert (len(handed_over), len(set(handed_over))) == (30, 30)


def test_a_pause_comes_before_a_firing_or_after_it_and_nothing_is_sent_after_it(crowd, at_once, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.COUNTED_IN = "tests.postoffices.AskingThePause", tmp_path / "while-paused"
    at = Milestone.objects.order_by("due_at").first().due_at + 12 * HOUR

    def act(number):
        if number == 0:
            return pausing.pause(crowd.spring, by=crowd.ada, at=at)
        firing.fire_due(at=at)
        return delivering.deliver(at=at)

    results = at_once(8, act)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert "paused" not in (settings.COUNTED_IN.read_text() if settings.COUNTED_IN.exists() else "")


def test_leaving_comes_before_a_mail_or_after_it(crowd, at_once, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.COUNTED_IN = "tests.postoffices.AskingWhoLeft", tmp_path / "who-left"
    mine = crowd.enrolment(crowd.mina)
    milestone = Milestone.objects.get(enrolment=mine, kind="week.unlock", week=1)
    at, about = milestone.due_at + 8 * HOUR, {"milestone": milestone.pk}
    for number in range(12):
        messaging.post("week.unlock", key=f"{number}", to=crowd.mina, cohort=crowd.spring, about=about, at=at)

    assert delivering.deliver(at=at, limit=2) == 2

    def act(number):
        if number == 0:
            return joining.withdraw(mine, by=crowd.ada, at=at)
        return delivering.deliver(at=at, limit=2)

    results = at_once(7, act)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert "left" not in settings.COUNTED_IN.read_text()


def test_editions_get_numbers_of_their_own(crowd, at_once, tmp_path):
    programme = crowd.spring.edition.programme
    drafts = [
        Edition.objects.create(programme=programme, version=str(n), title="x", digest=f"digest {n}") for n in range(6)
    ]
    for draft in drafts:
        module = draft.modules.create(key="m", title="M", position=0)
        draft.weeks.create(module=module, key="w1", number=1, title="W", short="W", minutes=10)

    at_once(6, lambda n: publishing.publish(drafts[n], signed_by="Ada", at=BEFORE))

    assert sorted(Edition.objects.published().values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE clients_attempt SET words = 0",
        "DELETE FROM clients_attempt",
        "UPDATE clients_journalentry SET note = 'x'",
        "DELETE FROM clients_journalentry",
        "UPDATE curriculum_edition SET title = 'x' WHERE number IS NOT NULL",
        "DELETE FROM curriculum_edition WHERE number IS NOT NULL",
        "UPDATE curriculum_level SET anchor = 'x'",
        "DELETE FROM curriculum_messagetext",
        "INSERT INTO curriculum_module (edition_id, key, title, position) SELECT id, 'z', 'z', 9 FROM curriculum_edition",
    ],
)
def test_the_database_refuses_to_change_what_is_frozen(crowd, statement):
    roads.handed_in(crowd.mina)

    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert "frozen" in str(refused.value) or "never changes" in str(refused.value)


def test_one_table_brought_by_many_at_once_invites_each_person_once(crowd, at_once):
    lines = [f"person{n}@example.org,{'Spring' if n % 2 else 'Autumn'},{n}" for n in range(40)]
    table = tables.read("email,cohort,external_id\n" + "\n".join(lines))

    def bring(_number):
        told = {"cohorts": Cohort.objects.all(), "default": None, "by": crowd.ada, "at": WEEK_1}
        return inviting.invite_listed(table, tables.guessed(table), **told).counts

    results = at_once(8, bring)

    assert sorted(found["new"] for found in results) == [0] * 7 + [40]
    assert sorted(found["known"] for found in results) == [0] + [40] * 7
    assert Invitation.objects.filter(revoked_at=None).count() == 40
    assert Message.objects.filter(kind="invite").count() == 40


@pytest.mark.parametrize("role", ["client", "admin"])
def test_an_invitation_sent_again_by_many_at_once_is_one_new_link(crowd, at_once, role):
    cohort = crowd.spring if role == "client" else None
    joining.invite(cohort, email="dora@example.org", role=role, by=crowd.ada, at=WEEK_1)
    first = Invitation.objects.get(email="dora@example.org")

    results = at_once(8, lambda _n: joining.send_again(first, by=crowd.ada, at=WEEK_1))

    assert len(succeeded(results)) == 1
    assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_whoever_accepts_while_it_is_sent_again_is_in_or_has_the_new_link_and_nobody_waits_for_ever(crowd, at_once):
    first, dora = roads.invitation(crowd.spring, "dora@example.org", at=WEEK_1), roads.person("Dora")

    def act(number):
        if number % 2:
            return joining.accept(first, person=dora, at=WEEK_1)
        return joining.send_again(first, by=crowd.ada, at=WEEK_1)

    results = at_once(8, act)

    assert len(succeeded(results)) == 1
    is_in = crowd.spring.enrolments.filter(client=dora).exists()
    assert Invitation.objects.filter(email="dora@example.org", revoked_at=None, accepted_at=None).count() == (not is_in)
