"""Ten weeks with the engine: exactly what reaches two clients by their own clocks, one who does nothing, one everything.

The cohort lives in Berlin and starts on 2 March 2026; the clocks of Los Angeles go forward on 8 March, Berlin's on 29
March, those of Kolkata never.
"""

from datetime import UTC, datetime, timedelta

from clients import submitting
from clients.models import Message, Submission
from coaching import firing, rehearsing, reviewing
from curriculum import moments
from tests import keeping, roads
from tests.reliability.answers import ADDED, answer

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
BEGINS = datetime(2026, 2, 20, 9, tzinfo=UTC)
ENDS = datetime(2026, 5, 11, tzinfo=UTC)  # after week 9
WEDNESDAY_0 = datetime(2026, 2, 25, 14, tzinfo=UTC)  # evening in Kolkata, morning in Los Angeles


def live(until):
    """The engine looks at every instant at which something is due."""
    at = BEGINS
    while (instant := rehearsing.next_instant(at)) is not None and instant <= until:
        at = max(at, instant)
        while firing.tick(at=at).anything:
            pass


def told(who):
    """Everything that left for somebody: week of the calendar, kind, and what their clock showed."""
    rows = Message.objects.filter(person=who, state="sent").order_by("sent_at", "pk")
    walls = [(row.kind, moments.to_wall(row.sent_at, who.zone)) for row in rows]
    return [f"{wall:%d %b %a %H:%M} {kind}" for kind, wall in walls]


# --- Somebody who does everything on the Wednesday of its week --------------------------------------


def do_all(who, week):
    """Everything that a week asks for, and a line for the ledger."""
    at = WEDNESDAY_0 + week * WEEK
    for number in range(3):
        roads.logged(who, date=f"{at:%Y-%m-%d}", at=at, key=f"{week}-{number}")
    for factor in ("stakeholder", "influence", "presence", "upward") if week >= 2 else ():
        keeping.line(who, at=at, date=f"{at:%Y-%m-%d}", factor=factor)
    rows = Submission.objects.filter(enrolment__client=who, exercise__week__number=week, exercise__counted=False)
    for key in rows.filter(exercise__required=True).values_list("exercise__key", flat=True):
        hand_in(who, key, at)
    for moment, asked in (("a0", 0), ("a4", 4), ("a8", 9)):
        if week == asked:
            roads.assessed(who, moment, at=at)


def hand_in(who, key, at):
    if key == "w7-x1":
        keeping.handed_in_plan(who, at=at, date=f"{at:%Y-%m-%d}")
    elif key == "w8-x1":
        keeping.handed_in_case(who, at=at)
    elif key in ADDED:
        submitting.hand_in(roads.piece(who, key), answer=answer(key, "own"), revision=0, by=who, at=at)
    else:
        entries = [{"id": row.pk} for row in roads.Meeting.objects.filter(enrolment__client=who).order_by("-pk")[:3]]
        said = {"entries": entries, "noticed": "word " * 25, "next_change": "word " * 10}
        submitting.hand_in(roads.piece(who, key), answer=said, revision=0, by=who, at=at)


def answer_all(coach, at):
    """The coach reads everything that waits, two hours later."""
    waiting = Submission.objects.filter(state="handed_in", enrolment__cohort__assignments__coach=coach)
    for submission in waiting.order_by("pk"):
        reviewing.claim(submission, by=coach, at=at)
        fresh = Submission.objects.select_related("exercise__rubric", "enrolment__cohort").get(pk=submission.pk)
        reviewing.send_feedback(fresh, content=roads.content(fresh), by=coach, at=at)


def ten_weeks(*, diligent):
    """(in Kolkata, in Los Angeles, their coach) after ten weeks in which the two did nothing, or everything."""
    tomas, cohort = roads.person("Tomas"), roads.cohort("Spring")
    roads.coach(cohort, tomas)
    clients = roads.person("Asha", "Asia/Kolkata"), roads.person("Luis", "America/Los_Angeles")
    for who in clients:
        roads.client(cohort, who)
    for week in range(10):
        live(WEDNESDAY_0 + week * WEEK)
        if diligent:
            for who in clients:
                do_all(who, week)
            live(WEDNESDAY_0 + week * WEEK + 2 * HOUR)
            answer_all(tomas, WEDNESDAY_0 + week * WEEK + 2 * HOUR)
    live(ENDS)
    return (*clients, tomas)


