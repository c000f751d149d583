"""What came of some enrolments: a small cohort worked out by hand, by the real operations, and what it does not say."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from clients import assessing, assessments, joining, submitting
from clients.models import Enrolment
from coaching import outcomes, pairing, rating, reviewing
from coaching.outcomes import change, few, words
from coaching.outcomes.people import There
from curriculum import growth
from curriculum.figures import Figure, Why
from curriculum.growth import Spread
from tests import keeping, roads
from tests.pairing import WEEK_8, both_texts, levels
from tests.roads import BEFORE, WEEK_1, WEEK_2, WEEK_5

DAY = timedelta(days=1)
END = WEEK_8 + 2 * DAY  # Friday of week 8: the final assessment is open
AFTER = WEEK_8 + 14 * DAY
ALL = ("stakeholder", "influence", "presence", "upward")


def near(number):
    return pytest.approx(number, abs=1e-6)


def rates(who, moment, points, *, at):
    """One point a competency for all of its statements."""
    enrolment = keeping.enrolment_of(who)
    asked = assessments.questionnaire_of(enrolment)
    given = {item.key: points[item.competency] for item in asked.items}
    ready = {item.key: "no" for item in asked.readiness}
    assessing.keep(enrolment, moment, answers=given, readiness=ready, by=who, at=at)
    return assessing.finish(enrolment, moment, by=who, at=at)


def points(*given):
    return dict(zip(ALL, given, strict=True))


def sees(enrolment, moment, given, *, by, at):
    evidence = {key: {"point": point, "evidence": "The status of Thursday."} for key, point in given.items()}
    return rating.rate(enrolment, moment, given=evidence, by=by, at=at)


def answers(piece, *, by, at, level=3, another=False, asks=(), addressed=()):
    sent = roads.content(piece, another=another, level=level, asks=list(asks))
    if addressed:
        sent["addressed"] = {str(ask): answer for ask, answer in addressed}
    return reviewing.send_feedback(piece, content=sent, by=by, at=at)


@pytest.fixture
def summer(cast):
    """Seven people. Six start, one leaves for another employer, one never does anything; two are read blind."""
    names = ("Ana", "Ben", "Cy", "Dov", "Eli", "Fay", "Gus")
    people = {name: roads.person(name) for name in names}
    cohort = roads.cohort("Summer", by=cast.ada)
    roads.coach(cohort, cast.tomas)
    for who in people.values():
        roads.client(cohort, who)
    for name, before in zip(
        names, ((2, 2, 2, 2), (2, 2, 2, 1), (3, 2, 2, 3), (1, 2, 2, 1), (2, 3, 2, 2), (4, 4, 2, 4)), strict=False
    ):
        rates(people[name], "a0", points(*before), at=WEEK_1)
    for name, after in zip(names, ((3, 2, 2, 4), (3, 4, 2, 3), (3, 2, 2, 4), (2, 2, 2, 3), (3, 2, 2, 3)), strict=False):
        rates(people[name], "a8", points(*after), at=END)
    roads.looked_back(people["Ana"], at=AFTER)
    joining.withdraw(keeping.enrolment_of(people["Fay"]), by=people["Fay"], at=WEEK_5, reason="New employer")
    for name in ("Ana", "Ben"):
        both_texts(people[name])
        pairing.consent(keeping.enrolment_of(people[name]), by=people[name], at=AFTER)
    people["cohort"] = cohort
    return people


def report(summer, at=AFTER):
    return outcomes.of(Enrolment.objects.filter(cohort=summer["cohort"]), at=at)


def competency(found, key):
    return next(one for one in found.rated if one.own.key == key)


# --- Who ----------------------------------------------------------------------------------------------


def test_every_denominator_is_there_and_whoever_left_stays_in_it(summer):
    keeping.finished(summer["Ana"], at=AFTER)
    who = report(summer).who

    assert replace(who, data=()) == outcomes.Who(
        enrolled=7, started=6, completed=1, under_way=5, on_hold=0, withdrawn=1, transferred=0,
        reasons=(("New employer", 1),), data=(),
    )  # fmt: skip
    assert who.data == (
        There("a0", "own rating, week 0", 6),
        There("a4", "own rating, week 4", 0),
        There("a8", "own rating, week 8", 5),
        There("a0+a8", "own rating, weeks 0 and 8", 5),
        There("then", "week 0, looking back", 1),
        There("c2", "coach’s rating, start", 0),
        There("c4", "coach’s rating, middle", 0),
        There("c9", "coach’s rating, end", 0),
        There("pair", "early and late text read blind", 0),
    )


def test_whoever_went_on_in_another_cohort_is_transferred_and_not_withdrawn(cast, summer):
    roads.client(cast.autumn, summer["Fay"], at=WEEK_5 + DAY)
    who = report(summer).who

    assert (who.withdrawn, who.transferred, who.reasons) == (0, 1, ())


def test_whoever_is_on_hold_is_counted_among_those_under_way(cast, summer):
    from clients import holding

    holding.hold(keeping.enrolment_of(summer["Gus"]), by=cast.tomas, at=WEEK_2)
    joining.withdraw(keeping.enrolment_of(summer["Cy"]), by=summer["Cy"], at=AFTER)
    who = report(summer).who

    assert (who.under_way, who.on_hold, who.reasons) == (5, 1, (("New employer", 1), ("no reason given", 1)))


def test_a_stranger_to_the_set_is_in_no_number(cast, summer):
    before = report(summer)
    rates(cast.mina, "a0", points(5, 5, 5, 5), at=WEEK_1)
    rates(cast.mina, "a8", points(1, 1, 1, 1), at=END)
    roads.logged(cast.mina)
    roads.answered(cast.mina, cast.tomas)

    assert report(summer) == before


# --- Own ratings --------------------------------------------------------------------------------------


def test_upward_is_worked_out_by_hand(summer):
    """Before 2 1 3 1 2 (and 4, without an end), after 4 3 4 3 3: changes 2 2 1 2 1, mean 1.6, SD √0.3.

    Of the pairs SD_pre is √0.7; c(4) = 0.797885, so g = 0.797885 · 1.6 / 0.836660. Thresholds 1.96 · √2 · 0.836660 ·
    √(1 - r): 1.270, 1.037, 0.733.
    """
    found = competency(report(summer), "upward")

    assert (found.own.before, found.own.after) == (
        Spread(6, 6, near(13 / 6), near(1.169045)),
        Spread(5, 6, near(3.4), near(0.547723)),
    )
    assert found.own.mean == Figure(5, 6, near(1.6), near(0.919913), near(2.280087))
    assert found.own.standardised.value == near(1.525847)
    assert [(row.reliability, row.up, row.none, row.down) for row in found.own.reliable] == [
        (0.7, 3, 2, 0), (0.8, 3, 2, 0), (0.9, 5, 0, 0),
    ]  # fmt: skip
    assert (found.own.rose, found.own.same, found.own.fell) == (5, 0, 0)
    assert (found.seen_from_now, found.midpoint) == (
        Spread(1, 6, 2.0, None, Why.ONE),
        Spread(0, 6, None, None, Why.NOBODY),
    )


def test_everybody_who_began_counts_and_whoever_has_no_end_as_unchanged(summer):
    """Six began: 2 2 1 2 1 and 0. Ana and Dov completed: 2 and 2."""
    for name in ("Ana", "Dov"):
        keeping.finished(summer[name], at=AFTER)
    found = competency(report(summer), "upward")

    assert (found.everybody.n, found.everybody.value, found.carried) == (6, near(8 / 6), 1)
    assert found.completers == Figure(2, 2, 2.0, why=Why.SAME_CHANGE)


def test_a_competency_in_which_nobody_moved_says_why_it_has_no_interval(summer):
    found = competency(report(summer), "presence")

    assert found.own.mean == Figure(5, 6, 0.0, why=Why.SAME_CHANGE)
    assert found.own.standardised == Figure(5, 6, why=Why.SAME_START)
    assert (found.own.rose, found.own.same, found.own.fell) == (0, 5, 0)


def test_an_assessment_that_is_not_finished_is_in_no_number(summer):
    before = report(summer)
    roads.rated(summer["Gus"], "a0", at=WEEK_1, point=5)

    assert report(summer) == before


def test_what_coaches_saw_stands_beside_it(cast, summer):
    for name, start, end in (("Ana", 2, 4), ("Ben", 2, 3), ("Cy", 3, 3)):
        mine = keeping.enrolment_of(summer[name])
        sees(mine, "c2", {"upward": start}, by=cast.tomas, at=WEEK_2)
        sees(mine, "c9", {"upward": end}, by=cast.tomas, at=WEEK_8 + 7 * DAY)
    found = report(summer)
    seen = competency(found, "upward").coach

    assert (seen.before.mean, seen.after.mean, seen.mean.value, seen.mean.n) == (
        near(7 / 3),
        near(10 / 3),
        near(1.0),
        3,
    )
    assert {one.key: one.n for one in found.who.data if one.key in ("c2", "c9")} == {"c2": 3, "c9": 3}


# --- Seen blind ---------------------------------------------------------------------------------------


def read_blind(cast, who, *, by, early, late):
    one = pairing.ask(keeping.enrolment_of(who), rater=by, by=cast.ada, at=AFTER)
    return pairing.rate(one, levels=levels(one, early, late), by=by, at=AFTER)


@pytest.fixture
def theo(cast):
    who = roads.person("Theo")
    roads.coach(roads.cohort("Reserve", by=cast.ada), who)
    return who


def test_pairs_are_told_by_criterion_as_the_mean_of_their_readers(cast, summer, theo):
    """Ana: 2 and 1 before, 3 and 4 after. Ben: 2 before, 3 after."""
    read_blind(cast, summer["Ana"], by=cast.ines, early=2, late=3)
    read_blind(cast, summer["Ana"], by=theo, early=1, late=4)
    read_blind(cast, summer["Ben"], by=cast.ines, early=2, late=3)
    found = report(summer)

    assert {(one.before.mean, one.after.mean, one.mean.value, one.mean.n) for one in found.observed.criteria} == {
        (1.75, 3.25, 1.5, 2)
    }
    assert found.observed.agreement.pairs == 1
    assert found.observed.agreement.n == 2 * len(found.observed.criteria)
    assert found.who.data[-1].n == 2


def test_what_was_read_is_told_no_longer_once_its_client_takes_leave_back(cast, summer):
    read_blind(cast, summer["Ana"], by=cast.ines, early=2, late=3)
    pairing.withdraw(keeping.enrolment_of(summer["Ana"]), by=summer["Ana"], at=AFTER)

    assert report(summer).observed.criteria == ()


# --- Work ---------------------------------------------------------------------------------------------


def test_turnaround_is_by_each_clients_clock_and_names_what_waits_longest(cast, summer):
    """Two translations each of Ana and Ben since weeks 1 and 8; three answered after 2, 4 and 80 hours."""
    for name, key, since, hours in (
        ("Ana", "w1-t1", WEEK_1, 2),
        ("Ben", "w1-t1", WEEK_1, 80),
        ("Ana", "w8-t8", WEEK_8, 4),
    ):
        answers(roads.piece(summer[name], key), by=cast.tomas, at=since + timedelta(hours=hours))
    found = report(summer).work.turnaround

    assert (found.reviews, found.median, found.over_promise) == (3, 4, 1)
    assert (found.waiting, found.oldest) == (1, 14 * 24)


def test_levels_are_compared_between_two_weeks_of_the_same_criterion(cast, summer):
    for name, first, last in (("Ana", 2, 3), ("Ben", 1, 3)):
        answers(roads.piece(summer[name], "w1-t1"), by=cast.tomas, at=WEEK_1 + DAY, level=first)
        answers(roads.piece(summer[name], "w8-t8"), by=cast.tomas, at=WEEK_8 + DAY, level=last)
    found = report(summer).work.levels

    assert {(one.before.mean, one.after.mean, one.mean.value, one.rose) for one in found} == {(1.5, 3.0, 1.5, 2)}
    assert {one.key.partition(".")[0] for one in found} == {"r-trans"}


def test_one_week_alone_is_no_growth_and_feedback_that_does_not_show_yet_is_in_no_level(cast, summer):
    answers(roads.piece(summer["Ana"], "w1-t1"), by=cast.tomas, at=WEEK_1 + DAY)
    sent = answers(roads.piece(summer["Ana"], "w8-t8"), by=cast.tomas, at=WEEK_8 + DAY)

    assert report(summer, at=sent.sent_at).work.levels == ()
    assert {one.mean.n for one in report(summer).work.levels} == {1}


def test_what_is_handed_in_is_a_share_of_those_who_started(summer):
    """Six started; Ana and Ben handed in the translations of weeks 1 and 8. Week 9 is not over."""
    found = {
        (one.week, one.role): (one.done, one.share.of) for one in report(summer, at=WEEK_8 + 7 * DAY).work.handed_in
    }

    assert (found[1, "translation"], found[8, "translation"], found[1, "main"]) == ((2, 6), (2, 6), (0, 6))
    assert max(week for week, _role in found) == 8


def test_excused_is_not_asked_for(cast, summer):
    from clients import excusing

    piece = roads.piece(summer["Cy"], "w1-x1")
    excusing.excuse(piece.enrolment, piece.exercise, reason="On leave", by=cast.tomas, at=WEEK_1)
    found = {(one.week, one.role): (one.done, one.share.of) for one in report(summer).work.handed_in}

    assert found[1, "main"] == (0, 5)


def test_what_was_asked_and_taken_up_is_counted(cast, summer):
    ana = summer["Ana"]
    first = answers(
        roads.piece(ana, "w1-t1"),
        by=cast.tomas,
        at=WEEK_1 + DAY,
        another=True,
        asks=("Say when.", "Say why.", "Shorter."),
    )
    submitting.try_again(roads.piece(ana, "w1-t1"), by=ana, at=WEEK_2)
    roads.translated(
        ana, "w1-t1", at=WEEK_2, script="From Monday on your room is yours, because two people lost theirs."
    )
    asked = [ask.pk for ask in first.asks.all()]
    answers(
        roads.piece(ana, "w1-t1"),
        by=cast.tomas,
        at=WEEK_2 + DAY,
        addressed=zip(asked, ("yes", "yes", "no"), strict=True),
    )
    found = report(summer).work.taken_up

    assert (found.asked, found.yes, found.partly, found.no) == (3, 2, 0, 1)
    assert (found.share.n, found.share.value) == (3, near(2 / 3))


def test_a_cohort_in_which_nothing_happened_has_no_number_and_says_so(cast):
    found = outcomes.of(Enrolment.objects.filter(cohort=roads.cohort("Empty", by=cast.ada)), at=AFTER)

    assert (found.who.enrolled, found.rated, found.observed.criteria, found.work.levels, found.practice) == (
        0,
        (),
        (),
        (),
        (),
    )
    assert (found.work.turnaround.median, found.work.turnaround.oldest) == (None, None)
    assert found.work.taken_up.share.why == Why.NOBODY
    assert found.told.title == "Nobody has rated themselves before and after yet"


# --- Meetings -----------------------------------------------------------------------------------------


def test_meetings_are_told_by_week_with_the_middle_half(summer):
    """Week 1: spoke 1, 2, 4, led in one of three, one of two errors put right. One without a stake is left out."""
    ana, ben = summer["Ana"], summer["Ben"]
    heard = {"error_heard": True}
    roads.logged(ana, times_spoke=1, conclusion_first="no", **heard, error_response="let_stand")
    roads.logged(ana, times_spoke=2, conclusion_first="sometimes", **heard, error_response="room_clearly")
    roads.logged(ben, times_spoke=4, conclusion_first="always")
    roads.logged(ben, times_spoke=9, stake=False)
    roads.logged(ben, times_spoke=5, date="2026-03-10", at=WEEK_2)
    first, second = report(summer).practice

    assert (first.week, first.meetings, first.people) == (1, 3, 2)
    assert (first.low, first.spoke, first.high) == (1.5, 2, 3)
    assert (first.led.value, first.corrected.value, first.corrected.n) == (near(1 / 3), 0.5, 2)
    assert (second.week, second.spoke, second.corrected) == (2, 5, Figure(0, 0, why=Why.NOBODY))


# --- In words -----------------------------------------------------------------------------------------


def test_the_small_cohort_in_sentences(summer):
    told = report(summer).told

    assert told.title == "Upward communication moved most, meeting leadership presence least"
    assert told.who == "7 enrolled, 6 started, 0 completed, 5 rated themselves both times."
    assert told.know == (
        "On a five-point scale, clients rate their upward communication 1.6 points higher than in week 0.",
        "Meeting leadership presence changed by 0.0.",
    )
    assert told.feel == (
        "A result from a small group: 5 people, own ratings, no comparison group.",
        "Treat differences under half a point as noise.",
        "Some ratings fell: conversations to have, not failures.",
        "Nobody has read early and late texts blind yet, so none of this was observed from outside.",
    )
    assert told.decide == ("To decide before the next edition: does meeting leadership presence get more room?",)
    assert told.limits == (
        "Nobody was left out by chance to compare with, so what would have come anyway cannot be told apart.",
        "People rate themselves, and whoever learns what good looks like rates the same behaviour lower.",
        "5 of the 6 who started rated themselves both times; of the others nothing is known.",
        "Counting everybody who began, whoever has no end counts as unchanged.",
        "Whoever left on the way stays in every denominator.",
        "How far two blind readers agree is not known yet.",
        "A change is called reliable by an assumed reliability of 0.80; beside it stand 0.70 and 0.90.",
        "Any promotion has a base rate of 8.9 % a year among workers in the United States, who are not engineers and "
        "not these people.",
    )


def rated(**moved):
    """Rated competencies, each moved by so many points in three people."""

    def one(key, points_):
        pairs = [(2.0, 2.0 + points_), (3.0, 3.0 + points_ + 0.1), (2.5, 2.5 + points_ - 0.1)]
        none = change.of(key, key, [])
        own = change.of(key, f"{key.capitalize()} things", pairs)
        return outcomes.Rated(own, own.before, own.before, own.mean, 0, own.mean, none)

    return sorted((one(key, points_) for key, points_ in moved.items()), key=words._moved)


@pytest.mark.parametrize(
    ("moved", "title"),
    [
        ({"upward": 1.3, "influence": 0.7, "presence": 1.2}, "Upward things moved most, influence things least"),
        ({"upward": 1.3, "influence": -0.2}, "Upward things moved most, influence things fell"),
        ({"upward": -0.1, "influence": -1.2}, "Nothing rose; influence things fell most"),
        ({"upward": 0.2, "influence": -0.4}, "Little rose, and influence things fell"),
        ({"upward": 0.8, "influence": 0.5}, "Upward things moved most, influence things least"),
        ({"upward": 0.8, "influence": 0.6}, "Both moved about alike"),
        ({"upward": 0.9, "influence": 0.7, "presence": 0.8, "stakeholder": 0.7}, "All four moved about alike"),
        ({"upward": -0.9, "influence": -0.7, "presence": -0.8}, "All three fell about alike"),
        ({"upward": 0.34, "influence": 0.1}, "Both moved about alike"),
        ({"upward": 0.24, "influence": -0.2}, "Little has moved yet"),
        ({"upward": 0.0, "influence": 0.0}, "Little has moved yet"),
        ({"upward": -0.3}, "Upward things moved by −0.3"),
    ],
)
def test_the_title_is_the_largest_and_the_smallest_change_by_rule(moved, title):
    assert words.title(rated(**moved)) == title


def test_no_sentence_ever_says_that_the_programme_is_why(cast, summer, theo):
    read_blind(cast, summer["Ana"], by=cast.ines, early=2, late=3)
    read_blind(cast, summer["Ana"], by=theo, early=4, late=1)
    said = re.compile(r"caus|led to|thanks to|because of|due to|result of|effect of|proves?\b|impact", re.IGNORECASE)
    for found in (report(summer), outcomes.of(Enrolment.objects.none(), at=AFTER)):
        told = found.told
        sentences = [told.title, told.who, *told.know, *told.feel, *told.decide, *told.limits]
        assert [one for one in sentences if said.search(one)] == []
    assert "below 0.60: a developing instrument" in " ".join(report(summer).told.limits)


# --- Few people ---------------------------------------------------------------------------------------


def test_of_fewer_than_five_nothing_is_open_and_no_part_of_five_either(summer):
    upward, three = competency(report(summer), "upward").own, rated(upward=1.0)[0].own

    assert few.of(upward, least=5).open
    assert {name: one for name, one in few.of(upward, least=5).counts.items() if one is not None} == {"n": 5}
    assert (few.of(three, least=5).open, set(few.of(three, least=5).counts.values())) == (False, {None})
    assert not few.of(upward, least=10).open


def test_for_sponsors_none_and_all_are_ranges():
    everybody = change.of("upward", "Upward", [(1.0 + number / 20, 4.0) for number in range(20)])
    found = few.of(everybody, least=10, coded=True).counts

    assert (found["n"], found["rose"], found["fell"], found["same"]) == (20, (18, 20), (0, 2), (0, 2))


def test_parts_of_a_change_add_up_to_its_people():
    pairs = [(2.0, 2.0 + step / 10) for step in range(-12, 13)] + [(1.0, 1.5), (3.0, 3.0)]
    one = change.of("upward", "Upward", pairs)
    counts, wanted = few._atoms(one)

    def size(name):
        return sum(counts[atom] for atom in wanted[name])

    assert size("n") == one.mean.n == 27
    assert (size("rose"), size("same"), size("fell")) == (one.rose, one.same, one.fell)
    assert [(size(("up", row.reliability)), size(("none", row.reliability)), size(("down", row.reliability))) for row in one.reliable] == [
        (row.up, row.none, row.down) for row in growth_of(pairs)
    ]  # fmt: skip


def growth_of(pairs):
    return [growth.reliable(pairs, one) for one in growth.RELIABILITIES]


# --- What it costs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [1, 3, 50])
def test_it_takes_the_same_queries_however_many_people_there_are(cast, django_assert_num_queries, more):
    cohort = roads.cohort("Many", by=cast.ada)
    roads.coach(cohort, cast.tomas)
    for number in range(more):
        who = roads.person(f"Client{number}")
        roads.client(cohort, who, at=BEFORE)
        if number < 4:
            rates(who, "a0", points(2, 2, 2, 2), at=WEEK_1)
            roads.logged(who)
            roads.translated(who)
    some = Enrolment.objects.filter(cohort=cohort)
    outcomes.of(some, at=AFTER)  # the questionnaire of an edition is read once a process

    with django_assert_num_queries(QUERIES):
        outcomes.of(some, at=AFTER)


QUERIES = 13
