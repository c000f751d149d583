"""The demo: seeded by real operations into a past that could be so, and taken out without a trace."""

import ast
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count

from clients import assessments, joining, meetings, notices
from clients.models import (
    Assessment,
    Attempt,
    Cohort,
    Enrolment,
    Invitation,
    JournalEntry,
    LedgerLine,
    LessonReading,
    Meeting,
    Message,
    OneOnOne,
    Submission,
    User,
)
from coaching import (
    assigning,
    board,
    calibration,
    caseload,
    clearing,
    drivers,
    feedbacks,
    outcomes,
    pairs,
    participation,
    playing,
    pulse,
    releases,
    seeding,
)
from coaching.models import (
    Assignment,
    Certificate,
    CheckIn,
    Claim,
    Consent,
    Decline,
    Feedback,
    FeedbackDraft,
    Heartbeat,
    LiveSession,
    Mark,
    Milestone,
    PairRating,
    Rating,
    Release,
    SessionRule,
    Waiver,
)
from coaching.outcomes import few
from curriculum.models import Edition, Programme
from tests import roads

pytestmark = pytest.mark.timeout(900)  # weeks of nine people are lived through first
HOUR = timedelta(hours=1)
PASSWORD = "a demo password"
# The whole week is asked of the story, which costs nothing; here it is lived through twice, at both of its ends.
INSTANTS = {
    "the second week 5 opens": datetime(2026, 11, 16, 8, tzinfo=UTC),
    "a Sunday night": datetime(2026, 11, 22, 23, 30, tzinfo=UTC),
}
A_WEDNESDAY = datetime(2026, 11, 18, 10, 40, tzinfo=UTC)
ROWS = (
    Assessment, Attempt, Assignment, Claim, Cohort, Enrolment, Feedback, FeedbackDraft, Invitation, LedgerLine,
    LessonReading, LiveSession, Mark, Meeting, Message, Milestone, OneOnOne, SessionRule, Submission, User,
)  # fmt: skip
COMPLETE = ["Diego Fuentes", "Nadia Benali", "Ngozi Eze", "Tomasz Lewandowski"]
ENOUGH = ["Bastien Laurent", "Priya Menon", "Rasmus Holm", "Wanjiru Kamau"]
FACTORS = {"stakeholder", "influence", "presence", "upward"}


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


def enrolment_of(name: str) -> Enrolment:
    return Enrolment.objects.select_related("client", "cohort__edition").get(client__name=name)


# --- The cohort that walks --------------------------------------------------------------------------


def test_three_cohorts_and_everybody_in_them_belong_to_the_demo(at):
    names = ["Douro cohort", "Mondego cohort", "Tagus cohort"]
    assert sorted(Cohort.objects.values_list("name", "demo")) == [(name, True) for name in names]
    assert set(User.objects.values_list("demo", flat=True)) == {True}
    assert Enrolment.objects.filter(cohort__name="Tagus cohort").count() == 9
    assert Enrolment.objects.filter(cohort__name="Mondego cohort").count() == 10


def test_the_sign_ins_open(at):
    assert [(one.email, one.name, one.role) for one in seeding.sign_ins()] == [
        ("client@example.org", "Linh Đặng", "client"),
        ("finished@example.org", "Nadia Benali", "client whose weeks are over"),
        ("coach@example.org", "Dana Whitfield", "coach"),
        ("admin@example.org", "Ruth Castellanos", "programme admin"),
        ("sponsor@example.org", "Vera Lindqvist", "sponsor"),
    ]
    assert all(User.objects.get(email=one.email).check_password(PASSWORD) for one in seeding.sign_ins())
    assert seeding.opens_with(PASSWORD)
    assert not seeding.opens_with(seeding.KNOWN_PASSWORD)


def test_everybody_does_what_their_sign_in_says(at):
    roles = {one.email: caseload.roles_of(User.objects.get(email=one.email), at=at) for one in seeding.sign_ins()}

    client = caseload.Roles(client=True, coach=False, admin=False, lead=False)
    assert roles == {
        "client@example.org": client,
        "finished@example.org": client,
        "coach@example.org": caseload.Roles(client=False, coach=True, admin=False, lead=False, has_cohort=True),
        "admin@example.org": caseload.Roles(client=False, coach=False, admin=True, lead=False),
        "sponsor@example.org": caseload.Roles(client=False, coach=False, admin=False, lead=False, sponsor=True),
    }