# --- What reaches them ------------------------------------------------------------------------------

TO_THE_COACH = [
    "30 Mar Mon 07:30 midpoint.rate",
    "27 Apr Mon 07:30 final.rate",
    "01 May Fri 12:00 graduation.note.coach",
]

NOTHING_IN_KOLKATA = """
23 Feb Mon 09:00 welcome
27 Feb Fri 09:00 baseline.due
01 Mar Sun 10:00 baseline.due
02 Mar Mon 12:30 week.unlock
05 Mar Thu 09:00 nudge.midweek
07 Mar Sat 10:00 due.reminder
09 Mar Mon 12:30 week.unlock
10 Mar Tue 09:00 overdue.1
12 Mar Thu 09:00 nudge.midweek
13 Mar Fri 09:00 overdue.2
14 Mar Sat 10:00 due.reminder
16 Mar Mon 12:30 week.unlock
17 Mar Tue 09:00 overdue.1
19 Mar Thu 09:00 nudge.midweek
20 Mar Fri 09:00 overdue.2
21 Mar Sat 10:00 due.reminder
23 Mar Mon 12:30 week.unlock
23 Mar Mon 12:30 midpoint.open
24 Mar Tue 09:00 overdue.1
26 Mar Thu 09:00 nudge.midweek
27 Mar Fri 09:00 overdue.2
27 Mar Fri 09:00 midpoint.remind
28 Mar Sat 10:00 due.reminder
30 Mar Mon 11:30 week.unlock
31 Mar Tue 09:00 overdue.1
02 Apr Thu 09:00 nudge.midweek
03 Apr Fri 09:00 overdue.2
04 Apr Sat 10:00 due.reminder
06 Apr Mon 11:30 week.unlock
07 Apr Tue 09:00 overdue.1
09 Apr Thu 09:00 nudge.midweek
10 Apr Fri 09:00 overdue.2
11 Apr Sat 10:00 due.reminder
13 Apr Mon 11:30 week.unlock
14 Apr Tue 09:00 overdue.1
16 Apr Thu 09:00 nudge.midweek
17 Apr Fri 09:00 overdue.2
18 Apr Sat 10:00 due.reminder
20 Apr Mon 11:30 week.unlock
21 Apr Tue 09:00 overdue.1
23 Apr Thu 09:00 nudge.midweek
23 Apr Thu 11:30 final.open
24 Apr Fri 09:00 overdue.2
25 Apr Sat 10:00 due.reminder
25 Apr Sat 10:00 final.remind
28 Apr Tue 09:00 overdue.1
01 May Fri 09:00 overdue.2
01 May Fri 15:30 graduation.gap
"""
NOTHING_IN_LOS_ANGELES = """
23 Feb Mon 09:00 welcome
27 Feb Fri 09:00 baseline.due
01 Mar Sun 10:00 baseline.due
02 Mar Mon 07:30 week.unlock
05 Mar Thu 09:00 nudge.midweek
07 Mar Sat 10:00 due.reminder
09 Mar Mon 07:30 week.unlock
10 Mar Tue 09:00 overdue.1
12 Mar Thu 09:00 nudge.midweek
13 Mar Fri 09:00 overdue.2
14 Mar Sat 10:00 due.reminder
16 Mar Mon 07:30 week.unlock
17 Mar Tue 09:00 overdue.1
19 Mar Thu 09:00 nudge.midweek
20 Mar Fri 09:00 overdue.2
21 Mar Sat 10:00 due.reminder
23 Mar Mon 07:30 week.unlock
23 Mar Mon 07:30 midpoint.open
24 Mar Tue 09:00 overdue.1
26 Mar Thu 09:00 nudge.midweek
27 Mar Fri 09:00 overdue.2
27 Mar Fri 09:00 midpoint.remind
28 Mar Sat 10:00 due.reminder
30 Mar Mon 07:30 week.unlock
31 Mar Tue 09:00 overdue.1
02 Apr Thu 09:00 nudge.midweek
03 Apr Fri 09:00 overdue.2
04 Apr Sat 10:00 due.reminder
06 Apr Mon 07:30 week.unlock
07 Apr Tue 09:00 overdue.1
09 Apr Thu 09:00 nudge.midweek
10 Apr Fri 09:00 overdue.2
11 Apr Sat 10:00 due.reminder
13 Apr Mon 07:30 week.unlock
14 Apr Tue 09:00 overdue.1
16 Apr Thu 09:00 nudge.midweek
17 Apr Fri 09:00 overdue.2
18 Apr Sat 10:00 due.reminder
20 Apr Mon 07:30 week.unlock
21 Apr Tue 09:00 overdue.1
23 Apr Thu 07:30 final.open
23 Apr Thu 09:00 nudge.midweek
24 Apr Fri 09:00 overdue.2
25 Apr Sat 10:00 due.reminder
25 Apr Sat 10:00 final.remind
28 Apr Tue 09:00 overdue.1
01 May Fri 07:30 graduation.gap
01 May Fri 09:00 overdue.2
"""
EVERYTHING_IN_KOLKATA = """
23 Feb Mon 09:00 welcome
26 Feb Thu 07:30 feedback
02 Mar Mon 12:30 week.unlock
05 Mar Thu 07:30 feedback
09 Mar Mon 12:30 week.unlock
12 Mar Thu 07:30 feedback
16 Mar Mon 12:30 week.unlock
19 Mar Thu 07:30 feedback
23 Mar Mon 12:30 week.unlock
23 Mar Mon 12:30 midpoint.open
26 Mar Thu 07:30 feedback
30 Mar Mon 11:30 week.unlock
02 Apr Thu 07:30 feedback
06 Apr Mon 11:30 week.unlock
09 Apr Thu 07:30 feedback
13 Apr Mon 11:30 week.unlock
16 Apr Thu 07:30 feedback
20 Apr Mon 11:30 week.unlock
23 Apr Thu 07:30 feedback
23 Apr Thu 11:30 final.open
25 Apr Sat 10:00 final.remind
01 May Fri 15:30 graduation
"""
EVERYTHING_IN_LOS_ANGELES = """
23 Feb Mon 09:00 welcome
25 Feb Wed 08:10 feedback
02 Mar Mon 07:30 week.unlock
04 Mar Wed 08:10 feedback
09 Mar Mon 07:30 week.unlock
11 Mar Wed 09:10 feedback
16 Mar Mon 07:30 week.unlock
18 Mar Wed 09:10 feedback
23 Mar Mon 07:30 week.unlock
23 Mar Mon 07:30 midpoint.open
25 Mar Wed 09:10 feedback
30 Mar Mon 07:30 week.unlock
01 Apr Wed 09:10 feedback
06 Apr Mon 07:30 week.unlock
08 Apr Wed 09:10 feedback
13 Apr Mon 07:30 week.unlock
15 Apr Wed 09:10 feedback
20 Apr Mon 07:30 week.unlock
22 Apr Wed 09:10 feedback
23 Apr Thu 07:30 final.open
25 Apr Sat 10:00 final.remind
01 May Fri 07:30 graduation
"""


