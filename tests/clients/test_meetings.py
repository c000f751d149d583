"""The meeting log: one entry a meeting, what may stand in it, and what it comes to."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from clients import deadlines, meeting_fields, meetings, pausing, practising
from clients.evidencing import CannotKeep
from clients.models import Enrolment, JournalEntry, Meeting
from clients.practising import CannotLog, EntryRejected
from clients.submitting import NotYours
from tests import keeping, roads
from tests.roads import BEFORE, ENTRY, WEEK_1

WEEK_0 = datetime(2026, 2, 25, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def refused(who, **changes):
    """What the log says of an entry: field → sentences."""
    with pytest.raises(EntryRejected) as complaint:
        roads.logged(who, **changes)
    return complaint.value.by_field


def enrolment_of(who):
    return deadlines.with_calendar(Enrolment.objects.filter(client=who)).get()


# --- One entry ----------------------------------------------------------------------------------------


def test_a_meeting_is_kept_as_it_was_told(cast):
    meeting = roads.logged(cast.mina, prepared="I recommend Thursday.", said_it="yes", first_minute=6, felt_like_me=4)

    meeting.refresh_from_db()
    assert (meeting.date, meeting.title, meeting.kind) == (date(2026, 3, 3), "Release review", "review")
    assert (meeting.attendees, meeting.minutes, meeting.stake) == (9, 45, True)
    assert (meeting.prepared, meeting.said_it, meeting.first_minute) == ("I recommend Thursday.", "yes", 6)
    assert (meeting.led, meeting.corrected, meeting.early) == (True, False, True)
    assert (meeting.logged_at, meeting.changed_at) == (WEEK_1, WEEK_1)


def test_logging_says_that_its_client_was_here_and_the_journal_says_nothing_of_the_meeting(cast):
    meeting = roads.logged(cast.mina)

    entry = JournalEntry.objects.get(action="logged meeting")
    assert (entry.actor, entry.subject, entry.note) == ("Mina", f"meeting:{meeting.pk}", "")
    assert enrolment_of(cast.mina).seen_at == WEEK_1


def test_the_same_key_again_is_the_same_entry_again(cast):
    first = roads.logged(cast.mina, key="kept on a train")

    again = roads.logged(cast.mina, key="kept on a train", at=WEEK_1 + DAY, title="Something else")

    assert again == first
    assert list(Meeting.objects.values_list("title", flat=True)) == ["Release review"]


def test_two_people_may_have_the_same_key(cast):
    roads.logged(cast.mina, key="1")

    assert roads.logged(cast.noor, key="1").enrolment == enrolment_of(cast.noor)


def test_a_meeting_without_its_length_lasted_half_an_hour(cast):
    assert roads.logged(cast.mina, minutes="").minutes == 30


def test_who_spoke_0_times_does_not_have_to_say_that_they_led_with_nothing(cast):
    meeting = roads.logged(cast.mina, times_spoke=0, conclusion_first="")

    assert (meeting.conclusion_first, meeting.led) == ("did_not_speak", False)


def test_no_sentence_ready_is_nothing_prepared(cast):
    assert roads.logged(cast.mina).said_it == "nothing_prepared"


def test_yes_and_no_come_from_a_form_as_words(cast):
    meeting = roads.logged(cast.mina, stake="no", error_heard="yes", error_response="writing_same_day")

    assert (meeting.stake, meeting.error_heard, meeting.corrected) == (False, True, True)


# --- What may stand in it -----------------------------------------------------------------------------

COMPLAINTS = {
    "nothing at all": (
        dict.fromkeys(ENTRY, ""),
        {
            "date": ["This is still empty."],
            "title": ["This is still empty."],
            "kind": ["Choose one."],
            "attendees": ["This is still empty."],
            "stake": ["Choose one."],
            "times_spoke": ["This is still empty."],
            "conclusion_first": ["Choose one."],
            "error_heard": ["Choose one."],
            "outcome": ["This is still empty."],
        },
    ),
    "a short title": ({"title": "QA"}, {"title": ["At least 3 characters here; this has 2."]}),
    "a long title": ({"title": "x" * 81}, {"title": ["At most 80 characters here; this has 81."]}),
    "an unknown kind": ({"kind": "party"}, {"kind": ["Choose one of the answers offered."]}),
    "alone": ({"attendees": 1}, {"attendees": ["A whole number from 2 to 200."]}),
    "a stadium": ({"attendees": 201}, {"attendees": ["A whole number from 2 to 200."]}),
    "four minutes": ({"minutes": 4}, {"minutes": ["A whole number from 5 to 480."]}),
    "nine hours": ({"minutes": 481}, {"minutes": ["A whole number from 5 to 480."]}),
    "spoke too often": ({"times_spoke": 61}, {"times_spoke": ["A whole number from 0 to 60."]}),
    "no number": ({"times_spoke": "often"}, {"times_spoke": ["This is still empty."]}),
    "a long sentence": (
        {"prepared": "word " * 51, "said_it": "yes"},
        {"prepared": ["At most 50 words here; this has 51."]},
    ),
    "a sentence and no word about it": ({"prepared": "I recommend."}, {"said_it": ["Choose one."]}),
    "a sentence and nothing prepared": (
        {"prepared": "I recommend.", "said_it": "nothing_prepared"},
        {"said_it": ["You had a sentence ready, so choose one of the other three."]},
    ),
    "said without a sentence": (
        {"said_it": "yes"},
        {"prepared": ["Write the sentence you had ready, or choose “Nothing prepared”."]},
    ),
    "a minute after the end": (
        {"first_minute": 46},
        {"first_minute": ["The meeting had 45 minutes; choose one of them."]},
    ),
    "a minute and silence": (
        {"first_minute": 3, "times_spoke": 0, "conclusion_first": ""},
        {"first_minute": ["Leave this empty; you did not speak."]},
    ),
    "silence and a conclusion": (
        {"times_spoke": 0},
        {"conclusion_first": ["You spoke 0 times, so this is “Did not speak”."]},
    ),
    "spoke and did not speak": (
        {"conclusion_first": "did_not_speak"},
        {"conclusion_first": ["You spoke, so choose one of the other four."]},
    ),
    "an error without an answer": ({"error_heard": True}, {"error_response": ["Choose one."]}),
    "an answer without an error": (
        {"error_response": "let_stand"},
        {"error_response": ["Leave this open, or say that something incorrect was said."]},
    ),
    "two words": ({"outcome": "Went well"}, {"outcome": ["At least 3 words here; this has 2."]}),
    "a speech": ({"outcome": "word " * 81}, {"outcome": ["At most 80 words here; this has 81."]}),
    "felt like six": ({"felt_like_me": 6}, {"felt_like_me": ["A whole number from 1 to 5."]}),
    "no date": ({"date": "yesterday"}, {"date": ["A date such as 2026-11-30."]}),
    "tomorrow": ({"date": "2026-03-05"}, {"date": ["This day is still to come. Log the meeting once it is over."]}),
    "long before": (
        {"date": "2026-02-08"},
        {"date": ["A day from 9 February 2026 to 17 May 2026: your programme, and two weeks on either side."]},
    ),
}


@pytest.mark.parametrize("name", COMPLAINTS)
def test_what_cannot_be_kept_is_said_beside_its_field(cast, name):
    changes, said = COMPLAINTS[name]

    assert refused(cast.mina, **changes) == said
    assert not Meeting.objects.exists()


def test_the_limits_themselves_are_kept(cast):
    roads.logged(cast.mina, attendees=2, minutes=5, times_spoke=60, first_minute=5, date="2026-02-09")
    roads.logged(cast.mina, attendees=200, minutes=480, times_spoke=1, first_minute=0, outcome="Three words here")

    assert Meeting.objects.count() == 2


def test_today_is_the_clients_own_day(cast):
    just_after_midnight_in_kolkata = datetime(2026, 3, 4, 19, tzinfo=UTC)

    roads.logged(cast.noor, date="2026-03-05", at=just_after_midnight_in_kolkata)

    assert refused(cast.mina, date="2026-03-05", at=just_after_midnight_in_kolkata) == {
        "date": ["This day is still to come. Log the meeting once it is over."]
    }


def test_a_pause_makes_the_programme_longer_and_the_log_with_it(cast):
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    pausing.resume(cast.spring, by=cast.ada, at=WEEK_1 + 7 * DAY)

    assert meetings.days_of(enrolment_of(cast.mina), at=WEEK_1 + 8 * DAY).last == date(2026, 5, 24)


@pytest.mark.parametrize(
    "broken",
    [
        {"attendees": 1}, {"minutes": 481}, {"times_spoke": 61}, {"first_minute": 46}, {"error_heard": True},
        {"conclusion_first": "did_not_speak"}, {"felt_like_me": 6},
    ],
    ids=str,
)  # fmt: skip
def test_the_database_holds_the_same_rules(cast, broken):
    meeting = roads.logged(cast.mina)

    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(**broken)


# --- Who may, and when --------------------------------------------------------------------------------


def test_nobody_logs_for_somebody_else(cast):
    with pytest.raises(NotYours):
        practising.log_meeting(enrolment_of(cast.mina), entry=ENTRY, client_key="1", by=cast.tomas, at=WEEK_1)


def test_a_key_of_somebody_else_gives_nothing_away(cast):
    roads.logged(cast.mina, key="1")

    with pytest.raises(NotYours):
        practising.log_meeting(enrolment_of(cast.mina), entry=ENTRY, client_key="1", by=cast.noor, at=WEEK_1)


def test_the_log_opens_with_week_0_and_takes_what_was_before_it(cast):
    with pytest.raises(CannotLog, match="The log opens with week 0"):
        roads.logged(cast.mina, at=BEFORE, date="2026-02-19")

    assert roads.logged(cast.mina, at=WEEK_0, date="2026-02-19").date == date(2026, 2, 19)


def test_a_paused_cohort_can_go_on_logging(cast):
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)

    assert roads.logged(cast.mina, at=WEEK_1 + DAY).pk


def test_the_log_stays_open_for_a_year_after_the_programme_and_takes_its_days(cast):
    end = datetime(2026, 5, 3, 18, tzinfo=UTC)
    keeping.finished(cast.mina, at=end)

    meeting = roads.logged(cast.mina, at=end + 300 * DAY, date="2027-02-20")
    with pytest.raises(CannotKeep, match="Your year after the programme is over"):
        roads.logged(cast.mina, at=end + 366 * DAY, date="2027-05-01")

    assert meeting.date == date(2027, 2, 20)


# --- Putting right, taking out ------------------------------------------------------------------------


def test_an_entry_is_put_right(cast):
    meeting = roads.logged(cast.mina)

    changed = practising.change_meeting(meeting, entry=ENTRY | {"times_spoke": 1}, by=cast.mina, at=WEEK_1 + DAY)

    changed.refresh_from_db()
    assert (changed.times_spoke, changed.logged_at, changed.changed_at) == (1, WEEK_1, WEEK_1 + DAY)


def test_what_is_left_out_of_a_change_is_empty_afterwards(cast):
    meeting = roads.logged(cast.mina, felt_like_me=4)

    changed = practising.change_meeting(meeting, entry=ENTRY, by=cast.mina, at=WEEK_1)

    assert changed.felt_like_me is None


def test_an_entry_is_removed_whether_it_was_handed_in_or_not(cast):
    meeting = roads.logged(cast.mina)

    practising.remove_meeting(meeting, by=cast.mina, at=WEEK_1)

    assert not Meeting.objects.exists()
    assert JournalEntry.objects.filter(action="removed meeting", subject=f"meeting:{meeting.pk}").count() == 1


@pytest.mark.parametrize("act", [practising.remove_meeting, practising.change_meeting])
def test_an_entry_that_was_removed_since_is_gone_for_both(cast, act):
    meeting = roads.logged(cast.mina)
    Meeting.objects.all().delete()
    what = {"entry": ENTRY} if act is practising.change_meeting else {}

    with pytest.raises(CannotLog) as gone:
        act(meeting, by=cast.mina, at=WEEK_1, **what)

    assert gone.value.code == "log.gone"


@pytest.mark.parametrize("act", [practising.remove_meeting, practising.change_meeting])
def test_a_stranger_changes_and_removes_nothing(cast, act):
    meeting = roads.logged(cast.mina)
    what = {"entry": ENTRY} if act is practising.change_meeting else {}

    with pytest.raises(NotYours):
        act(meeting, by=cast.omar, at=WEEK_1, **what)

    assert Meeting.objects.get() == meeting


def test_an_entry_comes_back_as_it_was_typed(cast):
    meeting = roads.logged(
        cast.mina, prepared="I recommend.", said_it="no", error_heard=True, error_response="privately"
    )

    again = meeting_fields.shape(meeting_fields.entry_of(meeting))

    assert meeting_fields.columns(again) == {key: getattr(meeting, key) for key in again}


# --- The trend ----------------------------------------------------------------------------------------


def log_week(who, week, *entries, at):
    """Meetings on the Tuesday of a week."""
    for entry in entries:
        roads.logged(who, at=at, date=f"{date(2026, 2, 24) + week * 7 * DAY}", **entry)


def trend_of(who, at):
    enrolment = enrolment_of(who)
    return meetings.trend(enrolment, meetings.of(enrolment), at=at)


SPOKE_ONCE = {"times_spoke": 1, "conclusion_first": "no", "first_minute": 30}
SILENT = {"times_spoke": 0, "conclusion_first": ""}
LED = {"times_spoke": 4, "conclusion_first": "always", "first_minute": 8}
WEEK_4 = WEEK_1 + 21 * DAY


@pytest.fixture
def mina(cast):
    """Three meetings in week 0 and five in week 4."""
    log_week(cast.mina, 0, SPOKE_ONCE, SPOKE_ONCE, LED, at=WEEK_0)
    corrected = {"error_heard": True, "error_response": "room_clearly"}
    let_stand = {"error_heard": True, "error_response": "let_stand"}
    log_week(cast.mina, 4, LED | corrected, LED, LED | {"times_spoke": 3}, SILENT | let_stand, at=WEEK_4)
    log_week(cast.mina, 4, LED | {"times_spoke": 2, "conclusion_first": "mostly"}, at=WEEK_4)
    return cast.mina


def test_a_week_is_told_by_its_middle_meeting_and_by_shares_with_their_whole(mina):
    week = trend_of(mina, WEEK_4).latest

    assert (week.week, week.meetings, week.spoke) == (4, 5, 3)
    assert week.led == meetings.Share(4, 5)
    assert week.corrected == meetings.Share(1, 2)
    assert week.early == meetings.Share(4, 4)


def test_an_equal_share_is_one_in_as_many_as_were_there(mina):
    week = trend_of(mina, WEEK_4).latest

    assert (week.people, week.minutes, week.equal_minutes) == (9, 45, 5.0)


def test_the_conclusion_comes_first_and_every_share_has_its_whole(mina):
    assert meetings.in_words(trend_of(mina, WEEK_4)) == [
        "In week 4 you spoke 3 times in the middle meeting, up from 1 in week 0, and led with the conclusion in 4 of 5, "
        "after 1 of 3.",
        "An equal share there would be 1 in 9 of the talk: 5 of 45 minutes.",
        "Something incorrect was said in 2 meetings, and you put it right in 1.",
        "Your first contribution came in the first ten minutes in 4 of the 4 where you noted it.",
    ]


def test_entries_without_a_stake_are_kept_out_of_every_number(mina):
    before = trend_of(mina, WEEK_4)
    log_week(mina, 4, SILENT | {"stake": False}, at=WEEK_4)

    after = trend_of(mina, WEEK_4)

    assert (after.weeks, after.left_out) == (before.weeks, 1)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ((), "Nothing yet. Your first three meetings will be here."),
        ((LED,), "One meeting so far; a trend needs three."),
        ((LED, LED), "Two meetings so far; a trend needs three."),
        ((LED, LED, LED | {"stake": False}), "Two meetings so far; a trend needs three."),
    ],
)
def test_with_too_few_meetings_there_is_no_trend(cast, entries, words):
    log_week(cast.mina, 0, *entries, at=WEEK_0)

    found = trend_of(cast.mina, WEEK_0)

    assert (meetings.in_words(found), found.is_enough) == ([words], False)


def test_week_0_alone_is_where_one_begins(cast):
    log_week(cast.mina, 0, SPOKE_ONCE, SILENT, LED, at=WEEK_0)

    assert meetings.in_words(trend_of(cast.mina, WEEK_0))[0] == (
        "In week 0 you spoke 1 time in the middle meeting and led with the conclusion in 1 of 3. "
        "This is where you begin."
    )


def test_without_a_week_0_nothing_is_compared(cast):
    log_week(cast.mina, 4, LED, LED, LED, at=WEEK_4)

    assert meetings.in_words(trend_of(cast.mina, WEEK_4))[0] == (
        "In week 4 you spoke 4 times in the middle meeting and led with the conclusion in 3 of 3. "
        "There is no meeting of week 0 to compare with."
    )


@pytest.mark.parametrize(
    ("later", "than"), [({"times_spoke": 1}, "1 time in the middle meeting, as in week 0"), (SILENT, "0 times")]
)
def test_the_same_and_less_are_said_as_plainly_as_more(cast, later, than):
    log_week(cast.mina, 0, SPOKE_ONCE, SPOKE_ONCE, SPOKE_ONCE, at=WEEK_0)
    log_week(cast.mina, 4, *[SPOKE_ONCE | {"first_minute": ""} | later] * 3, at=WEEK_4)

    sentence = meetings.in_words(trend_of(cast.mina, WEEK_4))[0]

    assert sentence.startswith(f"In week 4 you spoke {than}")
    assert ("down from 1 in week 0" in sentence) is (later is SILENT)


def test_a_week_of_one_meeting_is_not_read_as_a_direction(cast):
    log_week(cast.mina, 0, SPOKE_ONCE, SPOKE_ONCE, LED, at=WEEK_0)
    log_week(cast.mina, 4, LED, at=WEEK_4)

    assert meetings.in_words(trend_of(cast.mina, WEEK_4))[-1] == (
        "Week 4 has 1 meeting so far, too few to read a direction from it."
    )


def test_a_meeting_belongs_to_the_week_its_day_lies_in(cast):
    starts = deadlines.mondays(enrolment_of(cast.mina), at=WEEK_1)

    found = [deadlines.week_of(date(2026, *day), starts) for day in ((2, 9), (2, 23), (3, 1), (3, 2), (3, 8), (5, 17))]

    assert found == [0, 0, 0, 1, 1, 9]


def test_a_meeting_while_the_cohort_stood_still_belongs_to_the_week_it_stood_still_in(cast):
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    pausing.resume(cast.spring, by=cast.ada, at=WEEK_1 + 7 * DAY)
    starts = deadlines.mondays(enrolment_of(cast.mina), at=WEEK_1 + 8 * DAY)

    assert [deadlines.week_of(date(2026, 3, day), starts) for day in (8, 9, 15, 16)] == [1, 1, 1, 2]


def test_the_trend_of_somebody_else_is_not_in_ones_own(cast):
    log_week(cast.noor, 0, LED, LED, LED, at=WEEK_0)

    assert trend_of(cast.mina, WEEK_0).counted == 0