def test_a_sponsor_sees_who_takes_part_in_the_finished_cohort_and_what_one_of_them_released(at):
    vera = person("Vera Lindqvist")

    (seen,) = participation.of_sponsor(vera, at=at)
    assert (seen.cohort.name, seen.enrolled) == ("Mondego cohort", 10)
    copies = list(releases.to_sponsor(vera))
    assert [(one.kind, one.enrolment.client.name) for one in copies] == [
        ("oneonone", "Nadia Benali"), ("line", "Nadia Benali"), ("answered", "Nadia Benali"),
    ]  # fmt: skip
    assert {one.enrolment.client.name for one in Release.objects.all()} == {"Nadia Benali"}


def test_the_board_has_every_state_and_the_means_of_the_design(at):
    shown = board.board(Cohort.objects.get(name="Tagus cohort"), at=at, levels=True)

    rows = {row.name: row.cells for row in shown.rows}
    means = {name: [cell.mean for cell in cells[1:4]] for name, cells in rows.items()}
    states = {name: [str(cell.state) for cell in cells[3:6]] for name, cells in rows.items()}
    assert shown.week == 5
    assert means == {
        "Ananya Raghavan": [2.4, 2.8, 2.5],
        "Elif Yıldız": [2.0, 2.2, None],
        "Farid Haddad": [2.2, 2.6, 2.5],
        "Kenji Watanabe": [2.0, 2.6, 2.8],
        "Linh Đặng": [2.2, 2.4, 2.8],
        "Mateus Oliveira": [1.8, 2.4, 3.0],
        "Oluwaseun Adeyemi": [2.8, 3.2, 3.0],
        "Soo-jin Park": [2.4, 2.4, None],
        "Zofia Wójcik": [2.6, None, 2.8],
    }
    assert states["Elif Yıldız"] == ["returned", "late", "open"]
    assert states["Soo-jin Park"] == ["late", "late", "open"]
    assert states["Farid Haddad"] == ["accepted", "handed_in", "open"]
    assert states["Linh Đặng"] == ["accepted", "accepted", "draft"]
    assert (shown.facts.late, shown.facts.late_clients) == (3, 2)
    assert rows["Zofia Wójcik"][2].state == "excused"


def test_a_coach_has_a_question_to_answer_and_a_client_on_hold_once_the_week_has_gone_on(at):
    dana, cohort = person("Dana Whitfield"), Cohort.objects.get(name="Tagus cohort")
    shown = board.board(cohort, at=at, levels=True)
    asked = [(str(one.enrolment.client), one.exercise.key, one.days) for one in caseload.asked_of(dana, at=at)]
    more = [(row.name, cell.more_until is not None) for row in shown.rows for cell in row.cells if cell.more_until]
    held = [row.name for row in shown.rows if row.on_hold_since]

    has_begun = at > INSTANTS["the second week 5 opens"]
    assert asked == ([("Elif Yıldız", "w4-x1", 5)] if has_begun else [])
    assert more == ([("Zofia Wójcik", True)] if has_begun else [])
    assert held == (["Soo-jin Park"] if has_begun else [])


def test_everything_of_week_0_is_answered(at):
    found = Submission.objects.filter(enrolment__cohort__name="Tagus cohort", exercise__week__number=0)
    found = found.filter(exercise__counted=False, exercise__required=True)

    assert found.count() == 36
    assert set(found.values_list("state", flat=True)) == {"accepted"}


def test_the_queue_has_pieces_with_different_hours_left(at):
    rows = caseload.queue(person("Dana Whitfield"), at=at)

    left = [row.left / HOUR for row in rows]
    assert 3 <= len(rows) <= 6
    assert left == sorted(set(left))
    assert left[0] >= 1
    assert left[-1] - left[0] >= 6
    assert {row.claimed_by for row in rows} == {""}


def test_a_second_attempt_shows_growth(at):
    first, second = main("Ananya Raghavan", 3).attempts.all()

    means = [feedbacks.mean(feedbacks.levels_of(attempt.feedback)) for attempt in (first, second)]
    assert first.feedback.verdict == "another"
    assert means == [2.0, 2.5]
    assert first.answer["noticed"] != second.answer["noticed"]
    assert first.answer["entries"] == second.answer["entries"]


