"""The demo's story: on every weekday and hour it is one that could be so."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coaching import story
from curriculum import moments

HOUR = timedelta(hours=1)
PROMISE = 72 * HOUR
LISBON = ZoneInfo("Europe/Lisbon")
MONDAYS = {
    "winter": datetime(2027, 1, 18, 8, tzinfo=LISBON),
    "new year": datetime(2026, 12, 28, 8, tzinfo=LISBON),
    "the American clocks go forward": datetime(2027, 3, 8, 8, tzinfo=LISBON),
    "only the American clocks are forward": datetime(2027, 3, 15, 8, tzinfo=LISBON),
    "the European clocks go forward": datetime(2027, 3, 22, 8, tzinfo=LISBON),
    "summer": datetime(2027, 7, 12, 8, tzinfo=LISBON),
    "the European clocks go back": datetime(2026, 10, 19, 8, tzinfo=LISBON),
    "the American clocks go back": datetime(2026, 10, 26, 8, tzinfo=LISBON),
}
# From the second in which week 2 opens to the last before week 3 does.
HOURS = [0, 0.02, 0.6, 1, 2.5, *range(3, 167), 167.99]


def instants(monday: datetime) -> list[datetime]:
    opens = monday.astimezone(UTC)
    ends = (monday + timedelta(days=7)).astimezone(UTC)
    return [opens + hours * HOUR for hours in HOURS if opens + hours * HOUR < ends]


def turns(told: story.Story):
    return [(person, turn) for person in told.clients for turn in person.turns]


def waiting(told: story.Story) -> list[story.Turn]:
    return [turn for _person, turn in turns(told) if turn.handed_in_at and turn.reply is None]


def due(told: story.Story, person: story.Person, turn: story.Turn, at: datetime) -> datetime:
    zones = (moments.ZoneFrom(None, person.zone),)
    return moments.due_at(told.calendar, int(turn.key[1]), zones, at=at)


@pytest.fixture(scope="module", params=MONDAYS)
def week(request):
    """(instant, story) for the whole week 2 that begins on this Monday."""
    return [(at, story.tell(at)) for at in instants(MONDAYS[request.param])]


def test_the_cohort_is_in_its_week_2(week):
    found = {max(n for n in range(10) if moments.opens_at(told.calendar, n, at=at) <= at) for at, told in week}

    assert found == {2}


def test_nothing_happens_before_its_week_opens_or_after_now(week):
    wrong = []
    for at, told in week:
        for person, turn in turns(told):
            opens = moments.opens_at(told.calendar, int(turn.key[1]), at=at)
            if not opens <= turn.saved_at <= (turn.handed_in_at or at) <= at:
                wrong.append((at, person.name, turn.key))

    assert wrong == []


def test_every_answer_comes_within_the_promise_and_at_a_coachs_working_hours(week):
    wrong = []
    for at, told in week:
        for person, turn in turns(told):
            if turn.reply:
                local = turn.reply.sent_at.astimezone(ZoneInfo("America/New_York"))
                kept = story.BEFORE_REPLY <= turn.reply.sent_at - turn.handed_in_at < PROMISE
                if not (kept and turn.reply.sent_at <= at and local.weekday() < 5 and 8 <= local.hour < 18):
                    wrong.append((at, person.name, turn.key))

    assert wrong == []


def test_what_waits_still_has_hours_left_and_no_two_the_same(week):
    wrong = []
    for at, told in week:
        left = [int((turn.handed_in_at + PROMISE - at) / HOUR) for turn in waiting(told)]
        if not (3 <= len(left) <= 6 and min(left) >= 1 and len(set(left)) == len(left)):
            wrong.append((at, left))

    assert wrong == []


def test_people_do_homework_while_they_are_awake(week):
    wrong = [
        (at, person.name, turn.key)
        for at, told in week
        for person, turn in turns(told)
        if turn.handed_in_at and not 7 <= turn.handed_in_at.astimezone(ZoneInfo(person.zone)).hour < 23
    ]

    assert wrong == []


def test_another_attempt_comes_after_the_answer_to_the_last(week):
    for _at, told in week:
        mateus = next(person for person in told.clients if person.name == "Mateus Oliveira")
        first, second = [turn for turn in mateus.turns if turn.key == "w1-x1"]

        assert first.reply.another
        assert first.reply.sent_at + timedelta(minutes=1) < second.saved_at
        assert second.reply is None


def test_every_state_of_the_board_is_there_at_every_hour(week):
    """Reviewed, to review, draft, late, another attempt asked; `late` is week 1, which nobody can undo."""
    for _at, told in week:
        mains = {(p.name, t.key): t for p, t in turns(told) if t.key.endswith("-x1") and t.key != "w0-x1"}

        assert mains["Elif Yıldız", "w1-x1"].reply.another
        assert ("Soo-jin Park", "w1-x1") not in mains
        assert mains["Ananya Raghavan", "w2-x1"].handed_in_at is None
        assert mains["Linh Đặng", "w2-x1"].handed_in_at is None
        assert ("Elif Yıldız", "w2-x1") not in mains
        assert mains["Kenji Watanabe", "w1-x1"].reply is not None


def test_somebody_has_time_left_in_week_2_until_it_ends():
    """Until the next week opens nothing of theirs is late, but for an hour in the weeks the clocks disagree."""
    at = instants(MONDAYS["winter"])[-1]
    told = story.tell(at)
    elif_ = next(person for person in told.clients if person.name == "Elif Yıldız")

    assert moments.due_at(told.calendar, 2, (moments.ZoneFrom(None, elif_.zone),), at=at) > at


def test_week_1_was_due_for_everybody_when_week_2_opened():
    for monday in MONDAYS.values():
        at = monday.astimezone(UTC)
        told = story.tell(at)
        zones = {person.zone for person in told.clients}

        assert all(moments.due_at(told.calendar, 1, (moments.ZoneFrom(None, zone),), at=at) <= at for zone in zones)


def test_linh_has_an_answer_she_has_not_read(week):
    for _at, told in week:
        linh = next(person for person in told.clients if person.email == "client@example.org")
        unread = [turn.key for turn in linh.turns if turn.reply and turn.reply.read_at is None]

        assert "w1-t1" in unread


def test_a_returned_piece_is_not_late_by_the_end_of_the_week():
    at = instants(MONDAYS["winter"])[-1]
    found = {(person.name, turn.key): turn for person, turn in turns(story.tell(at))}

    assert at - found["Elif Yıldız", "w1-x1"].reply.sent_at < timedelta(days=5)


@pytest.mark.parametrize(
    ("now", "starts_on"),
    [
        (datetime(2026, 11, 22, 23, tzinfo=UTC), "2026-12-07"),
        (datetime(2027, 1, 31, 12, tzinfo=UTC), "2027-02-01"),
        (datetime(2027, 1, 1, tzinfo=UTC), "2027-02-01"),
        (datetime(2027, 12, 31, 23, 30, tzinfo=UTC), "2028-01-03"),
        (datetime(2028, 2, 29, tzinfo=UTC), "2028-03-06"),
    ],
)
def test_the_next_cohort_starts_on_next_months_first_monday(now, starts_on):
    assert str(story.tell(now).next_calendar.starts_on) == starts_on


def test_dates_in_the_texts_are_written_out_from_the_first_monday():
    told = story.tell(datetime(2026, 11, 22, 23, tzinfo=UTC))

    answer = {turn.key: turn.answer for person, turn in turns(told) if person.name == "Ananya Raghavan"}["w1-x1"]

    assert "from 26 November. All of them by 17 December" in answer["when"]
    assert answer["why"].startswith("In September 212 subscribers")


def texts(content) -> str:
    if isinstance(content, dict):
        return "\n".join(texts(part) for part in content.values())
    return "\n".join(texts(part) for part in content) if isinstance(content, list) else str(content)


def test_no_slot_is_left_in_any_text():
    told = story.tell(datetime(2026, 11, 22, 23, tzinfo=UTC))

    assert [turn.key for _person, turn in turns(told) if "{" in texts(turn.answer)] == []


def test_what_the_coach_quotes_stands_in_the_text():
    told = story.tell(datetime(2026, 11, 22, 23, tzinfo=UTC))
    invented = []
    for person, turn in turns(told):
        own = " ".join(texts(turn.answer).split()).casefold()
        for quoted in re.findall("“([^“”]+)”", turn.reply.keep if turn.reply else ""):
            if quoted.rstrip(".,;").casefold() not in own:
                invented.append((person.name, turn.key, quoted))

    assert invented == []


def test_no_two_answers_of_the_coach_are_the_same():
    told = story.tell(datetime(2026, 11, 22, 23, tzinfo=UTC))
    said = [text for _p, turn in turns(told) if turn.reply for text in (turn.reply.keep, turn.reply.try_next)]

    assert len(said) > 100
    assert len(set(said)) == len(said)
