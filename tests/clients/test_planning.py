"""1:1s: planned in words, held, and done once what was promised is done or let go."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from clients import evidencing, one_on_ones, planning, submitting
from clients.evidencing import CannotKeep
from clients.models import Attempt, Cohort, JournalEntry, OneOnOne
from clients.planning import CannotPlan, PlanRejected
from clients.submitting import NotYours
from curriculum import moves
from tests import keeping, roads
from tests.keeping import HEARD, HELD, LINE, MOVES, WEEK_7, WILL_DO

State = OneOnOne.State
LATER = WEEK_7 + timedelta(days=3)


@pytest.fixture
def mine(cast):
    return cast.enrolment(cast.mina)


def complaints(act):
    with pytest.raises(PlanRejected) as refusal:
        act()
    return refusal.value.by_field


def dots(one):
    planner = moves.of_edition(one.enrolment.cohort.edition_id)
    return "".join(dot.letter if dot.is_filled else "-" for dot in one_on_ones.entry(planner, one).dots)


# --- Planning -----------------------------------------------------------------------------------------


def test_a_plan_keeps_its_words_its_day_and_the_lines_it_rests_on(cast, mine):
    line = keeping.line(cast.mina)

    one = OneOnOne.objects.get(pk=keeping.planned(cast.mina, lines=[line.pk]).pk)

    assert (one.state, one.date, one.with_whom, one.planned_at) == ("planned", date(2026, 4, 15), "manager", WEEK_7)
    assert {key: text for key, text in one.content.items() if text} == {
        key: text for key, text in MOVES.items() if text
    }
    assert (list(one.lines.all()), dots(one)) == ([line], "CSA-")
    assert JournalEntry.objects.filter(action="planned 1:1", actor="Mina").count() == 1


def test_the_same_key_again_is_the_same_plan_again(cast):
    first = keeping.planned(cast.mina, key="one")

    assert keeping.planned(cast.mina, key="one", ask_words="").pk == first.pk
    assert OneOnOne.objects.get().content["ask_words"] == MOVES["ask_words"]


def test_one_move_in_words_is_enough_and_none_is_too_little(cast):
    nothing = dict.fromkeys(MOVES, "")

    assert dots(keeping.planned(cast.mina, **nothing | {"flag_addressing": "We pair weeks from June on."})) == "---F"
    assert complaints(lambda: keeping.planned(cast.mina, **nothing)) == {
        "connect_words": ["Write at least one move in the words you will use."]
    }


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"ask_words": "What is missing?"}, "ask_words", "At least 5 words here; this has 3."),
        ({"surface_what": "word " * 61}, "surface_what", "At most 60 words here; this has 61."),
        ({"day": ""}, "date", "This is still empty."),
        ({"day": "soon"}, "date", "A date such as 2026-11-30."),
        ({"day": "2028-01-01"}, "date", "Choose a day within a year from today."),
        ({"lines": [987654]}, "ledger_refs",
         "One of these lines is no longer in your ledger, or only you can read it. Choose again."),
    ],
)  # fmt: skip
def test_a_plan_outside_of_its_limits_is_refused_with_what_to_mend(cast, changes, field, sentence):
    assert complaints(lambda: keeping.planned(cast.mina, **changes)) == {field: [sentence]}
    assert OneOnOne.objects.count() == 0


def test_a_plan_names_no_line_that_only_its_client_can_read_and_nobody_elses(cast):
    private, theirs = keeping.line(cast.mina, visibility="private"), keeping.line(cast.noor)

    for row in (private, theirs):
        assert set(complaints(lambda row=row: keeping.planned(cast.mina, lines=[row.pk]))) == {"ledger_refs"}


def test_a_line_that_becomes_private_leaves_the_plans_it_was_in(cast):
    line = keeping.line(cast.mina)
    one = keeping.planned(cast.mina, lines=[line.pk])

    evidencing.change_line(line, line=LINE | {"visibility": "private"}, by=cast.mina, at=WEEK_7)

    assert list(one.lines.all()) == []


def test_a_plan_is_changed_until_it_was_held(cast):
    one = keeping.planned(cast.mina, day="2026-04-14")
    plan = {"content": MOVES | {"ask_level": "A lead role by the autumn."}, "with_whom": "skip_level", "lines": []}

    changed = planning.change(one, date="2026-04-15", by=cast.mina, at=WEEK_7, **plan)
    assert (changed.date, changed.with_whom) == (date(2026, 4, 15), "skip_level")

    keeping.held(cast.mina, changed)
    with pytest.raises(CannotPlan) as refusal:
        planning.change(one, date="2026-04-15", by=cast.mina, at=WEEK_7, **plan)
    assert refusal.value.code == "one_on_one.held"


# --- Held ---------------------------------------------------------------------------------------------


def test_what_was_heard_is_kept_with_what_was_promised(cast):
    one = OneOnOne.objects.get(pk=keeping.held(cast.mina).pk)

    assert (one.state, one.heard, one.held_at, one.done_at) == ("held", HEARD, WEEK_7, None)
    assert one.status_sent_before is True
    assert one.actions == [row | {"done": None} for row in WILL_DO]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"heard": "Keep doing what you do."}, "heard", "At least 15 words here; this has 5."),
        ({"heard": "word " * 201}, "heard", "At most 200 words here; this has 201."),
        ({"heard": ""}, "heard", "This is still empty."),
        ({"actions": []}, "will_do", "This is still empty."),
        ({"actions": WILL_DO * 2}, "will_do", "At most 3 rows here; this has 4."),
        ({"actions": [{"action": "Lead it", "by": "2026-04-15"}]}, "will_do", "By: choose a day after today."),
        ({"actions": [{"action": "Lead it", "by": ""}]}, "will_do", "Row 1, By: This is still empty."),
        ({"status_sent_before": ""}, "status_sent_before", "Choose one."),
    ],
)
def test_what_was_heard_outside_of_its_limits_is_refused(cast, changes, field, sentence):
    one = keeping.planned(cast.mina)

    assert complaints(lambda: keeping.held(cast.mina, one, **changes)) == {field: [sentence]}
    assert OneOnOne.objects.get().state == State.PLANNED


def test_a_1_to_1_is_not_held_before_its_day_by_the_clients_own_calendar(cast):
    one = keeping.planned(cast.mina, day="2026-04-15")
    midnight = datetime(2026, 4, 15, 5, tzinfo=UTC)  # in Chicago

    with pytest.raises(CannotPlan) as refusal:
        keeping.held(cast.mina, one, at=midnight - timedelta(seconds=1))
    assert refusal.value.code == "one_on_one.to_come"
    assert keeping.held(cast.mina, one, at=midnight).state == State.HELD


def test_what_was_heard_can_be_put_right_and_promises_answered_for_stay_so(cast):
    one = keeping.held(cast.mina)
    planning.close_action(one, index=0, done=True, by=cast.mina, at=WEEK_7)
    much_later = WEEK_7 + timedelta(days=80)  # by now the first promise's day is past

    again = keeping.held(
        cast.mina, one, at=much_later, actions=[WILL_DO[0], {"action": "Write to both directors", "by": "2026-08-01"}]
    )

    assert [action["done"] for action in again.actions] == [True, None]
    assert again.held_at == WEEK_7


# --- Promises -----------------------------------------------------------------------------------------


def test_it_is_done_once_every_promise_was_kept_or_let_go_and_open_again_with_one_of_them(cast):
    one = keeping.held(cast.mina)

    one = planning.close_action(one, index=0, done=True, by=cast.mina, at=LATER)
    assert (one.state, one.done_at) == (State.HELD, None)
    one = planning.close_action(one, index=1, done=False, by=cast.mina, at=LATER)
    assert (one.state, one.done_at) == (State.DONE, LATER)
    one = planning.close_action(one, index=1, done=None, by=cast.mina, at=LATER + timedelta(days=1))
    assert (one.state, one.done_at) == (State.HELD, None)


def test_a_promise_there_is_not_is_refused(cast):
    one = keeping.planned(cast.mina)
    with pytest.raises(CannotPlan) as early:
        planning.close_action(one, index=0, done=True, by=cast.mina, at=WEEK_7)
    keeping.held(cast.mina, one)

    for index in (-1, 2):
        with pytest.raises(CannotPlan) as nowhere:
            planning.close_action(one, index=index, done=True, by=cast.mina, at=WEEK_7)
        assert (early.value.code, nowhere.value.code) == ("one_on_one.not_held", "one_on_one.no_action")


def test_a_done_one_is_put_right_only_after_a_promise_is_opened_again(cast):
    one = keeping.held(cast.mina, actions=WILL_DO[:1])
    one = planning.close_action(one, index=0, done=True, by=cast.mina, at=WEEK_7)

    with pytest.raises(CannotPlan) as refusal:
        keeping.held(cast.mina, one)
    assert refusal.value.code == "one_on_one.done"


def test_the_next_one_asks_about_what_the_last_one_promised(cast, mine):
    keeping.held(cast.mina)
    newer = keeping.held(
        cast.mina, keeping.planned(cast.mina, day="2026-04-16", at=LATER), at=LATER, actions=WILL_DO[:1]
    )
    planning.close_action(newer, index=0, done=None, by=cast.mina, at=LATER)

    overview = one_on_ones.of(mine)

    assert [promise.action for promise in overview.last_held().open] == ["Lead the address check"]
    assert [(promise.one.pk == newer.pk, promise.by.isoformat()) for promise in overview.promises] == [
        (False, "2026-06-30"), (True, "2026-06-30"), (False, "2026-07-12"),
    ]  # fmt: skip


# --- Whose, and when ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["noor", "omar", "tomas", "ines", "ada", "lena"])
def test_nobody_touches_somebody_elses_1_to_1(cast, mine, name):
    one, other = keeping.held(cast.mina), getattr(cast, name)
    plan = {"content": MOVES, "date": "2026-04-15", "with_whom": "manager", "lines": []}
    before = OneOnOne.objects.values().get()

    for act in (
        lambda who: planning.plan(mine, client_key="two", **plan, **who),
        lambda who: planning.change(one, **plan, **who),
        lambda who: planning.hold(one, heard=HEARD, actions=WILL_DO, status_sent_before="no", **who),
        lambda who: planning.close_action(one, index=0, done=True, **who),
        lambda who: planning.remove(one, **who),
    ):
        with pytest.raises(NotYours):
            act({"by": other, "at": WEEK_7})
    assert OneOnOne.objects.values().get() == before


def test_the_planner_opens_with_week_7_and_stays_open_for_a_year_after_the_programme(cast, mine):
    opens = datetime(2026, 4, 13, 6, tzinfo=UTC)
    early = planning.plan_refusal(mine, by=cast.mina, at=opens - timedelta(seconds=1))
    assert (early.code, str(early.message)) == ("planner.locked", "The planner opens with week 7.")
    assert planning.plan_refusal(mine, by=cast.mina, at=opens) is None

    done = keeping.finished(cast.mina, at=datetime(2026, 5, 1, 10, tzinfo=UTC))
    assert planning.plan_refusal(done, by=cast.mina, at=datetime(2027, 4, 30, tzinfo=UTC)) is None
    over = planning.plan_refusal(done, by=cast.mina, at=datetime(2027, 5, 3, tzinfo=UTC))
    assert (type(over), over.code) == (CannotKeep, "record.over")


def test_a_closed_cohort_plans_no_more(cast, mine):
    Cohort.objects.filter(pk=cast.spring.pk).update(closed_at=WEEK_7)

    with pytest.raises(CannotKeep) as refusal:
        keeping.planned(cast.mina)
    assert refusal.value.code == "cohort.closed"


def test_one_without_homework_can_be_removed_and_is_gone_then(cast):
    one = keeping.planned(cast.mina)
    planning.remove(one, by=cast.mina, at=WEEK_7)

    with pytest.raises(CannotPlan) as refusal:
        planning.remove(one, by=cast.mina, at=WEEK_7)
    assert (refusal.value.code, OneOnOne.objects.count()) == ("one_on_one.gone", 0)


# --- Out of homework ----------------------------------------------------------------------------------


def test_a_plan_handed_in_becomes_a_1_to_1_and_a_second_one_the_same(cast, mine):
    attempt = keeping.handed_in_plan(cast.mina)
    one = OneOnOne.objects.get()
    assert (one.submission_id, one.state, dots(one)) == (attempt.submission_id, "planned", "CSA-")
    assert [line.client_key for line in one.lines.all()] == ["for homework"]

    submitting.take_back(attempt.submission, by=cast.mina, at=LATER)
    keeping.handed_in_plan(cast.mina, at=LATER, **HELD, ask_words="What is missing today, and who else has a view?")

    one = OneOnOne.objects.get()
    assert (one.state, one.heard, one.held_at) == ("held", HEARD, LATER)
    assert one.content["ask_words"] == "What is missing today, and who else has a view?"
    assert [action["done"] for action in one.actions] == [None, None]


def test_what_was_handed_in_stays_as_it_was_whatever_becomes_of_the_1_to_1(cast):
    attempt = keeping.handed_in_plan(cast.mina)
    before = Attempt.objects.values().get()
    one = OneOnOne.objects.get()

    planning.change(
        one, content=MOVES | {"ask_words": ""}, date="2026-04-14", with_whom="coach", lines=[], by=cast.mina, at=WEEK_7
    )
    keeping.held(cast.mina, one)

    assert Attempt.objects.values().get() == before
    assert attempt.answer["ledger_refs"][0]["strength"] == 3


def test_a_plan_handed_in_late_unwrites_nothing_of_what_was_heard(cast):
    attempt = keeping.handed_in_plan(cast.mina)
    one = keeping.held(cast.mina, OneOnOne.objects.get())
    planning.close_action(one, index=1, done=True, by=cast.mina, at=WEEK_7)
    submitting.take_back(attempt.submission, by=cast.mina, at=WEEK_7)

    keeping.handed_in_plan(cast.mina, at=LATER)

    one = OneOnOne.objects.get()
    assert (one.state, one.heard, [action["done"] for action in one.actions]) == ("held", HEARD, [None, True])


def test_a_1_to_1_out_of_homework_is_not_removed(cast):
    keeping.handed_in_plan(cast.mina)

    with pytest.raises(CannotPlan) as refusal:
        planning.remove(OneOnOne.objects.get(), by=cast.mina, at=WEEK_7)
    assert refusal.value.code == "one_on_one.homework"


def test_other_homework_becomes_no_1_to_1(cast):
    roads.handed_in(cast.mina)

    assert OneOnOne.objects.count() == 0


# --- What they come to --------------------------------------------------------------------------------


def test_the_cadence_has_the_last_six_with_the_moves_each_had(cast, mine):
    for day in range(1, 9):
        keeping.planned(cast.mina, day=f"2026-04-0{day}", ask_words="" if day > 3 else MOVES["ask_words"])

    overview = one_on_ones.of(mine)

    assert [entry.one.date.day for entry in overview.cadence] == [3, 4, 5, 6, 7, 8]
    assert [(move.key, count) for move, count in overview.counts] == [
        ("connect", 6), ("surface", 6), ("ask", 1), ("flag", 0),
    ]  # fmt: skip
    assert [move.title for move in overview.seldom] == ["Ask", "Flag"]


def test_one_whose_day_has_come_waits_and_the_next_one_is_the_nearest(cast, mine):
    for day in ("2026-04-20", "2026-04-14", "2026-04-17"):
        keeping.planned(cast.mina, day=day)

    overview, today = one_on_ones.of(mine), date(2026, 4, 15)

    assert overview.waiting(today).one.date == date(2026, 4, 14)
    assert overview.next(today).one.date == date(2026, 4, 17)
    assert overview.last_held() is None


def test_the_planner_asks_what_the_exercise_asks(cast):
    planner = moves.of_edition(cast.spring.edition_id)

    assert (planner.week, [move.title for move in planner.moves]) == (7, ["Connect", "Surface", "Ask", "Flag"])
    assert [move.words for move in planner.moves] == ["connect_words", "surface_words", "ask_words", "flag_addressing"]
    assert all(move.lead and move.stem and move.fields for move in planner.moves)
    assert set(planner.further) == {
        "date", "with_whom", "stage", "heard", "will_do", "status_sent_before", "ledger_refs", "redacted",
    }  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "held"},
        {"state": "done", "held_at": WEEK_7},
        {"state": "planned", "held_at": WEEK_7},
        {"client_key": "one"},
    ],
    ids=["held without a when", "done without a when", "planned and held", "one key twice"],
)
def test_the_database_holds_what_a_1_to_1_is(cast, mine, changes):
    keeping.planned(cast.mina, key="one")
    row = {"client_key": "two", "date": date(2026, 4, 15), "planned_at": WEEK_7} | changes

    with pytest.raises(IntegrityError), transaction.atomic():
        OneOnOne.objects.create(enrolment=mine, **row)