def test_what_was_handed_in_of_the_log_is_a_copy_of_it(at):
    handed_in = main("Linh Đặng", 3).attempts.get().answer["entries"]

    logged = Meeting.objects.filter(enrolment=enrolment_of("Linh Đặng"), pk__in=[entry["id"] for entry in handed_in])
    assert len(handed_in) == 3
    assert {(row.pk, row.title, row.times_spoke) for row in logged} == {
        (entry["id"], entry["title"], entry["times_spoke"]) for entry in handed_in
    }


def test_linh_has_feedback_to_read_a_draft_a_focus_and_lessons_read(at):
    linh = enrolment_of("Linh Đặng")

    unread = feedbacks.shown_to(linh.client, at=at).filter(read_at=None)
    draft = main("Linh Đặng", 5).draft
    assert {feedback.attempt.submission.exercise.key for feedback in unread} == {"w4-x1", "w4-t4"}
    assert draft["after"].startswith("All eleven Midwest depots now get the alarm")
    assert [piece["tag"] for piece in draft["tags"]] == ["K", "K", "F", "F"]
    assert "sent" not in draft
    assert linh.focus == "Say the recommendation in the first ten minutes of the Tuesday operations review."
    assert LessonReading.objects.filter(enrolment=linh).count() >= 13


def test_the_midpoint_lies_beside_the_baseline_and_dips_here_and_there(at):
    finished = Assessment.objects.filter(enrolment__cohort__name="Tagus cohort").exclude(finished_at=None)

    rated = finished.filter(moment="a4").select_related("enrolment__client", "enrolment__cohort__edition")
    distances = {row.enrolment.client.name: assessments.distances(row.enrolment) for row in rated}
    lower = [
        (name, one.competency)
        for name, all_four in distances.items()
        for one in all_four
        if one.midpoint is not None and one.midpoint < one.baseline
    ]
    assert finished.filter(moment="a0").count() == 9
    assert len(distances) == 7
    assert set(lower) == {("Linh Đặng", "upward"), ("Mateus Oliveira", "presence")}


def test_a_log_has_a_trend_to_show(at):
    kenji = enrolment_of("Kenji Watanabe")

    trend = meetings.trend(kenji, meetings.of(kenji), at=at)
    assert trend.is_enough
    assert [(week.week, week.spoke) for week in trend.weeks][:3] == [(0, 0), (3, 2), (4, 2.5)]


def test_ledgers_have_lines_of_all_factors_and_some_nobody_else_reads(at):
    lines = LedgerLine.objects.filter(enrolment__cohort__name="Tagus cohort")

    assert set(lines.values_list("factor", flat=True)) == FACTORS
    assert lines.filter(visibility="private").count() == 3
    assert lines.filter(who_saw=[], visibility="pair").exists()


def test_reviewed_pieces_have_a_level_for_every_criterion(at):
    scored = Feedback.objects.filter(attempt__rubric__isnull=False).select_related("attempt__submission")

    levels = {feedback.pk: tuple(feedback.marks.values_list("level", flat=True)) for feedback in scored}
    asked = {feedback.pk: len(feedbacks.criteria_of(feedback.attempt)) for feedback in scored}
    assert {pk: len(found) for pk, found in levels.items()} == asked
    assert len(set(levels.values())) > 20


def test_the_coach_scored_every_exemplar_before_the_first_answer(at):
    (dana,) = User.objects.filter(email="coach@example.org")
    sheets = calibration.sheets(dana, at=at)
    first = Feedback.objects.order_by("sent_at").first()

    assert [sheet.is_done for sheet in sheets] == [True] * 6
    assert dana.exemplar_marks.latest("marked_at").marked_at < first.sent_at
    assert 0 < calibration.distances(sheets[-1])[0].off < 0.5


def test_six_pairs_were_read_blind_by_coaches_who_never_taught_their_clients_and_one_waits(at):
    dana = User.objects.get(email="coach@example.org")
    ratings = PairRating.objects.order_by("pair__enrolment__client__name", "rater__name")

    assert [(one.pair.enrolment.client.name, one.rater.name, bool(one.rated_at)) for one in ratings] == [
        ("Bastien Laurent", "Leonor Prado", True),
        ("Diego Fuentes", "Leonor Prado", True),
        ("Nadia Benali", "Henrik Solberg", True),
        ("Nadia Benali", "Leonor Prado", True),
        ("Ngozi Eze", "Henrik Solberg", False),
        ("Priya Menon", "Henrik Solberg", True),
        ("Tomasz Lewandowski", "Leonor Prado", True),
        ("Wanjiru Kamau", "Henrik Solberg", True),
        ("Wanjiru Kamau", "Leonor Prado", True),
    ]
    agreed = pairs.agreed()
    assert (agreed.n, agreed.pairs, agreed.kappa > 0.6) == (20, 2, True)
    assert pairs.open_to(dana) == []


