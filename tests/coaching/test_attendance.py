"""Attendance at live sessions, and the plan of one beside the clock."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from clients import holding, joining
from clients.models import Enrolment, JournalEntry
from coaching import attendance, attending, board, convening, pace, risks
from coaching.models import Attendance, LiveSession
from tests import roads, sittings
from tests.doors.asking import Api
from tests.roads import BEFORE, WEEK_1, WEEK_2
from tests.sittings import FIRST, KICK_OFF

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def number(cast, who="mina"):
    return cast.enrolment(getattr(cast, who)).pk


def taken(cast, week=0, *, at=None, by=None, **marks):
    """Marks by name, as the session begins unless said."""
    session = sittings.session(cast, week)
    named = {number(cast, who): presence for who, presence in marks.items()}
    return attending.take(session, named, by=by or cast.tomas, at=at or session.starts_at)


def standing(week=0):
    rows = Attendance.objects.filter(session__week=week).order_by("enrolment__client__name")
    return dict(rows.values_list("enrolment__client__name", "presence"))


def refused(act):
    try:
        with transaction.atomic():
            act()
    except Exception as refusal:
        return refusal.code
    return None


# --- Marks ----------------------------------------------------------------------------------------


def test_whoever_leads_the_session_marks_who_was_there_and_how(cast):
    taken(cast, mina="here", noor="late")

    mark = Attendance.objects.get(enrolment__client=cast.mina)
    assert standing() == {"Mina": "here", "Noor": "late"}
    assert (mark.marked_by, mark.marked_at, mark.began_at) == (cast.tomas, KICK_OFF, KICK_OFF)


def test_a_mark_is_put_right_days_later_and_taken_away_and_the_journal_has_every_change(cast):
    taken(cast, mina="absent", noor="here")
    taken(cast, mina="late", noor="here", at=WEEK_1)
    taken(cast, noor="", at=WEEK_2, by=cast.ada)

    told = JournalEntry.objects.filter(subject__startswith="enrolment:", action__contains="mark").order_by("pk")
    assert standing() == {"Mina": "late"}
    assert [(one.action, one.actor, one.note, one.at) for one in told] == [
        ("marked as absent", "Tomas", "Kick-off", KICK_OFF),
        ("marked as here", "Tomas", "Kick-off", KICK_OFF),
        ("marked as late", "Tomas", "Kick-off", WEEK_1),
        ("took a mark away", "Ada", "Kick-off", WEEK_2),
    ]


def test_nobody_is_marked_before_the_session_begins_or_where_it_is_cancelled(cast):
    sittings.cancelled(cast, 2)

    assert refused(lambda: taken(cast, mina="here", at=KICK_OFF - MINUTE)) == "session.not_begun"
    assert refused(lambda: taken(cast, 2, mina="here", at=WEEK_2 + 7 * DAY)) == "session.cancelled"
    assert Attendance.objects.count() == 0


def test_of_several_marks_all_are_kept_or_none(cast):
    assert refused(lambda: taken(cast, mina="here", noor="asleep")) == "attendance.unknown"
    assert refused(lambda: taken(cast, mina="here", omar="here")) == "attendance.not_yours"
    joining.withdraw(cast.enrolment(cast.noor), by=cast.ada, at=BEFORE)
    assert refused(lambda: taken(cast, mina="here", noor="here")) == "attendance.left"
    assert Attendance.objects.count() == 0


def test_nobody_marks_themselves(cast):
    roads.client(cast.spring, cast.tomas)

    assert refused(lambda: taken(cast, tomas="here")) == "attendance.not_yours"
    assert "Tomas" not in [line.name for line in attendance.roll(sittings.session(cast, 0), cast.tomas).lines]


def test_everybody_else_is_here_but_for_who_cannot_come_or_is_on_hold(cast):
    late = roads.person("Vera")
    roads.client(cast.spring, late)
    convening.decline(sittings.session(cast, 0), by=cast.noor, at=BEFORE)
    holding.hold(cast.enrolment(late), by=cast.tomas, at=BEFORE)
    wim, xan = roads.person("Wim"), roads.person("Xan")
    roads.client(cast.spring, wim)
    roads.client(cast.spring, xan, at=KICK_OFF + DAY)
    attending.take(sittings.session(cast, 0), {cast.enrolment(wim).pk: "late"}, by=cast.tomas, at=KICK_OFF)

    attending.rest(sittings.session(cast, 0), by=cast.tomas, at=KICK_OFF + 2 * DAY)

    assert standing() == {"Mina": "here", "Wim": "late"}


def test_a_session_with_marks_took_place_so_it_neither_moves_nor_falls_away_and_its_mark_of_held_stays_its_own(cast):
    taken(cast, mina="here")
    session = sittings.session(cast, 0)
    wall = sittings.FIRST.replace(tzinfo=None) + DAY
    move = lambda: convening.move(session, wall=wall, by=cast.tomas, at=WEEK_1)  # noqa: E731

    assert refused(move) == "session.attended"
    assert refused(lambda: convening.cancel(session, reason="Ill", by=cast.tomas, at=WEEK_1)) == "session.attended"
    convening.hold(session, by=cast.tomas, at=WEEK_1)
    convening.unmark(session, by=cast.tomas, at=WEEK_1)
    taken(cast, mina="", at=WEEK_1)

    assert refused(move) is None


RULES = {
    "a_client_is_marked_once_a_session": {"presence": "late"},
    "somebody_was_here_late_absent_or_excused": {"presence": "asleep", "week": 1},
    "nobody_is_marked_before_the_session_begins": {"week": 1, "marked_at": KICK_OFF},
}


@pytest.mark.parametrize("rule", RULES)
def test_the_database_keeps_the_rules_of_marks_by_itself(cast, rule):
    taken(cast, mina="here")
    said = {"week": 0, "presence": "here", "marked_at": FIRST} | RULES[rule]
    session = sittings.session(cast, said.pop("week"))

    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Attendance.objects.create(
            session=session, enrolment_id=number(cast), began_at=session.starts_at, marked_by=cast.tomas, **said
        )


# --- What comes of it -----------------------------------------------------------------------------


def at_risk(cast, at):
    Enrolment.objects.filter(cohort=cast.spring).update(seen_at=at)
    found = [one for one in risks.of_coach(cast.tomas, at=at) if one.name == "Mina"]
    return {risk.rule: (risk.since, risk.evidence) for one in found for risk in one.risks}.get("sessions")


def test_two_sessions_missed_in_a_row_are_a_reason_from_the_second_on(cast):
    taken(cast, 0, mina="absent")
    one = at_risk(cast, KICK_OFF + HOUR)
    taken(cast, 1, mina="absent")

    two = at_risk(cast, FIRST + HOUR)
    assert one is None
    assert two == (FIRST, "“Kick-off” and “Four answers, said aloud” took place without them.")


@pytest.mark.parametrize("presence", ["here", "late"])
def test_the_reason_is_gone_once_they_came_or_the_mark_is_put_right(cast, presence):
    taken(cast, 0, mina="absent")
    taken(cast, 1, mina="absent")
    taken(cast, 1, mina=presence, at=FIRST + HOUR)

    assert at_risk(cast, FIRST + 2 * HOUR) is None


def test_whoever_is_excused_missed_nothing_and_the_sessions_around_it_follow_each_other(cast):
    taken(cast, 0, mina="absent")
    taken(cast, 1, mina="excused")
    excused = at_risk(cast, FIRST + HOUR)
    taken(cast, 2, mina="absent")

    assert excused is None
    title = sittings.session(cast, 2).title
    assert at_risk(cast, FIRST + 7 * DAY + HOUR)[1] == f"“Kick-off” and “{title}” took place without them."


def test_a_mark_speaks_louder_than_a_word_sent_before(cast):
    for week in (0, 1):
        convening.decline(sittings.session(cast, week), by=cast.mina, at=BEFORE)
    taken(cast, 0, mina="here")
    taken(cast, 1, noor="here")

    assert at_risk(cast, FIRST + HOUR) is None


def attended(cast, at):
    shown = board.board(cast.spring, at=at, levels=True)
    return {row.name: tuple(row.sessions) for row in shown.rows}


def test_the_board_counts_what_each_client_came_to_without_what_they_were_excused_from(cast):
    taken(cast, 0, mina="here", noor="excused")
    taken(cast, 1, mina="absent", noor="late")

    assert attended(cast, FIRST + HOUR) == {"Mina": (1, 2, 0, 0), "Noor": (1, 1, 1, 0)}


def test_what_was_declined_is_missed_and_what_nobody_marked_is_said_and_not_counted(cast):
    convening.decline(sittings.session(cast, 0), by=cast.noor, at=BEFORE)
    taken(cast, 0, mina="here")
    sittings.held(cast, 1, at=FIRST)

    assert attended(cast, FIRST + HOUR) == {"Mina": (1, 1, 0, 1), "Noor": (0, 1, 0, 1)}


def test_what_took_place_before_somebody_joined_does_not_count_for_them(cast):
    taken(cast, 0, mina="here", noor="absent")
    Enrolment.objects.filter(client=cast.noor).update(joined_at=FIRST - HOUR)
    Attendance.objects.filter(enrolment=number(cast, "noor")).delete()
    taken(cast, 1, mina="here", noor="late")

    assert attended(cast, FIRST + HOUR) == {"Mina": (2, 2, 0, 0), "Noor": (1, 1, 0, 0)}


# --- The plan beside the clock --------------------------------------------------------------------


def at_the(cast, minute, **changes):
    session = sittings.session(cast, 0)
    found = pace.of(session, at=KICK_OFF + minute * MINUTE)
    return (found.now.number if found.now else None, found.left, found.behind, found.is_said)


@pytest.mark.parametrize(
    ("minute", "where"),
    [
        (-1, (None, 0, 0, False)),
        (0, (0, 10, 0, False)),
        (9.5, (0, 1, 0, False)),
        (10, (1, 20, 0, False)),
        (59, (5, 1, 0, False)),
        (60, (None, 0, 0, False)),
    ],
)
def test_while_nobody_says_anything_the_clock_goes_by_the_plan(cast, minute, where):
    assert at_the(cast, minute) == where


def test_a_part_that_begins_late_is_behind_and_one_that_begins_early_is_ahead(cast):
    session = sittings.session(cast, 0)
    attending.begin(session, 1, by=cast.tomas, at=KICK_OFF + 14 * MINUTE)
    behind, slower = at_the(cast, 14), at_the(cast, 36)
    attending.begin(session, 4, by=cast.tomas, at=KICK_OFF + 45 * MINUTE)

    assert (behind, slower) == ((1, 20, 4, True), (1, -2, 6, True))
    assert at_the(cast, 46) == (4, 4, -5, True)


def test_a_part_that_has_begun_goes_on_whoever_says_so_again_and_the_journal_has_it_once(cast):
    session = sittings.session(cast, 0)
    for minute in (3, 5):
        attending.begin(session, 1, by=cast.tomas, at=KICK_OFF + minute * MINUTE)

    assert at_the(cast, 6) == (1, 17, -7, True)
    told = JournalEntry.objects.filter(action="began a part")
    assert [one.note for one in told] == ["The trap: each person tells it in 90 seconds. No advice."]


def test_no_part_begins_before_the_session_or_once_it_is_over(cast):
    session = sittings.session(cast, 0)
    begin = lambda part, at: refused(lambda: attending.begin(session, part, by=cast.tomas, at=at))  # noqa: E731

    assert begin(0, KICK_OFF - MINUTE) == "session.not_begun"
    assert begin(6, KICK_OFF) == "session.no_part"
    assert begin(0, KICK_OFF + 2 * HOUR) == "session.over"
    convening.hold(session, by=cast.tomas, at=KICK_OFF)
    assert begin(0, KICK_OFF + MINUTE) == "session.over"


def test_a_part_says_when_it_began_by_the_database_alone(cast):
    session = sittings.session(cast, 0)

    with pytest.raises(IntegrityError, match="a_part_of_a_session_says_when_it_began"), transaction.atomic():
        LiveSession.objects.filter(pk=session.pk).update(part=1)


# --- Over the API ---------------------------------------------------------------------------------


def test_the_api_has_the_roll_and_the_pace_and_a_stranger_finds_neither(cast, monkeypatch):
    from curriculum import clock

    monkeypatch.setattr(clock, "now", lambda: KICK_OFF + 12 * MINUTE)
    session = sittings.session(cast, 0)
    sent = {"marks": [{"enrolment": number(cast), "presence": "late"}]}
    put = Api(cast.tomas).put(f"sessions/{session.pk}/attendance/", **sent)
    got = Api(cast.tomas).get(f"sessions/{session.pk}/pace/").json()

    line = {"enrolment": number(cast), "name": "Mina", "presence": "late", "declined": False, "is_on_hold": False}
    assert put.json()[0] == line
    assert (got["now"]["number"], got["left"], got["behind"]) == (1, 18, 0)
    for who in (cast.mina, cast.ines, cast.omar, cast.lena):
        assert Api(who).get(f"sessions/{session.pk}/attendance/").status_code == 404
        assert Api(who).get(f"sessions/{session.pk}/pace/").status_code == 404