def test_who_does_nothing_gets_exactly_this(db):
    asha, luis, tomas = ten_weeks(diligent=False)

    assert told(asha) == NOTHING_IN_KOLKATA.strip().splitlines()
    assert told(luis) == NOTHING_IN_LOS_ANGELES.strip().splitlines()
    fridays = [line for line in told(tomas) if line.endswith("overdue.2.coach")]
    assert len(fridays) == 2 * 8
    assert set(told(tomas)) - set(fridays) == set(TO_THE_COACH)


def test_of_five_reminders_a_week_the_one_for_the_ledger_gives_way_to_the_day_before_something_is_due(db):
    asha, _luis, _tomas = ten_weeks(diligent=False)

    left_out = Message.objects.filter(person=asha).exclude(state="sent")
    assert {(row.kind, row.state, row.reason) for row in left_out} == {
        ("ledger.friday", "cancelled", "the person’s reminders for this week are used up")
    }
    assert left_out.count() == 7  # in weeks 2 to 8


def test_who_does_everything_in_time_gets_exactly_this(db):
    asha, luis, tomas = ten_weeks(diligent=True)

    assert told(asha) == EVERYTHING_IN_KOLKATA.strip().splitlines()
    assert told(luis) == EVERYTHING_IN_LOS_ANGELES.strip().splitlines()
    assert told(tomas) == TO_THE_COACH