# --- The cohort that is through ---------------------------------------------------------------------


def test_the_finished_cohort_is_through_and_nothing_of_it_waits(at):
    mondego = Cohort.objects.get(name="Mondego cohort")

    shown = board.board(mondego, at=at, levels=True)
    means = {row.name: [cell.mean for cell in row.cells[1:]] for row in shown.rows}
    assert shown.facts.to_review == 0
    assert [name for name, found in means.items() if all(found)] == COMPLETE
    assert [name for name, found in means.items() if not all(found)] == sorted([*ENOUGH, "Hiroko Sato"])
    assert all(found[0] < found[-1] for name, found in means.items() if name in COMPLETE)


def test_one_left_and_their_work_stays(at):
    arash = enrolment_of("Arash Rahimi")

    assert arash.state == "withdrawn"
    assert Attempt.objects.filter(submission__enrolment=arash).count() == 7
    assert Milestone.objects.filter(enrolment=arash, state="pending").count() == 0


def test_who_finished_looked_back(at):
    looked_back = Assessment.objects.exclude(looked_back_at=None).order_by("enrolment__client__name")

    rows = list(looked_back.select_related("enrolment__client", "enrolment__cohort__edition"))
    assert [row.enrolment.client.name for row in rows] == sorted(COMPLETE + ENOUGH)
    assert [one for row in rows for one in assessments.distances(row.enrolment) if one.final <= one.baseline] == []


def test_who_did_what_is_asked_has_finished_one_by_a_waiver_and_the_cohort_is_closed(at):
    mondego = Cohort.objects.get(name="Mondego cohort")
    states = Enrolment.objects.filter(cohort=mondego).values_list("client__name", "state")

    graduates = sorted([*COMPLETE, *ENOUGH, "Hiroko Sato"])
    assert sorted(states) == sorted([("Arash Rahimi", "withdrawn"), *((name, "completed") for name in graduates)])
    assert list(Waiver.objects.values_list("enrolment__client__name", "condition").order_by("condition")) == [
        ("Hiroko Sato", "main-8"), ("Hiroko Sato", "translations"),
    ]  # fmt: skip
    assert Certificate.objects.count() == 9
    assert mondego.is_closed
    assert not Milestone.objects.of_cohort(mondego).filter(state="pending").exists()


def test_the_coach_rated_every_graduate_at_both_ends(at):
    rated = Rating.objects.filter(enrolment__cohort__name="Mondego cohort")

    assert dict(rated.values_list("moment").annotate(n=Count("pk"))) == {"c2": 9, "c4": 1, "c9": 9}


def test_of_graduates_some_moved_one_did_not_answer_one_stopped_and_one_never_answered(at):
    rows = CheckIn.objects.order_by("enrolment__client__name", "months").select_related("enrolment__client")
    said = {(row.enrolment.client.name, row.months): row.answers.get("outcome") for row in rows if row.answered_at}
    proofs = {row.proof for row in rows if row.proof}

    assert said == {
        ("Diego Fuentes", 3): "no_change",
        ("Diego Fuentes", 6): "management_elsewhere",
        ("Nadia Benali", 3): "larger_scope",
        ("Nadia Benali", 6): "management",
        ("Ngozi Eze", 3): "management",
        ("Ngozi Eze", 6): "management",
        ("Priya Menon", 3): "larger_scope",
        ("Priya Menon", 6): "management",
        ("Rasmus Holm", 3): "no_change",
        ("Rasmus Holm", 6): "no_change",
        ("Tomasz Lewandowski", 3): "no_change",
        ("Wanjiru Kamau", 3): "promoted",
        ("Wanjiru Kamau", 6): "management",
    }
    assert proofs == {"told", "seen", "confirmed"}
    stopped = Consent.objects.filter(scope="check_ins", withdrawn_at__isnull=False)
    assert [one.enrolment.client.name for one in stopped.select_related("enrolment__client")] == ["Hiroko Sato"]
    asked = Message.objects.filter(kind="alumni.3", person__name="Bastien Laurent")
    assert asked.count() == 2


