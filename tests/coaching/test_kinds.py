"""What each kind of message is told by: when it fires, what stops it, what it says and where it leads."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from clients import choosing, delivering, holding, joining, messaging, submitting
from clients.models import Message
from coaching import convening, firing, milestones, reviewing, scheduling
from coaching.models import Milestone
from curriculum import importing, moments
from curriculum.models import MilestonePlan
from tests import keeping, roads, sittings
from tests.reliability.answers import answer
from tests.roads import BEFORE, WEEK_1, WEEK_2, WEEK_4

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK_0 = datetime(2026, 2, 23, 16, tzinfo=UTC)
STEPS = ("w0-intake", "w0-t0", "w0-x1", "w0-charter")


def planned(who, kind, week, rung=1):
    return Milestone.objects.get(enrolment__client=who, kind=kind, week=week, rung=rung)


def come(row):
    """The engine looks at the very instant at which this is due."""
    while any(firing.fire_due(at=row.due_at)):
        pass
    row.refresh_from_db()
    return row


def outcome(row):
    come(row)
    return row.state, row.reason


def letter(row, to, kind=""):
    """The letter that a milestone has posted to somebody, as it would leave at once."""
    message = Message.objects.get(key=f"milestone:{row.pk}:{kind or row.kind}:{to.pk}")
    assert messaging.kinds()[message.kind].guard(message, row.due_at) is None
    return messaging.kinds()[message.kind].letter(message, row.due_at)


def on_the_wall(row, zone):
    return f"{moments.to_wall(row.due_at, zone):%a %d %b %H:%M}"


# --- Before week 1 ----------------------------------------------------------------------------------


def test_a_welcome_comes_a_week_before_by_the_clients_own_morning(cast):
    row = planned(cast.mina, "welcome", 0)

    assert (on_the_wall(row, "America/Chicago"), outcome(row)) == ("Mon 23 Feb 09:00", ("fired", ""))
    told = letter(row, cast.mina)
    assert told.subject == "Spring starts in a week"
    assert "Baseline self-assessment (12 min)" in told.text
    assert "Begin: http://across.test/week/0/?cohort=spring" in told.text


def test_whoever_joins_later_than_that_is_not_welcomed_to_what_has_begun(cast):
    row = planned(cast.mina, "welcome", 0)

    assert milestones.guard_reason(row, at=WEEK_1) == "week 1 has begun"


def test_whoever_comes_in_later_has_a_welcome_that_says_until_when_they_have_for_what_is_open(cast):
    early = Message.objects.filter(kind="welcome.late").count()
    roads.client(cast.spring, cast.lena, at=WEEK_2)  # on Wednesday of week 2, in Berlin
    message = Message.objects.get(kind="welcome.late")

    delivering.deliver(at=WEEK_2)

    ((subject, body),) = mails_to(cast.lena)
    assert (early, subject) == (0, "You are in Spring")
    assert "you come in at week 2:" in body
    assert "week 0 until Wednesday 18 March, week 1 until Wednesday 18 March, week 2 until Wednesday 18 March." in body
    assert "Begin: http://across.test/week/0/?cohort=spring" in body
    joining.withdraw(cast.enrolment(cast.lena), by=cast.ada, at=WEEK_2)
    assert messaging.kinds()["welcome.late"].guard(message, WEEK_2) == "the client has left the cohort"


def test_what_waits_for_somebody_on_hold_waits_no_longer_once_they_leave(cast):
    roads.client(cast.spring, cast.lena, at=WEEK_2)
    holding.hold(cast.enrolment(cast.lena), reason="A move", by=cast.tomas, at=WEEK_2)
    delivering.deliver(at=WEEK_2)
    held = Message.objects.get(kind="welcome.late").state

    joining.withdraw(cast.enrolment(cast.lena), by=cast.ada, at=WEEK_2)
    delivering.deliver(at=WEEK_2)

    message = Message.objects.get(kind="welcome.late")
    assert (held, message.state, message.reason) == ("held", "cancelled", "the client has left the cohort")


def test_whoever_comes_in_between_the_welcome_and_week_1_has_one_too_and_who_comes_earlier_has_not(cast):
    roads.client(cast.spring, cast.lena, at=WEEK_0 + timedelta(days=1))
    roads.client(cast.autumn, roads.person("Early"), at=BEFORE)

    assert list(Message.objects.filter(kind="welcome.late").values_list("person__name", flat=True)) == ["Lena"]


def test_two_reminders_before_week_1_name_the_steps_that_are_left_and_their_minutes(cast):
    first, second = (planned(cast.mina, "baseline.due", 0, rung) for rung in (1, 2))
    for key in STEPS[1:]:
        submitting.hand_in(roads.piece(cast.mina, key), answer=answer(key, "own"), revision=0, by=cast.mina, at=WEEK_0)

    assert [on_the_wall(row, "America/Chicago") for row in (first, second)] == ["Fri 27 Feb 09:00", "Sun 01 Mar 10:00"]
    assert outcome(first) == ("fired", "")
    told = letter(first, cast.mina)
    assert told.subject == "Before week 1: about 28 minutes left"
    assert "Where you are now (10 min), Baseline self-assessment (12 min), Three ordinary meetings (6 min)" in told.text


def test_they_stop_once_everything_is_there_and_the_later_one_speaks_for_both(cast):
    first, second = (planned(cast.mina, "baseline.due", 0, rung) for rung in (1, 2))
    together = milestones.guard_reason(first, at=second.due_at)
    for key in STEPS:
        submitting.hand_in(roads.piece(cast.mina, key), answer=answer(key, "own"), revision=0, by=cast.mina, at=WEEK_0)
    for _meeting in range(3):
        roads.logged(cast.mina, date="2026-02-23", at=WEEK_0)
    roads.assessed(cast.mina, "a0", at=WEEK_0)

    assert together == "the later reminder is due as well"
    assert outcome(second) == ("skipped", "everything required is handed in")


# --- In the weeks -----------------------------------------------------------------------------------


def test_fridays_from_week_2_on_ask_for_a_line_where_the_ledger_has_none_of_the_week(cast):
    keeping.line(cast.noor, at=WEEK_2)
    mina, noor = (planned(who, "ledger.friday", 2) for who in (cast.mina, cast.noor))

    assert not Milestone.objects.filter(kind="ledger.friday", week=1).exists()
    assert on_the_wall(noor, "Asia/Kolkata") == "Fri 13 Mar 15:00"
    assert (outcome(mina), outcome(noor)) == (("fired", ""), ("skipped", "the ledger has a line of this week"))
    assert "Write a line: http://across.test/ledger/new/?cohort=spring" in letter(mina, cast.mina).text


def test_nobody_gets_a_last_call_who_has_not_asked_for_it(cast):
    roads.drafted(cast.mina)

    assert outcome(planned(cast.mina, "due.last", 1)) == ("skipped", "not asked for")


def test_a_last_call_names_the_draft_that_lies_there(cast):
    for who in (cast.mina, cast.noor):
        choosing.choose(who, wishes={("last-call", "mail"): True}, at=BEFORE)
    roads.drafted(cast.mina)
    mina, noor = (planned(who, "due.last", 1) for who in (cast.mina, cast.noor))

    assert (outcome(noor), outcome(mina)) == (("skipped", "no draft waits to be handed in"), ("fired", ""))
    told = letter(mina, cast.mina)
    assert (on_the_wall(mina, "America/Chicago"), told.subject) == (
        "Sun 08 Mar 17:00",
        "Your draft of “The four answers” is saved",
    )
    assert "Open the draft: http://across.test/work/w1-x1/?cohort=spring" in told.text


def test_something_overdue_can_be_handed_in_as_it_is_or_given_more_time(cast):
    row = planned(cast.mina, "overdue.1", 1)
    outcome(row)

    told = letter(row, cast.mina)
    assert "Hand in what you have: http://across.test/work/w1-x1/?cohort=spring" in told.text
    assert "Ask for more time: http://across.test/work/w1-x1/more-time/?cohort=spring" in told.text
    assert 'href="http://across.test/work/w1-x1/more-time/?cohort=spring"' in told.html


# --- Assessments ------------------------------------------------------------------------------------


def test_the_midpoint_opens_for_all_at_once_and_reminds_who_has_not_finished_it(cast):
    opened, remind = planned(cast.mina, "midpoint.open", 4), planned(cast.mina, "midpoint.remind", 4)
    roads.assessed(cast.noor, "a4", at=WEEK_4)

    assert on_the_wall(opened, "Europe/Berlin") == "Mon 23 Mar 08:00"
    assert on_the_wall(remind, "America/Chicago") == "Fri 27 Mar 09:00"
    assert (outcome(opened), outcome(remind)) == (("fired", ""), ("fired", ""))
    assert outcome(planned(cast.noor, "midpoint.remind", 4)) == ("skipped", "the assessment is finished")
    told = letter(remind, cast.mina)
    assert "about 20 minutes. Due Sunday 23:59 your time." in told.text
    assert "Begin: http://across.test/assessment/a4/?cohort=spring" in told.text


def test_the_final_questions_open_on_thursday_of_week_8_and_close_with_week_9(cast):
    opened, remind = planned(cast.mina, "final.open", 8), planned(cast.mina, "final.remind", 8)
    closed = datetime(2026, 5, 4, 6, tzinfo=UTC)

    assert on_the_wall(opened, "Europe/Berlin") == "Thu 23 Apr 08:00"
    assert on_the_wall(remind, "America/Chicago") == "Sat 25 Apr 10:00"
    assert (outcome(opened), outcome(remind)) == (("fired", ""), ("fired", ""))
    assert milestones.guard_reason(remind, at=closed) == "the assessment is closed"
    assert letter(remind, cast.mina).subject == "The final questions are open until Sunday 3 May"


# --- Pieces -----------------------------------------------------------------------------------------


def test_five_days_after_another_attempt_was_asked_its_client_hears_until_when_it_is_open(cast):
    feedback = roads.answered(cast.mina, cast.tomas, another=True)
    row = Milestone.objects.get(kind="revise.remind", object_id=feedback.pk)

    assert row.due_at - feedback.shown_from == 5 * DAY
    assert outcome(row) == ("fired", "")
    assert letter(row, cast.mina).subject == "“The four answers”: your next attempt is open until Wednesday 11 March"


def test_it_does_not_once_the_next_attempt_is_in(cast):
    feedback = roads.answered(cast.mina, cast.tomas, another=True)
    row = Milestone.objects.get(kind="revise.remind", object_id=feedback.pk)
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_1 + DAY)
    roads.handed_in(cast.mina, at=WEEK_1 + DAY)

    assert outcome(row) == ("skipped", "the next attempt is in")


def test_it_does_not_where_the_feedback_was_undone_and_does_where_it_was_sent_again(cast):
    feedback = roads.answered(cast.mina, cast.tomas, another=True)
    first = Milestone.objects.get(kind="revise.remind", object_id=feedback.pk)
    reviewing.undo_feedback(feedback, by=cast.tomas, at=feedback.sent_at + timedelta(seconds=5))
    piece = roads.piece(cast.mina)
    again = reviewing.send_feedback(
        piece, content=roads.content(piece, another=True), by=cast.tomas, at=feedback.sent_at + HOUR
    )

    assert outcome(first) == ("skipped", "the feedback was undone")
    assert outcome(Milestone.objects.get(kind="revise.remind", object_id=again.pk)) == ("fired", "")


def test_accepted_work_is_reminded_of_nothing(cast):
    roads.answered(cast.mina, cast.tomas)

    assert not Milestone.objects.filter(kind="revise.remind").exists()


def test_eighty_hours_after_a_hand_in_its_client_hears_once_that_the_coach_is_late(cast):
    attempt = roads.handed_in(cast.mina)
    row = Milestone.objects.get(kind="review.breach.client", object_id=attempt.pk)

    assert (row.due_at - attempt.handed_in_at, outcome(row)) == (80 * HOUR, ("fired", ""))
    told = letter(row, cast.mina)
    assert told.subject == "Your feedback on “The four answers” is late"
    assert "Tomas is late with your feedback" in told.text
    assert "Open the piece: http://across.test/work/w1-x1/?cohort=spring" in told.text
    assert Milestone.objects.filter(kind="review.breach.client").count() == 1


# --- What the tables hold ---------------------------------------------------------------------------

NOBODY_OR_TWO = {
    "for nobody": lambda cast: {},
    "for a client and their cohort": lambda cast: {"enrolment": cast.enrolment(cast.mina), "cohort": cast.spring},
    "for a client and somebody": lambda cast: {"enrolment": cast.enrolment(cast.mina), "person": cast.tomas},
}


@pytest.mark.parametrize("whose", NOBODY_OR_TWO)
def test_a_milestone_is_for_a_client_or_a_cohort_or_a_person(cast, whose):
    with pytest.raises(IntegrityError, match="a_milestone_is_for_a_client_or_a_cohort_or_a_person"):
        Milestone.objects.create(kind="welcome", due_at=WEEK_1, **NOBODY_OR_TWO[whose](cast))


def test_a_coach_in_a_cohort_and_a_person_alone_are_somebody(cast):
    Milestone.objects.create(kind="midpoint.rate", due_at=WEEK_1, cohort=cast.spring, person=cast.lena)
    Milestone.objects.create(kind="coach.digest", due_at=WEEK_1, person=cast.lena)

    assert Milestone.objects.of_cohort(cast.spring).filter(kind="midpoint.rate", person=cast.lena).count() == 1


def test_a_moment_of_a_kind_is_planned_once_and_counts_from_one(cast):
    with pytest.raises(IntegrityError, match="a_milestone_is_planned_once"), transaction.atomic():
        row = planned(cast.mina, "baseline.due", 0)
        Milestone.objects.filter(pk=row.pk).update(rung=2)
    with pytest.raises(IntegrityError, match="rungs_count_from_one"):
        Milestone.objects.filter(pk=row.pk).update(rung=0)


def test_months_are_counted_from_something_to_a_day(db, tmp_path):
    edition = importing.import_edition(roads.copy_of_content(tmp_path / "draft"))
    with pytest.raises(IntegrityError, match="months_are_counted_from_something_to_a_day"), transaction.atomic():
        MilestonePlan.objects.create(edition=edition, kind="alumni.3", rung=9, months=3, day=1, time="09:00")
    with pytest.raises(IntegrityError, match="moments_of_a_kind_count_from_one"):
        MilestonePlan.objects.create(edition=edition, kind="alumni.3", rung=0, hours=3)


def test_planning_again_changes_nothing(cast):
    before = Milestone.objects.count()

    scheduling.plan(cast.enrolment(cast.mina), at=BEFORE)
    scheduling.plan_cohort(cast.spring, at=BEFORE)
    scheduling.plan_coach(cast.spring, cast.tomas, at=BEFORE)

    assert Milestone.objects.count() == before > 0


def test_what_opens_a_week_says_when_its_live_session_is_by_the_clients_own_clock(cast):
    session = sittings.session(cast, 1)  # Thursday at 17:00 in Berlin
    row = planned(cast.mina, "week.unlock", 1)
    come(row)
    with_it = letter(row, cast.mina).text
    convening.move(session, wall=datetime(2026, 3, 6, 11), by=cast.tomas, at=row.due_at)
    moved = letter(row, cast.mina).text
    convening.cancel(session, reason="Ill", by=cast.tomas, at=row.due_at)

    assert "minutes in all, the live session on Thursday 5 March at 10:00 your time included." in with_it
    assert "the live session on Friday 6 March at 04:00 your time included." in moved
    assert "minutes in all.\n" in letter(row, cast.mina).text


# --- Several answers at once ------------------------------------------------------------------------


def read_all(cast, who, *keys, at=WEEK_1):
    """Answered one after the other, a minute apart."""
    for key in keys:
        submitting.hand_in(roads.piece(who, key), answer=answer(key, "own"), revision=0, by=who, at=at)
    for minute, key in enumerate(keys):
        piece = roads.piece(who, key)
        reviewing.claim(piece, by=cast.tomas, at=at)
        sent_at = at + HOUR + timedelta(minutes=minute)
        reviewing.send_feedback(roads.piece(who, key), content=roads.content(piece), by=cast.tomas, at=sent_at)
    return at + HOUR


def mails_to(who):
    return [(letter.subject, letter.body) for letter in mail.outbox if letter.to == [who.email]]


def test_what_one_coach_reads_within_ten_minutes_is_told_in_one_mail(cast):
    began = read_all(cast, cast.noor, "w1-x1", "w1-x2")
    for minutes in (10, 11, 30):
        delivering.deliver(at=began + timedelta(minutes=minutes))

    subject = "Tomas has read “The four answers”, “The picture”"
    assert [told for told, _body in mails_to(cast.noor)] == [subject]
    assert "Read the feedback: http://across.test/feedback/?cohort=spring" in mails_to(cast.noor)[0][1]
    states = Message.objects.filter(kind="feedback").order_by("pk").values_list("state", "reason")
    assert list(states) == [("sent", ""), ("cancelled", "told in one mail with what the coach read before it")]


def test_what_comes_after_the_mail_has_left_has_a_mail_of_its_own(cast):
    began = read_all(cast, cast.noor, "w1-x1")
    delivering.deliver(at=began + timedelta(minutes=10))
    began = read_all(cast, cast.noor, "w1-x2", at=began)
    delivering.deliver(at=began + timedelta(minutes=10))

    assert len(mails_to(cast.noor)) == 2


def test_whoever_asked_for_texts_in_mail_gets_each_under_its_pieces_name(cast):
    choosing.choose(cast.noor, texts_in_mail=True, at=BEFORE)
    began = read_all(cast, cast.noor, "w1-x1", "w1-x2")
    delivering.deliver(at=began + timedelta(minutes=10))

    body = mails_to(cast.noor)[0][1]
    assert "To keep: “The four answers”: “One good customer in fifty”" in body
    assert body.count("Say what you need from Carla, and by when.") == 2
