"""The demo: seeded by real operations into a past that could be so, and taken out without a trace."""

import ast
import shutil
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction

from clients import joining
from clients.models import (
    Attempt,
    Cohort,
    Enrolment,
    Invitation,
    JournalEntry,
    LessonReading,
    Message,
    Submission,
    User,
)
from coaching import assigning, caseload, clearing, feedbacks, seeding, story
from coaching.models import Assignment, Claim, Feedback, FeedbackDraft, Heartbeat, Mark, Milestone
from curriculum.models import Edition, Programme
from tests import roads

HOUR = timedelta(hours=1)
PASSWORD = "a demo password"
INSTANTS = {
    "the second week 2 opens": datetime(2026, 11, 16, 8, tzinfo=UTC),
    "a Wednesday morning": datetime(2026, 11, 18, 10, 40, tzinfo=UTC),
    "a Sunday night": datetime(2026, 11, 22, 23, 30, tzinfo=UTC),
}
ROWS = (
    Attempt, Assignment, Claim, Cohort, Enrolment, Feedback, FeedbackDraft, Invitation, LessonReading, Mark,
    Message, Milestone, Submission, User,
)  # fmt: skip


@pytest.fixture(scope="module", params=INSTANTS)
def at(request, django_db_setup, django_db_blocker):
    """The demo, seeded at this instant and undone after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        roads.edition()
        seeding.seed(at=INSTANTS[request.param], password=PASSWORD)
        yield INSTANTS[request.param]
        transaction.set_rollback(True)


@pytest.fixture
def undone(at):
    """What a test changes in the seeded demo is undone after it."""
    with transaction.atomic():
        yield at
        transaction.set_rollback(True)


def person(name: str) -> User:
    return User.objects.get(name=name)


def main(name: str, week: int) -> Submission:
    return Submission.objects.get(enrolment__client__name=name, exercise__week__number=week, exercise__role="main")


# --- What is there ----------------------------------------------------------------------------------


def test_two_cohorts_and_everybody_in_them_belong_to_the_demo(at):
    assert list(Cohort.objects.values_list("name", "demo")) == [("Douro cohort", True), ("Tagus cohort", True)]
    assert set(User.objects.values_list("demo", flat=True)) == {True}
    assert Enrolment.objects.filter(cohort__name="Tagus cohort").count() == 9


def test_the_sign_ins_open(at):
    assert [(one.email, one.name, one.role) for one in seeding.sign_ins()] == [
        ("client@example.org", "Linh Đặng", "client"),
        ("coach@example.org", "Dana Whitfield", "coach"),
        ("admin@example.org", "Ruth Castellanos", "programme admin"),
    ]
    assert all(User.objects.get(email=one.email).check_password(PASSWORD) for one in seeding.sign_ins())
    assert seeding.opens_with(PASSWORD)
    assert not seeding.opens_with(seeding.KNOWN_PASSWORD)


def test_everybody_does_what_their_sign_in_says(at):
    roles = {one.email: caseload.roles_of(User.objects.get(email=one.email)) for one in seeding.sign_ins()}

    assert roles == {
        "client@example.org": caseload.Roles(client=True, coach=False, admin=False, lead=False),
        "coach@example.org": caseload.Roles(client=False, coach=True, admin=False, lead=False),
        "admin@example.org": caseload.Roles(client=False, coach=False, admin=True, lead=False),
    }


def test_the_board_has_every_state(at):
    assert main("Ananya Raghavan", 2).state == "draft"
    assert main("Ananya Raghavan", 2).is_started
    assert main("Elif Yıldız", 1).state == "returned"
    assert not main("Elif Yıldız", 2).is_started
    assert (main("Soo-jin Park", 1).state, main("Soo-jin Park", 1).attempts_made) == ("draft", 0)
    assert main("Oluwaseun Adeyemi", 1).state == "accepted"
    assert (main("Mateus Oliveira", 1).state, main("Mateus Oliveira", 1).attempts_made) == ("handed_in", 2)


def test_everything_of_week_0_is_answered(at):
    found = Submission.objects.filter(enrolment__cohort__name="Tagus cohort", exercise__week__number=0)

    assert found.count() == 36
    assert set(found.values_list("state", flat=True)) == {"accepted"}


def test_the_queue_has_pieces_with_different_hours_left(at):
    rows = caseload.queue(person("Dana Whitfield"))

    left = [int(row.left(at) / HOUR) for row in rows]
    assert 3 <= len(rows) <= 6
    assert left == sorted(set(left))
    assert 1 <= left[0] <= 20
    assert {row.claimed_by for row in rows} == {""}


def test_a_second_attempt_waits_beside_the_first(at):
    first, second = main("Mateus Oliveira", 1).attempts.all()

    assert second.number == 2
    assert first.feedback.verdict == "another"
    assert first.answer["what"] != second.answer["what"]
    assert first.answer["stakeholder_who"] == second.answer["stakeholder_who"]


def test_linh_has_feedback_to_read_a_draft_and_lessons_read(at):
    linh = person("Linh Đặng")

    unread = [f.attempt.submission.exercise.key for f in feedbacks.shown_to(linh, at=at).filter(read_at=None)]
    draft = main("Linh Đặng", 2).draft
    assert "w1-t1" in unread
    assert draft["after"].startswith("Your team will get two or three more alarm calls a day")
    assert "terms" not in draft
    assert LessonReading.objects.filter(enrolment__client=linh).count() >= 4


def test_reviewed_pieces_have_a_level_for_every_criterion(at):
    scored = Feedback.objects.filter(attempt__rubric__isnull=False)

    levels = [tuple(feedback.marks.values_list("level", flat=True)) for feedback in scored]
    assert {len(found) for found in levels} == {5}
    assert len(set(levels)) > 3


def test_the_next_cohort_has_people_and_open_invitations(at):
    rows = Invitation.objects.filter(cohort__name="Douro cohort").order_by("email")

    assert [(row.name, row.role, row.accepted_at is not None) for row in rows] == [
        ("Amara Okafor", "client", False),
        ("Beatriz Nunes", "client", True),
        ("Marisol Vega", "coach", False),
        ("Piotr Zieliński", "client", True),
        ("Sunniva Dahl", "client", False),
    ]
    assert all(row.expires_at > at for row in rows if row.accepted_at is None)


# --- How it came about ------------------------------------------------------------------------------


def test_nothing_of_the_past_leaves(at):
    assert set(Message.objects.values_list("state", flat=True)) == {"seeded"}
    assert mail.outbox == []


def test_milestones_fired_at_their_own_times_and_none_is_behind(at):
    fired = Milestone.objects.filter(state="fired")

    assert fired.count() > 25
    assert [(row.kind, row.due_at, row.fired_at) for row in fired if row.fired_at != row.due_at] == []
    assert Milestone.objects.filter(state="pending", due_at__lte=at).count() == 0
    assert Milestone.objects.filter(state="dead").count() == 0
    assert Milestone.objects.filter(kind="review.breach", state="fired").count() == 0


def test_only_who_had_started_nothing_on_the_first_thursday_got_a_nudge(at):
    nudged = Milestone.objects.filter(kind="nudge.midweek", week=1, state="fired")

    names = set(nudged.values_list("enrolment__client__name", flat=True))
    assert names - {"Mateus Oliveira"} == {"Elif Yıldız", "Farid Haddad", "Soo-jin Park"}


def test_the_engine_left_no_heartbeat_that_could_pass_for_a_living_one(at):
    assert Heartbeat.objects.get(name="engine").detail == {"driver": "seeding"}


def test_the_journal_tells_the_whole_past(at):
    actions = set(JournalEntry.objects.filter(actor="Dana Whitfield").values_list("action", flat=True))

    assert actions == {"accepted invitation", "assigned", "claimed", "sent feedback"}
    assert list(JournalEntry.objects.filter(action=seeding.SEEDED).values_list("cohort_id", flat=True)) == [None]


def test_seeding_writes_no_row_of_its_own_but_the_flag_and_the_groups():
    tree = ast.parse(Path(seeding.__file__).read_text())
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]

    names = {function.attr for function in functions if isinstance(function, ast.Attribute)}
    writes = {"save", "create", "get_or_create", "update_or_create", "update", "delete", "bulk_create", "bulk_update"}
    assert names & writes == {"save", "get_or_create"}


# --- Once, whole, or not at all -----------------------------------------------------------------------


def test_a_second_seeding_is_refused(undone):
    with pytest.raises(seeding.CannotSeed, match="The demo is here already") as refused:
        seeding.seed(at=undone, password=PASSWORD)

    assert refused.value.code == "demo.there"


def test_the_command_does_nothing_when_the_demo_is_here(undone, capsys):
    before = JournalEntry.objects.count()

    call_command("seed_demo")

    assert capsys.readouterr().out == "The demo is here already.\n"
    assert JournalEntry.objects.count() == before


def test_the_demo_never_stands_beside_real_cohorts(cast):
    with pytest.raises(CommandError, match="There are cohorts here already"):
        call_command("seed_demo")

    assert User.objects.filter(demo=True).count() == 0


def test_an_address_of_the_story_that_is_taken_is_named(db):
    User.objects.create_user("zofia.wojcik@example.org", PASSWORD, name="Another Zofia")

    refusal = seeding.seed_refusal()

    assert refusal.code == "demo.address_taken"
    assert refusal.messages[0].startswith("zofia.wojcik@example.org has an account here already")


def test_without_the_programme_there_is_no_demo(db):
    assert seeding.seed_refusal() is None

    Programme.objects.update(key="another-programme")

    assert seeding.seed_refusal().code == "demo.no_edition"


def test_a_story_that_breaks_leaves_nothing(db, tmp_path, monkeypatch):
    folder = tmp_path / "demo"
    shutil.copytree(story.FOLDER, folder)
    late = folder / "tagus" / "oluwaseun.yaml"
    late.write_text(late.read_text().replace("Head of claims, 62 people, quarter end is sacred", ""))
    monkeypatch.setattr(story, "FOLDER", folder)
    story._read.cache_clear()

    with pytest.raises(ValidationError):
        seeding.seed(at=INSTANTS["a Sunday night"], password=PASSWORD)

    story._read.cache_clear()
    assert {model.__name__: model.objects.count() for model in ROWS if model.objects.exists()} == {}
    assert not seeding.was_seeded()


# --- And out again ------------------------------------------------------------------------------------


def test_removing_the_demo_leaves_an_empty_install_with_its_curriculum(undone):
    cleared = clearing.remove_demo(at=undone)

    assert (cleared.cohorts, cleared.people, cleared.stayed) == (2, 13, ())
    assert {model.__name__: model.objects.count() for model in ROWS if model.objects.exists()} == {}
    assert Edition.objects.published().count() == 1
    assert seeding.was_seeded()
    assert not seeding.belongs_here()


def test_removing_it_twice_changes_nothing(undone):
    clearing.remove_demo(at=undone)

    assert clearing.remove_demo(at=undone) == clearing.Cleared(0, 0, ())


def test_what_was_frozen_is_frozen_again_afterwards(undone):
    clearing.remove_demo(at=undone)
    entry = JournalEntry.objects.first()

    with pytest.raises(Exception, match="is a record and never changes"), transaction.atomic():
        JournalEntry.objects.filter(pk=entry.pk).update(note="changed")


def test_the_command_prints_the_link_for_the_next_admin(undone, capsys):
    call_command("remove_demo")

    invitation = Invitation.objects.get()
    printed = capsys.readouterr().out
    assert printed.startswith("Removed 2 cohorts and 13 people of the demo.\nNobody looks after this install now.")
    assert printed.endswith(f"{seeding.link_of(invitation)}\n")


def test_with_an_admin_of_ones_own_no_link_is_made(undone):
    roads.admin("Ada", at=undone)

    call_command("remove_demo", stdout=StringIO())

    assert list(User.objects.values_list("name", flat=True)) == ["Ada"]
    assert Invitation.objects.count() == 0


def test_who_works_in_a_real_cohort_stays_without_the_known_password(undone):
    ada = roads.admin("Ada", at=undone)
    spring = roads.cohort("Spring", by=ada)
    joining.enrol(spring, client=person("Linh Đặng"), by=ada, at=undone)
    assigning.assign(spring, coach=person("Dana Whitfield"), by=ada, at=undone)

    cleared = clearing.remove_demo(at=undone)

    linh = User.objects.get(email="client@example.org")
    assert cleared.stayed == ("Linh Đặng",)
    assert (linh.demo, linh.has_usable_password()) == (False, False)
    assert sorted(User.objects.values_list("name", flat=True)) == ["Ada", "Linh Đặng"]
    assert list(Enrolment.objects.values_list("client__name", "cohort__name")) == [("Linh Đặng", "Spring")]


# --- The first way in ---------------------------------------------------------------------------------


def test_an_install_without_an_admin_gets_one_invitation_and_keeps_it(db):
    at = INSTANTS["a Wednesday morning"]

    first, again = seeding.ensure_way_in(at=at), seeding.ensure_way_in(at=at + 13 * 24 * HOUR)

    assert first == again
    assert (first.email, first.role, first.expires_at) == ("", "admin", at + timedelta(days=14))
    assert Message.objects.count() == 0


def test_an_expired_way_in_gives_way_to_a_new_one(db):
    at = INSTANTS["a Wednesday morning"]
    first = seeding.ensure_way_in(at=at)

    second = seeding.ensure_way_in(at=at + timedelta(days=14))

    first.refresh_from_db()
    assert first.revoked_at == at + timedelta(days=14)
    assert second.expires_at == at + timedelta(days=28)
    assert seeding.first_invitation(at=at + timedelta(days=15)) == second


def test_with_an_admin_nobody_else_gets_a_way_in(db):
    roads.admin("Ada")

    assert seeding.ensure_way_in(at=roads.BEFORE) is None
    assert sorted(Group.objects.values_list("name", flat=True)) == ["lead-coaches", "programme-admins"]