def test_the_finished_cohort_has_enough_people_for_what_outcomes_show(at):
    told = outcomes.of(Enrolment.objects.filter(cohort__name="Mondego cohort"), at=at)

    assert (told.who.enrolled, told.who.started, told.who.completed, told.who.withdrawn) == (10, 10, 9, 1)
    assert [one.own.mean.n for one in told.rated] == [9] * 4
    assert all(few.of(one.own, least=5).open for one in told.rated)
    assert all(few.of(one, least=5).open for one in told.observed.criteria)
    assert [(one.key, one.mean.n, one.mean.of) for one in told.pulse] == [
        ("manager.p1", 6, 7), ("manager.p2", 6, 7), ("manager.p3", 6, 7),
        ("peer.p1", 6, 7), ("peer.p2", 6, 7), ("peer.p3", 5, 7),
    ]  # fmt: skip


def test_whoever_finished_in_the_demo_reads_what_others_said_and_lets_their_coach(at):
    mine = Enrolment.objects.select_related("client", "cohort__edition").get(client__email="finished@example.org")
    coach = User.objects.get(email="coach@example.org")

    end, start = pulse.of(mine, mine.client, at=at)[::-1]
    assert [(one.key, one.answered, len(one.keep)) for one in end.groups] == [("manager", 1, 1), ("peer", 3, 2)]
    assert [one.answered for one in start.groups] == [1, 3]
    assert pulse.of(mine, coach, at=at) == pulse.of(mine, mine.client, at=at)


def test_nadia_has_her_topic_twice_a_case_on_her_ledger_and_a_talk_that_was_held(at):
    nadia = enrolment_of("Nadia Benali")
    attempts = Attempt.objects.filter(submission__enrolment=nadia).select_related("submission__exercise")
    answers = {attempt.submission.exercise.key: attempt.answer for attempt in attempts}

    lines = LedgerLine.objects.filter(enrolment=nadia)
    proof = [line for key, found in answers["w8-x1"].items() if key.startswith("evidence_") for line in found]
    assert answers["w1-t1"]["topic"] == answers["w8-t8"]["topic"]
    assert set(lines.values_list("factor", flat=True)) == FACTORS
    assert {line["id"] for line in proof} <= set(lines.filter(visibility="pair").values_list("pk", flat=True))
    held = OneOnOne.objects.get(enrolment=nadia)
    assert (held.state, held.submission.exercise.key) == ("held", "w7-x1")
    assert [action["action"] for action in held.actions] == [row["action"] for row in answers["w7-x1"]["will_do"]]


# --- The cohort to come -----------------------------------------------------------------------------


