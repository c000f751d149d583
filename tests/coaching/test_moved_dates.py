"""What a change of dates does to planned messages, said beforehand and done in the same transaction."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients import choosing, deadlines, delivering, excusing, extending, holding, joining, moving, pausing
from clients.models import Cohort, CohortShift, Enrolment, Extension, Message, User
from coaching import board as boards
from coaching import calling, calls, convening, deciding, firing, foreseeing, reconciling, scheduling
from coaching.models import LiveSession, Milestone
from curriculum.models import Exercise
from tests import callings, roads, sittings
from tests.roads import BEFORE, WEEK_1, WEEK_2

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OFF = date(2026, 3, 16)
SUNDAY = datetime(2026, 3, 8, 13, tzinfo=UTC)
FIRST = ("fired", "Sat 07 10:00")
ASKED = ("w1-x1", "w1-t1")


def of(who) -> Enrolment:
    return deadlines.with_calendar(Enrolment.objects.all()).get(client=who)


def planned(who, kind, week):
    rows = Milestone.objects.filter(enrolment__client=who, kind=kind, week=week, state="pending")
    return rows.order_by("-occurrence").values_list("due_at", flat=True).first()


def more(who, day, *, key="w1-x1", at=WEEK_1):
    return extending.ask(roads.piece(who, key), until=date(2026, 3, day), by=who, at=at)


def run(until, start):
    at = start
    while at <= until:
        while firing.tick(at=at).anything:
            pass
        at += 6 * HOUR


# --- Re-planned in the same transaction ---------------------------------------------------------------


def test_a_week_off_moves_what_is_planned_from_its_monday_on(cast):
    kinds = (("overdue.1", 1), ("overdue.1", 2), ("week.unlock", 3), ("due.reminder", 3))
    before = [planned(cast.mina, *one) for one in kinds]

    moving.set_break(cast.spring, first_day=OFF, by=cast.ada, at=WEEK_1)

    after = [planned(cast.mina, *one) for one in kinds]
    assert [(now - was).days for was, now in zip(before, after, strict=True)] == [0, 7, 7, 7]


def test_a_shift_moves_every_clients_messages_and_no_other_cohorts(cast):
    before = planned(cast.mina, "week.unlock", 2), planned(cast.omar, "week.unlock", 2)

    moving.shift(cast.spring, days=2, by=cast.ada, at=WEEK_1)

    assert (planned(cast.mina, "week.unlock", 2), planned(cast.omar, "week.unlock", 2)) == (
        before[0] + 2 * DAY,
        before[1],
    )


def test_after_a_hold_reminders_come_so_many_days_later(cast):
    before = planned(cast.mina, "due.reminder", 2), planned(cast.noor, "due.reminder", 2)
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_2)

    holding.go_on(of(cast.mina), by=cast.tomas, at=WEEK_2 + 5 * DAY)

    assert (planned(cast.mina, "due.reminder", 2), planned(cast.noor, "due.reminder", 2)) == (
        before[0] + 5 * DAY,
        before[1],
    )


def test_nothing_reaches_a_client_on_hold(cast):
    holding.hold(of(cast.mina), by=cast.tomas, at=BEFORE)

    run(datetime(2026, 3, 14, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))

    assert [one.to for one in mail.outbox if one.to == ["mina@example.org"]] == []
    reasons = Milestone.objects.filter(enrolment__client=cast.mina, state="skipped").values_list("kind", "reason")
    assert set(reasons) == {
        ("week.unlock", "the client is on hold"),
        ("baseline.due", "stale: too late to be of use"),  # the engine first looks two days after it
        ("pulse.invite", "the client is on hold"),
        ("pulse.invite", "stale: too late to be of use"),  # of two in the week, the one before it first looks
    }
    assert [one.to for one in mail.outbox if one.to == ["noor@example.org"]] != []


def test_what_a_client_on_hold_has_handed_in_is_watched_on_once_they_go_on(cast):
    roads.handed_in(cast.mina)
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_1 + HOUR)
    run(WEEK_1 + 3 * DAY, WEEK_1)
    told = Message.objects.filter(kind="review.warn").values_list("person__name", "state")
    meanwhile = list(told)

    holding.go_on(of(cast.mina), by=cast.tomas, at=WEEK_1 + 3 * DAY)
    run(WEEK_1 + 5 * DAY, WEEK_1 + 3 * DAY)

    assert (meanwhile, list(told.all())) == ([], [("Tomas", "sent")])


def test_with_more_time_for_everything_the_overdue_ladder_follows(cast):
    before = planned(cast.mina, "overdue.1", 1)
    for key in ASKED:
        more(cast.mina, 11, key=key)
    for one in Exercise.objects.filter(week__number=1, required=True).exclude(key__in=ASKED):
        excusing.excuse(of(cast.mina), one, reason="On leave", by=cast.tomas, at=WEEK_1)

    assert planned(cast.mina, "overdue.1", 1) == before + 3 * DAY


def test_what_has_reminded_of_a_due_time_reminds_of_the_new_one(cast):
    run(datetime(2026, 3, 10, 18, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
    fired = Milestone.objects.get(enrolment__client=cast.mina, kind="overdue.1", week=1)
    assert fired.state == "fired"
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_1 - DAY)

    holding.go_on(of(cast.mina), by=cast.tomas, at=datetime(2026, 3, 12, 18, tzinfo=UTC))

    again = Milestone.objects.get(enrolment__client=cast.mina, kind="overdue.1", week=1, occurrence=2)
    assert (again.state, again.due_at) == ("pending", fired.due_at + 9 * DAY)


def reminded(who, kind="due.reminder", week=1):
    rows = Milestone.objects.filter(enrolment__client=who, kind=kind, week=week).order_by("occurrence")
    return [(state, f"{wall:%a %d %H:%M}") for state, wall in rows.values_list("state", "wall")]


@pytest.fixture
def sunday(cast):
    """Eight in the morning in Chicago, the day after everybody was reminded."""
    run(SUNDAY, datetime(2026, 3, 1, tzinfo=UTC))
    assert [reminded(who) for who in (cast.mina, cast.noor, cast.omar)] == [[FIRST]] * 3
    return SUNDAY


@pytest.mark.parametrize(
    ("ends", "again"),
    [
        (SUNDAY + 7 * DAY, ("pending", "Sun 15 10:00")),  # Saturday is past, and it is due today
        (SUNDAY + 7 * DAY - HOUR, ("pending", "Sun 15 10:00")),
        (SUNDAY + 7 * DAY + 4 * HOUR, None),  # at noon ten o'clock is past; it is due tonight
        (datetime(2026, 3, 16, 6, tzinfo=UTC), ("pending", "Mon 16 10:00")),
    ],
)
def test_after_a_pause_what_has_reminded_of_sunday_reminds_of_the_new_day(cast, sunday, ends, again):
    pausing.pause(cast.spring, by=cast.ada, at=sunday)
    meanwhile = reminded(cast.mina)
    pausing.resume(cast.spring, by=cast.ada, at=ends)

    assert meanwhile == [FIRST]
    assert reminded(cast.mina) == [FIRST, *([again] if again else [])]
    assert reminded(cast.omar) == [FIRST]


def test_a_reminder_that_comes_again_is_sent_once_and_no_more(cast, sunday):
    pausing.pause(cast.spring, by=cast.ada, at=sunday)
    pausing.resume(cast.spring, by=cast.ada, at=sunday + 7 * DAY)

    drift = reconciling.reconcile(at=sunday + 7 * DAY)
    run(sunday + 9 * DAY, sunday + 7 * DAY)

    assert drift == 0
    told = Message.objects.filter(kind="due.reminder", state="sent", cohort=cast.spring)
    assert list(told.filter(person=cast.mina).values_list("person__name", flat=True)) == ["Mina", "Mina"]
    assert reminded(cast.mina) == [FIRST, ("fired", "Sun 15 10:00")]


def test_a_reminder_that_comes_again_moves_with_its_day(cast, sunday):
    seen = []
    for hours, days in ((0, 5), (1, 2), (2, -3)):
        moving.shift(cast.spring, days=days, by=cast.ada, at=sunday + hours * HOUR)
        seen.append(reminded(cast.mina)[1:])

    assert seen == [[("pending", day)] for day in ("Thu 12 10:00", "Sat 14 10:00", "Wed 11 10:00")]
    assert reminded(cast.mina)[0] == FIRST
    assert reconciling.reconcile(at=sunday + 3 * HOUR) == 0


def test_who_moves_is_not_reminded_again_of_the_same_day(cast, sunday):
    choosing.choose(cast.mina, zone="Pacific/Honolulu", at=sunday)

    assert reminded(cast.mina) == [FIRST]


def test_nobody_who_has_left_or_stands_still_is_reminded_again_until_they_go_on(cast, sunday):
    joining.withdraw(of(cast.noor), by=cast.noor, at=sunday)
    holding.hold(of(cast.mina), by=cast.tomas, at=sunday)

    moving.shift(cast.spring, days=3, by=cast.ada, at=sunday)
    meanwhile = reminded(cast.mina)
    holding.go_on(of(cast.mina), by=cast.tomas, at=sunday + DAY)

    assert (meanwhile, reminded(cast.mina)) == ([FIRST], [FIRST, ("pending", "Wed 11 10:00")])
    assert reminded(cast.noor) == [FIRST]


@pytest.mark.parametrize("clients", [1, 3])
def test_a_cohort_is_reminded_again_in_as_many_queries_whatever_its_size(cast, clients):
    joining.withdraw(of(cast.noor), by=cast.noor, at=BEFORE)
    for number in range(clients - 1):
        roads.client(cast.spring, roads.person(f"Client{number}", "America/Chicago"))
    run(SUNDAY, datetime(2026, 3, 1, tzinfo=UTC))
    CohortShift.objects.create(cohort=cast.spring, days=5, at=SUNDAY)
    cohort = Cohort.objects.get(pk=cast.spring.pk)

    with CaptureQueriesContext(connection) as queries:
        scheduling.replan_cohort(cohort, at=SUNDAY)

    assert Milestone.objects.filter(kind="due.reminder", occurrence=2).count() == clients
    assert len(queries) == 18


def test_what_is_excused_is_not_asked_after(cast):
    for one in Exercise.objects.filter(week__number=1, required=True):
        excusing.excuse(of(cast.mina), one, reason="On leave", by=cast.tomas, at=BEFORE)

    run(datetime(2026, 3, 14, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))

    skipped = Milestone.objects.filter(enrolment__client=cast.mina, state="skipped", week=1).exclude(kind="due.last")
    assert dict(skipped.values_list("kind", "reason")) == {
        "week.unlock": "all it requires is excused",
        "nudge.midweek": "the main exercise is excused",
        "due.reminder": "everything required is handed in",
        "overdue.1": "everything required is handed in",
        "overdue.2": "everything required is handed in",
    }


# --- Yes or no ---------------------------------------------------------------------------------------


def test_the_coach_is_asked_by_mail_and_answers(cast):
    extension = more(cast.mina, 15)
    delivering.deliver(at=WEEK_1 + 4 * HOUR)
    (asked,) = [one for one in mail.outbox if one.to == ["tomas@example.org"]]
    assert asked.subject == "Mina asks for 7 more days for week 1"
    assert f"http://across.test/coach/extensions/{extension.pk}/" in asked.body

    deciding.decide(extension, grant=True, by=cast.tomas, at=WEEK_1 + 5 * HOUR)

    assert Extension.objects.get().state == "granted"


def test_a_question_that_was_answered_leaves_no_mail_behind(cast):
    extension = more(cast.mina, 15)

    deciding.decide(extension, grant=False, by=cast.tomas, at=WEEK_1)

    assert list(Message.objects.filter(kind="extension").values_list("state", "reason")) == [
        ("cancelled", "the question was answered")
    ]


@pytest.mark.parametrize("who", ["ines", "ada", "mina", "lena"])
def test_only_a_coach_of_the_cohort_answers(cast, who):
    extension = more(cast.mina, 15)

    assert deciding.decide_refusal(extension, by=getattr(cast, who), at=WEEK_1).code == "extension.not_yours"


def test_nobody_answers_themselves(cast):
    extension = more(cast.mina, 15)
    roads.coach(cast.autumn, cast.mina)
    Enrolment.objects.filter(client=cast.mina).update(cohort=cast.autumn)

    extension.refresh_from_db()

    assert deciding.decide_refusal(extension, by=cast.mina, at=WEEK_1).code == "extension.not_yours"


# --- Said beforehand ------------------------------------------------------------------------------------


def effect(cast, change, *people, at=WEEK_1):
    return foreseeing.foresee(change, [of(who) for who in people], cast.spring, at=at)


def test_the_effect_of_a_week_off_is_said_person_by_person_and_nothing_is_done(cast):
    found = effect(
        cast, lambda: moving.set_break(cast.spring, first_day=OFF, by=cast.ada, at=WEEK_1), cast.mina, cast.noor
    )

    mina = next(one for one in found.people if one.name == "Mina")
    assert [one.week for one in found.opens] == list(range(3, 10))
    assert [one.week for one in mina.dues] == list(range(3, 10))
    assert {(one.now_wall - one.was_wall).days for one in (*found.opens, *mina.dues)} == {7}
    assert str(mina.dues[0].was_wall) == "2026-03-22 23:59:59"
    pending = Milestone.objects.filter(enrolment__client=cast.mina, state="pending")
    assert 0 < mina.moved < pending.count()
    assert (cast.spring.breaks.count(), Message.objects.count()) == (0, 0)


def test_what_is_said_beforehand_is_what_happens(cast):
    def change():
        moving.shift(cast.spring, days=7, by=cast.ada, at=WEEK_1)

    planned = Milestone.objects.of_cohort(cast.spring).filter(state="pending")
    before = dict(planned.values_list("pk", "due_at"))
    found = effect(cast, change, cast.mina, cast.noor)
    assert CohortShift.objects.count() == 0

    change()

    after = dict(planned.values_list("pk", "due_at"))
    assert found.moved == sum(before[pk] != after[pk] for pk in before)
    for person in found.people:
        enrolment = of(getattr(cast, person.name.lower()))
        assert [deadlines.week_due_at(enrolment, one.week, at=WEEK_1) for one in person.dues] == [
            one.now for one in person.dues
        ]


def test_the_effect_of_going_on_is_about_one_person(cast):
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_1)

    found = effect(cast, lambda: holding.go_on(of(cast.mina), by=cast.tomas, at=WEEK_2), cast.mina, at=WEEK_2)

    (mina,) = found.people
    assert found.opens == ()
    assert (mina.dues, mina.cancelled) == ((), 0)  # they have moved day by day while the hold lasted
    assert mina.moved > 0


def test_going_on_says_which_due_times_the_hold_has_moved(cast):
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_1)

    found = foreseeing.foresee(
        lambda: holding.go_on(of(cast.mina), by=cast.tomas, at=WEEK_2), [of(cast.mina)], cast.spring,
        at=WEEK_2, since=WEEK_1,
    )  # fmt: skip

    assert [(one.week, (one.now_wall - one.was_wall).days) for one in found.people[0].dues] == [
        (week, 7) for week in range(1, 10)
    ]


def test_a_hold_and_a_pause_say_how_many_messages_do_not_leave_meanwhile(cast):
    pending = Milestone.objects.filter(enrolment__client=cast.mina, state="pending")

    held = effect(cast, lambda: holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_1), cast.mina)
    paused = effect(cast, lambda: pausing.pause(cast.spring, by=cast.ada, at=WEEK_1), cast.mina, cast.noor)

    assert (held.moves_dates, held.moved, held.added) == (False, 0, 0)
    assert 0 < held.waiting <= pending.count()  # but for those that make no sense for her anyway
    assert {one.name: one.waiting for one in paused.people}["Mina"] == pending.count()


def test_what_waits_already_is_not_said_to_wait_because_of_a_pause(cast):
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_1)

    found = effect(cast, lambda: pausing.pause(cast.spring, by=cast.ada, at=WEEK_1), cast.mina, cast.noor)

    assert [(one.name, one.waiting > 0) for one in found.people] == [("Mina", False), ("Noor", True)]


def test_an_excusal_says_what_is_not_due_and_which_messages_fall_away(cast):
    for one in Exercise.objects.filter(week__number=1, required=True).exclude(key="w1-x1"):
        excusing.excuse(of(cast.mina), one, reason="On leave", by=cast.tomas, at=WEEK_1)
    piece = roads.piece(cast.mina).exercise
    started = Milestone.objects.get(enrolment__client=cast.mina, kind="nudge.midweek", week=1).due_at

    found = effect(cast, lambda: excusing.excuse(of(cast.mina), piece, reason="x", by=cast.tomas, at=WEEK_1), cast.mina)

    (mina,) = found.people
    assert [(one.title, one.week, str(one.was_wall), one.now) for one in mina.pieces] == [
        (piece.title, 1, "2026-03-08 23:59:59", None)
    ]
    week_1 = [one for one in mina.told if one.week == 1]
    assert week_1[1] == foreseeing.Single("Thursday, nothing started", 1, started, None, "America/Chicago")
    assert [one.title for one in week_1] == [
        "a week opens", "Thursday, nothing started", "due tomorrow", "two days overdue", "five days overdue",
    ]  # fmt: skip
    assert (found.cancelled, found.moved, found.added) == (len(mina.told), 0, 0)
    assert [(one.week, str(one.was_wall), one.now) for one in mina.dues] == [(1, "2026-03-08 23:59:59", None)]
    assert of(cast.mina).excusals.filter(exercise=piece).count() == 0


def test_asking_again_says_what_is_due_when_and_which_messages_come_again(cast):
    asked = Exercise.objects.filter(week__number=1, required=True)
    for one in asked:
        excusing.excuse(of(cast.mina), one, reason="On leave", by=cast.tomas, at=BEFORE)
    piece = roads.piece(cast.mina).exercise

    found = effect(
        cast, lambda: excusing.ask_again(of(cast.mina), piece, by=cast.tomas, at=WEEK_2), cast.mina, at=WEEK_2
    )

    (mina,) = found.people
    assert [(one.was, str(one.now_wall)) for one in mina.pieces] == [(None, "2026-03-13 23:59:59")]
    assert {"two days overdue", "five days overdue"} <= {one.title for one in mina.told if one.was is None}


def test_more_time_says_the_new_due_time_and_how_reminders_follow(cast):
    for one in Exercise.objects.filter(week__number=1, required=True).exclude(key="w1-x1"):
        excusing.excuse(of(cast.mina), one, reason="On leave", by=cast.tomas, at=WEEK_1)
    piece = roads.piece(cast.mina)

    found = foreseeing.more_time(piece, until=date(2026, 3, 15), by=cast.mina, at=WEEK_1)  # asked of the coach

    (mina,) = found.people
    assert [(str(one.was_wall), str(one.now_wall)) for one in mina.pieces] == [
        ("2026-03-08 23:59:59", "2026-03-15 23:59:59")
    ]
    overdue = next(one for one in mina.told if one.title == "two days overdue")
    assert (overdue.now - overdue.was).days == 7
    assert (Extension.objects.count(), Message.objects.count()) == (0, 0)


def test_a_shift_says_which_live_sessions_move(cast):
    convening.arrange(cast.spring, weekday=3, time=time(17), minutes=60, link="", by=cast.ada, at=BEFORE)

    found = effect(cast, lambda: moving.shift(cast.spring, days=7, by=cast.ada, at=WEEK_1), cast.mina, cast.noor)

    assert [(str(one.was_wall), str(one.now_wall)) for one in found.sessions if one.week == 2] == [
        ("2026-03-12 17:00:00", "2026-03-19 17:00:00")
    ]


def test_a_change_says_what_becomes_of_messages_that_are_for_no_client_alone(cast):
    convening.arrange(cast.spring, weekday=3, time=time(17), minutes=60, link="", by=cast.ada, at=BEFORE)
    rows = Milestone.objects.filter(cohort=cast.spring, state="pending", due_at__gt=WEEK_2)
    kinds = {"session.remind", "midpoint.rate", "final.rate", "admin.weekly", "graduation.note"}
    assert set(rows.values_list("kind", flat=True)) == kinds

    shifted = effect(
        cast, lambda: moving.shift(cast.spring, days=7, by=cast.ada, at=WEEK_2), cast.mina, cast.noor, at=WEEK_2
    )
    paused = effect(cast, lambda: pausing.pause(cast.spring, by=cast.ada, at=WEEK_2), cast.mina, cast.noor, at=WEEK_2)
    held = effect(cast, lambda: holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_2), cast.mina, at=WEEK_2)

    assert shifted.shared == foreseeing.Shared(moved=rows.count(), cancelled=0, added=0, waiting=0)
    assert shifted.moved == rows.count() + sum(one.moved for one in shifted.people)
    assert (paused.shared.moved, held.shared.is_touched) == (0, False)
    assert paused.shared.waiting == Milestone.objects.filter(cohort=cast.spring, state="pending").count()


def test_a_session_that_moves_says_its_reminders_and_who_hears_of_it(cast):
    sittings.arranged(cast)
    session, wall = sittings.session(cast, 2), datetime(2026, 3, 13, 11)
    reminders = Milestone.objects.filter(kind="session.remind", object_id=session.pk, state="pending").count()

    found = effect(cast, lambda: convening.move(session, wall=wall, by=cast.tomas, at=WEEK_1), cast.mina, cast.noor)

    assert [(one.week, one.title, str(one.was_wall), str(one.now_wall)) for one in found.sessions] == [
        (2, session.title, "2026-03-12 17:00:00", "2026-03-13 11:00:00")
    ]
    assert (reminders > 0, found.shared) == (True, foreseeing.Shared(moved=reminders))
    assert found.letters == (("Mina", "a live session was moved"), ("Noor", "a live session was moved"))
    assert (sittings.session(cast, 2).starts_at, Message.objects.count()) == (session.starts_at, 0)


def test_a_session_that_is_cancelled_falls_away_with_its_reminders_and_one_that_comes_back_comes_with_them(cast):
    sittings.arranged(cast)
    session = sittings.session(cast, 2)
    reminders = Milestone.objects.filter(kind="session.remind", object_id=session.pk, state="pending").count()

    off = effect(cast, lambda: convening.cancel(session, reason="Ill", by=cast.tomas, at=WEEK_1), cast.mina, cast.noor)
    convening.cancel(session, reason="Ill", by=cast.tomas, at=WEEK_1)
    session = sittings.session(cast, 2)
    wall = datetime(2026, 3, 13, 11)
    back = effect(cast, lambda: convening.move(session, wall=wall, by=cast.tomas, at=WEEK_1), cast.mina, cast.noor)

    assert [(one.week, str(one.was_wall), one.now) for one in off.sessions] == [(2, "2026-03-12 17:00:00", None)]
    assert off.shared == foreseeing.Shared(cancelled=reminders)
    assert [one.to for one in off.letters] == ["Mina", "Noor"]
    assert [(one.week, one.was, str(one.now_wall)) for one in back.sessions] == [(2, None, "2026-03-13 11:00:00")]
    assert back.shared == foreseeing.Shared(added=reminders)


def test_a_new_rule_says_which_sessions_follow_and_which_come(cast):
    def arrange(weekday):
        return lambda: convening.arrange(
            cast.spring, weekday=weekday, time=time(17), minutes=60, link="", by=cast.ada, at=WEEK_1
        )

    first = effect(cast, arrange(3), cast.mina, cast.noor)
    arrange(3)()
    own = sittings.session(cast, 3)
    convening.move(own, wall=datetime(2026, 3, 17, 9), by=cast.tomas, at=WEEK_1)
    then = effect(cast, arrange(4), cast.mina, cast.noor)

    assert [one.was for one in first.sessions] == [None] * len(first.sessions)
    assert {one.week for one in first.sessions} == set(LiveSession.objects.values_list("week", flat=True))
    assert {one.week for one in then.sessions} == {one.week for one in first.sessions} - {3}
    assert {(one.now_wall - one.was_wall) for one in then.sessions} == {DAY}
    assert [one.to for one in then.letters] == ["Mina", "Noor", "Tomas"]


def test_a_client_who_leaves_is_asked_nothing_more_and_what_was_planned_falls_away(cast):
    pending = Milestone.objects.filter(enrolment__client=cast.mina, state="pending").count()

    found = effect(cast, lambda: joining.withdraw(of(cast.mina), by=cast.ada, at=WEEK_1), cast.mina)

    (mina,) = found.people
    assert [(one.week, one.now) for one in mina.dues] == [(week, None) for week in range(1, 10)]  # week 0 is past
    assert (0 < mina.cancelled <= pending, mina.moved, mina.added, mina.waiting) == (True, 0, 0, 0)
    assert [one.now for one in mina.told] == [None] * mina.cancelled
    assert of(cast.mina).is_active


def test_a_client_who_leaves_takes_the_mail_along_that_is_in_the_outbox(cast):
    leaving = lambda: joining.withdraw(of(cast.mina), by=cast.ada, at=WEEK_1)  # noqa: E731
    firing.fire_due(at=WEEK_1)
    queued = Message.objects.filter(person=cast.mina, cohort=cast.spring, state="queued")
    was = list(queued.values_list("pk", flat=True))

    (mina,) = effect(cast, leaving, cast.mina).people
    leaving()

    gone = [one.title for one in mina.told if one.was <= WEEK_1]
    assert len(was) == len(gone) > 0
    assert set(Message.objects.filter(pk__in=was).values_list("state", flat=True)) == {"cancelled"}


def test_the_call_of_a_client_who_leaves_is_named_to_its_coach_alone(cast):
    call = callings.booked(cast)
    leaving = lambda: joining.withdraw(of(cast.mina), by=cast.ada, at=callings.WEEK_4)  # noqa: E731

    def told(reader):
        found = foreseeing.foresee(leaving, [of(cast.mina)], cast.spring, at=callings.WEEK_4, reader=reader)
        return [(one.was, one.now) for one in found.people[0].calls], [one.to for one in found.letters]

    assert told(cast.tomas) == ([(call.slot.starts_at, None)], ["Mina", "Tomas"])
    assert told(cast.ada) == ([], ["Mina", "Tomas"])


def test_a_call_that_moves_says_both_times_its_reminders_and_who_hears_of_it(cast):
    _first, second = callings.offered(cast)
    call = callings.booked(cast)

    def move():
        calling.move(call, second, reason="A release", by=cast.mina, at=callings.WEEK_4)

    found = foreseeing.foresee(move, [of(cast.mina)], cast.spring, at=callings.WEEK_4, reader=cast.mina)

    (mina,) = found.people
    assert [(one.title, one.was, one.now) for one in mina.calls] == [
        ("Midpoint call with Tomas", call.slot.starts_at, second.starts_at)
    ]
    assert [one.title for one in mina.told] == ["a midpoint call"]
    assert [one.to for one in found.letters] == ["Tomas"]
    assert calls.of_enrolment(of(cast.mina)).slot_id == call.slot_id


def test_another_zone_says_what_moves_in_each_cohort_somebody_walks_with(cast):
    roads.client(cast.autumn, cast.mina)

    found = foreseeing.another_zone(cast.mina, zone="Asia/Tokyo", at=WEEK_1)

    assert {one.name: one.zone for one in found.people} == {"Spring": "Asia/Tokyo", "Autumn": "Asia/Tokyo"}
    spring = next(one for one in found.people if one.name == "Spring")
    assert {f"{one.now_wall:%a %H:%M}" for one in spring.dues} == {"Sun 23:59"}
    assert spring.moved > 0
    assert User.objects.get(pk=cast.mina.pk).zone == "America/Chicago"


@pytest.mark.parametrize("clients", [1, 3, 50])
def test_what_a_session_would_do_is_asked_in_as_many_queries_whatever_the_cohort(cast, clients):
    sittings.arranged(cast)
    joining.withdraw(of(cast.noor), by=cast.noor, at=BEFORE)
    for number in range(clients):
        roads.client(cast.spring, roads.person(f"Client{number}", "America/Chicago"))
    session, wall = sittings.session(cast, 2), datetime(2026, 3, 13, 11)

    with CaptureQueriesContext(connection) as queries:
        foreseeing.foresee(
            lambda: convening.move(session, wall=wall, by=cast.tomas, at=WEEK_1),
            cast.spring.enrolments.active(), cast.spring, at=WEEK_1,
        )  # fmt: skip

    assert len(queries) == 76


def test_a_change_that_is_refused_is_refused_beforehand_in_the_same_words(cast):
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)

    with pytest.raises(pausing.CannotPause) as refused:
        effect(cast, lambda: pausing.pause(cast.spring, by=cast.ada, at=WEEK_1), cast.mina)

    assert refused.value.code == "cohort.paused"


# --- On the board ---------------------------------------------------------------------------------------


def cell(cast, name, week, *, at, levels=True):
    found = boards.board(cast.spring, at=at, levels=levels)
    (row,) = [row for row in found.rows if row.name == name]
    return row, row.cells[[column.number for column in found.columns].index(week)]


def test_the_board_shows_what_is_excused_and_not_why(cast):
    excusing.excuse(of(cast.mina), roads.piece(cast.mina).exercise, reason="On leave", by=cast.tomas, at=WEEK_1)

    row, found = cell(cast, "Mina", 1, at=WEEK_2, levels=False)

    assert found.state == "excused"
    assert "On leave" not in repr(row)
    assert boards.board(cast.spring, at=WEEK_2, levels=False).facts.late_clients == 2


def test_the_board_shows_who_is_on_hold_and_nothing_of_theirs_is_late(cast):
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_1)

    row, found = cell(cast, "Mina", 1, at=WEEK_2)

    assert (row.on_hold_since, found.state) == (WEEK_1, "open")


def test_the_board_shows_until_when_a_piece_has_more_time(cast):
    more(cast.mina, 11)

    _row, found = cell(cast, "Mina", 1, at=datetime(2026, 3, 10, 12, tzinfo=UTC))

    assert (found.state, found.more_until) == ("open", date(2026, 3, 11))


def test_the_board_gives_whoever_joined_late_a_week(cast):
    roads.client(cast.spring, cast.lena, at=WEEK_2)

    assert [cell(cast, "Lena", 1, at=WEEK_2 + days * DAY)[1].state for days in (6, 8)] == ["open", "late"]


def test_a_baseline_is_done_when_what_is_left_of_it_is_excused(cast):
    for one in Exercise.objects.filter(week__number=0, required=True):
        excusing.excuse(of(cast.mina), one, reason="On leave", by=cast.tomas, at=WEEK_1)

    assert cell(cast, "Mina", 0, at=WEEK_2)[1].state == "done"


def test_a_client_who_leaves_on_hold_is_asked_nothing_more(cast):
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_1)

    joining.withdraw(of(cast.mina), by=cast.ada, at=WEEK_2)

    assert Milestone.objects.filter(enrolment__client=cast.mina, state="pending").count() == 0


def test_what_reminds_of_a_week_follows_what_is_left_once_the_rest_is_in(cast):
    for one in Exercise.objects.filter(week__number=1, required=True).exclude(key__in=ASKED):
        excusing.excuse(of(cast.mina), one, reason="On leave", by=cast.tomas, at=WEEK_1)
    more(cast.mina, 11, key="w1-t1")
    before = planned(cast.mina, "overdue.1", 1)

    roads.handed_in(cast.mina, at=WEEK_1 + HOUR)

    assert planned(cast.mina, "overdue.1", 1) == before + 3 * DAY


def test_a_client_on_hold_is_no_drift_and_is_planned_anew_when_they_go_on(cast):
    holding.hold(of(cast.mina), by=cast.tomas, at=WEEK_1)

    assert reconciling.reconcile(at=WEEK_1 + 3 * DAY) == 0
    holding.go_on(of(cast.mina), by=cast.tomas, at=WEEK_1 + 5 * DAY)
    assert reconciling.reconcile(at=WEEK_1 + 5 * DAY) == 0