def test_the_next_cohort_has_people_and_open_invitations(at):
    rows = Invitation.objects.filter(cohort__name="Douro cohort").order_by("email")

    assert [(row.name, row.role, row.accepted_at is not None) for row in rows] == [
        ("Amara Okafor", "client", False),
        ("Beatriz Nunes", "client", True),
        ("Henrik Solberg", "coach", True),
        ("Leonor Prado", "coach", True),
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

    assert fired.count() > 150
    assert [(row.kind, row.due_at, row.fired_at) for row in fired if row.fired_at != row.due_at] == []
    assert Milestone.objects.filter(state="pending", due_at__lte=at).count() == 0
    assert Milestone.objects.filter(state="dead").count() == 0
    assert Milestone.objects.filter(kind="review.breach", state="fired").count() == 0


def test_only_who_had_started_nothing_on_the_first_thursday_got_a_nudge(at):
    nudged = Milestone.objects.filter(kind="nudge.midweek", week=1, state="fired")

    nudged = nudged.filter(enrolment__cohort__name="Tagus cohort")
    names = set(nudged.values_list("enrolment__client__name", flat=True))
    assert names == {"Elif Yıldız", "Farid Haddad", "Mateus Oliveira", "Soo-jin Park"}


@pytest.mark.parametrize("email", ["client@example.org", "coach@example.org", "admin@example.org"])
def test_the_bell_has_something_to_say_and_most_of_it_was_read(at, email):
    mine = notices.of(User.objects.get(email=email), at=at)
    unread = mine.filter(read_at=None).count()
    assert unread in ((0, 1, 2, 3) if email == "admin@example.org" else (1, 2, 3))  # a week's note keeps three days
    assert mine.count() > 3 * unread


def test_the_engine_left_no_heartbeat_that_could_pass_for_a_living_one(at):
    assert Heartbeat.objects.get(name="engine").detail == {"driver": "seeding"}
    assert drivers.drivers(at=at) == []


def test_the_journal_tells_the_whole_past(at):
    actions = set(JournalEntry.objects.filter(actor="Dana Whitfield").values_list("action", flat=True))

    has_begun = at > INSTANTS["the second week 5 opens"]
    assert actions - {"put on hold"} == {
        "accepted invitation", "assigned", "cancelled session", "claimed", "excused", "held session",
        "marked as absent", "marked as excused", "marked as here", "marked as late", "moved session",
        "offered calls",
        "raised a flag", "rated a client", "replied", "scored an exemplar", "sent feedback", "set a window", "talked", "wrote",
        "wrote a note",
    }  # fmt: skip
    assert ("put on hold" in actions) == has_begun
    assert list(JournalEntry.objects.filter(action=seeding.SEEDED).values_list("cohort_id", flat=True)) == [None]


def test_seeding_writes_no_row_of_its_own_but_the_flag_and_the_groups():
    trees = [ast.parse(Path(module.__file__).read_text()) for module in (seeding, playing)]
    functions = [node.func for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]

    names = {function.attr for function in functions if isinstance(function, ast.Attribute)}
    writes = {"save", "create", "get_or_create", "update_or_create", "update", "delete", "bulk_create", "bulk_update"}
    assert names & writes == {"save", "get_or_create"}


def test_sessions_of_the_past_were_held_or_cancelled_and_the_next_one_is_planned(at):
    states = {
        name: list(LiveSession.objects.filter(cohort__name=name).order_by("week").values_list("state", flat=True))
        for name in ("Mondego cohort", "Tagus cohort", "Douro cohort")
    }

    held = 5 if at == INSTANTS["the second week 5 opens"] else 6
    assert states == {
        "Mondego cohort": ["held"] * 6 + ["cancelled"] + ["held"] * 2,
        "Tagus cohort": ["held"] * held + ["planned"] * (9 - held),
        "Douro cohort": [],
    }


def test_somebody_cannot_come_to_the_next_one(at):
    following = LiveSession.objects.filter(cohort__name="Tagus cohort", starts_at__gt=at).first()

    assert [str(decline.enrolment.client) for decline in following.declines.all()] == ["Farid Haddad"]
    assert Decline.objects.count() == 1


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


def test_a_slow_machine_may_think_as_long_as_it_needs_while_the_demo_is_played(db, small_demo):
    """Else the database ends a transaction nobody goes on with for ten seconds."""
    with transaction.atomic():
        seeding.seed(at=A_WEDNESDAY, password=PASSWORD)
        with connection.cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            meanwhile = cursor.fetchone()
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        afterwards = cursor.fetchone()

    assert (meanwhile, afterwards) == (("0",), ("1min",))


def test_a_story_that_breaks_leaves_nothing(db, small_demo):
    late = small_demo / "tagus" / "soo-jin.yaml"
    late.write_text(late.read_text() + "work: {w0-charter: [{handed_in: w0 wed 21:10, answer: {value: Short}}]}\n")

    with pytest.raises(ValidationError):
        seeding.seed(at=A_WEDNESDAY, password=PASSWORD)

    assert {model.__name__: model.objects.count() for model in ROWS if model.objects.exists()} == {}
    assert not seeding.was_seeded()


# --- And out again ------------------------------------------------------------------------------------


def test_removing_the_demo_leaves_an_empty_install_with_its_curriculum(undone):
    cleared = clearing.remove_demo(at=undone)

    assert (cleared.cohorts, cleared.people, cleared.stayed) == (3, 26, ())
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
    assert printed.startswith("Removed 3 cohorts and 26 people of the demo.\nNobody looks after this install now.")
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
    at = A_WEDNESDAY

    first, again = seeding.ensure_way_in(at=at), seeding.ensure_way_in(at=at + 13 * 24 * HOUR)

    assert first == again
    assert (first.email, first.role, first.expires_at) == ("", "admin", at + timedelta(days=14))
    assert Message.objects.count() == 0


def test_an_expired_way_in_gives_way_to_a_new_one(db):
    at = A_WEDNESDAY
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
