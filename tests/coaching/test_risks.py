"""Who needs their coach: each rule comes with its cause and goes with it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from clients import assessing, excusing, holding
from clients.models import Enrolment, JournalEntry
from coaching import convening, heeding, reviewing, risks, substituting
from coaching.models import Flag, LiveSession, SeenTo
from coaching.queued import Ref
from curriculum import clock
from curriculum.models import Exercise
from tests import roads, sittings
from tests.doors.asking import Api
from tests.roads import WEEK_1, WEEK_2, WEEK_4

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE_2 = datetime(2026, 3, 16, 4, 59, 59, tzinfo=UTC)  # Sunday 23:59:59 of week 2 in Chicago, where Mina lives
WEEK_3 = datetime(2026, 3, 18, 10, tzinfo=UTC)


def rules(cast, at, who="mina"):
    """The rules that hold for somebody, with since when."""
    name = getattr(cast, who).name
    found = [one for one in risks.of_coach(cast.tomas, at=at) if one.name == name]
    return {risk.rule: risk.since for one in found for risk in one.risks}


def lively(cast, at):
    """Both were here: only what is asked about is a reason."""
    Enrolment.objects.filter(cohort=cast.spring).update(seen_at=at)


def mina(cast):
    return cast.enrolment(cast.mina)


# --- The rules ----------------------------------------------------------------------------------------


def test_two_weeks_overdue_in_a_row_are_a_reason_until_one_is_in_or_excused(cast):
    lively(cast, WEEK_3)
    before, there = rules(cast, DUE_2), rules(cast, WEEK_3)
    (risk,) = [risk for one in risks.of_coach(cast.tomas, at=WEEK_3) for risk in one.risks if one.name == "Mina"]
    with transaction.atomic():
        second = Exercise.objects.get(edition=cast.spring.edition, key="w2-x1")
        excusing.excuse(mina(cast), second, reason="On leave", by=cast.tomas, at=WEEK_3)
        excused = rules(cast, WEEK_3)
        transaction.set_rollback(True)
    roads.handed_in(cast.mina, at=WEEK_3)

    assert (before, there, excused, rules(cast, WEEK_3)) == ({}, {"overdue": DUE_2}, {}, {})
    assert risk.reason == "Two weeks overdue in a row"
    assert risk.evidence == "The main pieces of weeks 1 and 2 were never handed in."
    assert risk.message.startswith("Mina, weeks 1 and 2 are still with you. Late costs nothing.")


def test_ten_days_without_a_sign_are_a_reason_until_there_is_one_and_no_time_stood_still_counts(cast):
    lively(cast, WEEK_1)
    day_ten = WEEK_1 + 10 * DAY
    before, there = rules(cast, day_ten - HOUR), rules(cast, day_ten)
    with transaction.atomic():
        roads.drafted(cast.mina, at=day_ten)
        after = rules(cast, day_ten + HOUR)
        transaction.set_rollback(True)
    holding.hold(mina(cast), by=cast.tomas, at=WEEK_1 + DAY)
    held = rules(cast, day_ten)
    holding.go_on(mina(cast), by=cast.tomas, at=WEEK_1 + 5 * DAY)

    assert (before, there, after, held) == ({}, {"quiet": day_ten}, {}, {})
    assert rules(cast, day_ten + 3 * DAY).get("quiet") is None
    assert rules(cast, day_ten + 4 * DAY)["quiet"] == day_ten + 4 * DAY


def test_two_sessions_held_without_somebody_are_a_reason_until_they_come_again(cast):
    for week in (0, 1):
        session = sittings.session(cast, week)
        convening.decline(session, by=cast.mina, at=roads.BEFORE)
        if week == 0:
            sittings.held(cast, week)
            lively(cast, sittings.FIRST - HOUR)
            one_missed = rules(cast, sittings.FIRST - HOUR)
    sittings.held(cast, 1, at=sittings.FIRST)
    lively(cast, sittings.FIRST)
    two_missed = rules(cast, sittings.FIRST + HOUR)
    convening.hold(sittings.session(cast, 2), by=cast.tomas, at=sittings.FIRST + 7 * DAY)
    lively(cast, sittings.FIRST + 7 * DAY)

    assert (one_missed, two_missed) == ({}, {"sessions": sittings.FIRST})
    assert "sessions" not in rules(cast, sittings.FIRST + 7 * DAY + HOUR)
    assert LiveSession.objects.filter(state="held").count() == 3


@pytest.mark.parametrize(("level", "is_there"), [(1, True), (2, True), (3, False)])
def test_little_confidence_at_the_midpoint_is_a_reason(cast, level, is_there):
    roads.rated(cast.mina, "a4", at=WEEK_4)
    assessing.keep(mina(cast), "a4", answers={}, extra={"confidence": level}, by=cast.mina, at=WEEK_4)
    unfinished = rules(cast, WEEK_4)
    assessing.finish(mina(cast), "a4", by=cast.mina, at=WEEK_4 + HOUR)

    assert "confidence" not in unfinished
    assert rules(cast, WEEK_4 + 2 * HOUR).get("confidence") == (WEEK_4 + HOUR if is_there else None)


def test_a_mean_that_fell_by_one_within_three_weeks_is_a_reason_until_it_rises(cast):
    roads.answered(cast.mina, cast.tomas, level=4)
    roads.answered(cast.mina, cast.tomas, "w4-x1", at=WEEK_4, level=2)
    lively(cast, WEEK_4)
    fell = [risk for one in risks.of_coach(cast.tomas, at=WEEK_4 + 3 * HOUR) for risk in one.risks]
    told = next(risk for risk in fell if risk.rule == "levels")

    assert told.evidence.startswith("4.0 in week 1, 2.")
    assert told.since == roads.piece(cast.mina, "w4-x1").attempts.get().feedback.shown_from

    roads.answered(cast.mina, cast.tomas, "w5-x1", at=roads.WEEK_5, level=4)
    assert "levels" not in rules(cast, roads.WEEK_5 + 3 * HOUR)


def test_a_flag_is_a_reason_until_it_is_lowered(cast):
    raised = heeding.flag(mina(cast), reason="Her manager has left.", by=cast.tomas, at=WEEK_1)
    (one,) = risks.of_coach(cast.tomas, at=WEEK_1)

    assert [(risk.rule, risk.since, risk.evidence) for risk in one.risks] == [
        ("flag", WEEK_1, "Tomas: “Her manager has left.”")
    ]
    heeding.lower(raised, by=cast.tomas, at=WEEK_1 + HOUR)
    assert risks.of_coach(cast.tomas, at=WEEK_1 + HOUR) == []
    assert list(JournalEntry.objects.filter(action__contains="flag").order_by("pk").values_list("action", "note")) == [
        ("raised a flag", ""),
        ("lowered a flag", ""),
    ]


# --- Seen to ------------------------------------------------------------------------------------------


def test_what_was_seen_to_rests_seven_days_and_comes_back_while_its_cause_lasts(cast):
    lively(cast, WEEK_3)
    heeding.see_to(mina(cast), rule="overdue", by=cast.tomas, at=WEEK_3)
    lively(cast, WEEK_3 + 7 * DAY)

    rests = [one for one in risks.of_coach(cast.tomas, at=WEEK_3 + DAY) if one.name == "Mina"]
    back = rules(cast, WEEK_3 + 7 * DAY)

    assert [(risk.rule, risk.rests_until) for one in rests for risk in one.resting] == [("overdue", WEEK_3 + 7 * DAY)]
    assert rules(cast, WEEK_3 + DAY) == {}
    assert back["overdue"] == DUE_2
    entry = JournalEntry.objects.get(action="saw to a reason")
    assert (entry.note, entry.at) == ("overdue", WEEK_3)


@pytest.mark.parametrize(
    ("model", "row", "name"),
    [
        (Flag, {"reason": ""}, "a_flag_says_why"),
        (Flag, {"reason": "x", "lowered_at": WEEK_1 - DAY}, "a_flag_is_lowered_after_it_was_raised"),
        (SeenTo, {"rule": "mood", "until": WEEK_1 + 7 * DAY}, "a_reason_is_a_known_one"),
        (SeenTo, {"rule": "quiet", "until": WEEK_1 + 8 * DAY}, "what_was_seen_to_rests_seven_days"),
    ],
)
def test_the_database_holds_what_a_flag_is_and_how_long_a_reason_rests(cast, model, row, name):
    who = {"coach": cast.tomas, "raised_at": WEEK_1} if model is Flag else {"by": cast.tomas, "at": WEEK_1}

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.create(enrolment=mina(cast), **who | row)


def test_one_client_has_one_flag_at_a_time(cast):
    heeding.flag(mina(cast), reason="One", by=cast.tomas, at=WEEK_1)

    with pytest.raises(IntegrityError, match="one_flag_a_client_at_a_time"), transaction.atomic():
        Flag.objects.create(enrolment=mina(cast), coach=cast.tomas, reason="Two", raised_at=WEEK_1)


# --- Who reads it, and what it costs --------------------------------------------------------------------


def test_nobody_but_the_coaches_of_the_cohort_reads_a_reason(cast, client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_1)
    heeding.flag(mina(cast), reason="CANARY", by=cast.tomas, at=WEEK_1)
    places = ["/coach/risk/", "/coach/board/spring/", "/manage/cohorts/spring/board/", "/week/", "/notices/"]
    places += ["/api/v1/risks/", f"/api/v1/cohorts/{cast.spring.pk}/board/", "/api/v1/me/"]

    readers = set()
    for who in ("mina", "noor", "tomas", "ines", "ada", "lena"):
        client.force_login(getattr(cast, who))
        api = Api(getattr(cast, who)).client
        answers = [(api if "/api/" in place else client).get(place) for place in places]
        readers |= {(who, place) for place, one in zip(places, answers, strict=True) if b"CANARY" in one.content}

    assert readers == {("tomas", "/coach/risk/"), ("tomas", "/api/v1/risks/")}


def test_a_coach_is_not_on_their_own_list(cast):
    assert [one.name for one in risks.of_coach(cast.tomas, at=WEEK_3)] == ["Mina", "Noor"]
    Enrolment.objects.filter(client=cast.noor).update(client=cast.tomas)
    assert [one.name for one in risks.of_coach(cast.tomas, at=WEEK_3)] == ["Mina"]


def crowd(cast, people, cohorts=1):
    """A coach of their own, with so many clients who have handed in nothing, in so many cohorts."""
    coach = roads.person("Sol")
    for number in range(cohorts):
        cohort = roads.cohort(f"Of {people}, {number}")
        roads.coach(cohort, coach)
        for one in range(people):
            roads.client(cohort, roads.person(f"Client{number}x{one:02}"))
    return coach


@pytest.mark.parametrize(("people", "cohorts"), [(1, 1), (3, 1), (50, 1), (1, 3)])
def test_the_list_costs_the_same_for_one_client_and_for_fifty_and_for_three_cohorts(
    cast, client, monkeypatch, django_assert_num_queries, people, cohorts
):
    monkeypatch.setattr(clock, "now", lambda: WEEK_3)
    client.force_login(crowd(cast, people, cohorts))
    client.get("/coach/risk/")

    with django_assert_num_queries(12):
        page = client.get("/coach/risk/").content.decode()

    assert page.count('class="strong">Two weeks overdue in a row<') == people * cohorts


# --- On the board -----------------------------------------------------------------------------------------


def told_on(client, who, path):
    """What stands under each name of a board."""
    client.force_login(who)
    page = client.get(path).content.decode()
    return re.findall(r'class="risk-why tiny" href="([^"]+)"><svg[^>]+><use[^>]+></svg>([^<]+)<', page)


def test_the_reason_stands_on_the_row_of_the_board_for_its_coaches_and_for_no_admin(cast, client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_3)
    lively(cast, WEEK_3)
    roads.handed_in(cast.noor)
    heeding.flag(mina(cast), reason="CANARY", by=cast.tomas, at=WEEK_3)

    link = f"/coach/risk/#c-{mina(cast).pk}"
    both = told_on(client, cast.tomas, "/coach/board/spring/")
    heeding.see_to(mina(cast), rule="overdue", by=cast.tomas, at=WEEK_3)
    one = told_on(client, cast.tomas, "/coach/board/spring/")
    lists = client.get("/coach/risk/").content.decode()

    assert both == [(link, "Two weeks overdue in a row and 1 more")]
    assert one == [(link, "A coach’s own flag")]
    assert f'id="c-{mina(cast).pk}"' in lists
    assert told_on(client, cast.ada, "/manage/cohorts/spring/board/") == []
    assert b"own flag" not in client.get("/coach/board/spring/csv/").content


# --- In the queue -------------------------------------------------------------------------------------------


def in_the_queue(client, who):
    return told_on(client, who, "/coach/queue/")


def test_a_piece_in_the_queue_says_who_was_flagged_or_has_little_confidence_until_it_is_seen_to(
    cast, client, monkeypatch
):
    monkeypatch.setattr(clock, "now", lambda: WEEK_4 + DAY)
    roads.handed_in(cast.mina, at=WEEK_4)
    roads.handed_in(cast.noor, at=WEEK_4)
    before = in_the_queue(client, cast.tomas)
    roads.rated(cast.mina, "a4", at=WEEK_4)
    assessing.keep(mina(cast), "a4", answers={}, extra={"confidence": 2}, by=cast.mina, at=WEEK_4)
    assessing.finish(mina(cast), "a4", by=cast.mina, at=WEEK_4)
    heeding.flag(mina(cast), reason="CANARY", by=cast.tomas, at=WEEK_4 + HOUR)

    link = f"/coach/risk/#c-{mina(cast).pk}"
    both = in_the_queue(client, cast.tomas)
    words = client.get("/coach/queue/").content
    heeding.see_to(mina(cast), rule="confidence", by=cast.tomas, at=WEEK_4 + HOUR)
    one = in_the_queue(client, cast.tomas)
    heeding.lower(Flag.objects.get(), by=cast.tomas, at=WEEK_4 + HOUR)

    assert (before, both) == ([], [(link, "Little confidence at the midpoint and 1 more")])
    assert (one, in_the_queue(client, cast.tomas)) == ([(link, "A coach’s own flag")], [])
    assert b"CANARY" not in words


def test_whoever_is_on_hold_has_no_reason_in_the_queue_either(cast, client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_1 + DAY)
    roads.handed_in(cast.mina)
    heeding.flag(mina(cast), reason="CANARY", by=cast.tomas, at=WEEK_1)
    walks = in_the_queue(client, cast.tomas)
    holding.hold(mina(cast), by=cast.tomas, at=WEEK_1)
    stands = in_the_queue(client, cast.tomas)
    holding.go_on(mina(cast), by=cast.tomas, at=WEEK_1 + HOUR)

    assert (len(walks), stands, in_the_queue(client, cast.tomas)) == (1, [], walks)


def test_whoever_stands_in_reads_the_piece_and_no_reason(cast, client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_1 + HOUR)
    roads.handed_in(cast.mina)
    heeding.flag(mina(cast), reason="CANARY", by=cast.tomas, at=WEEK_1)
    day = WEEK_1.date()
    substituting.set_window(
        cast.spring, away=cast.tomas, substitute=cast.ines, first_day=day, last_day=day, by=cast.tomas, at=WEEK_1
    )

    assert in_the_queue(client, cast.ines) == []
    assert ">Mina</a>" in client.get("/coach/queue/").content.decode()
    assert len(in_the_queue(client, cast.tomas)) == 1


@pytest.mark.parametrize("people", [1, 3, 50])
def test_what_the_queue_tells_of_who_is_at_risk_is_one_query(cast, django_assert_num_queries, people):
    coach = crowd(cast, people)
    walking = Enrolment.objects.filter(cohort__assignments__coach=coach).select_related("client", "cohort")
    named = {one.pk: Ref(one.pk, one.client.name) for one in walking}
    for one in walking:
        heeding.flag(one, reason="Quiet in sessions", by=coach, at=WEEK_1)

    with django_assert_num_queries(1):
        found = risks.at_a_glance(named, at=WEEK_1 + HOUR)
    with django_assert_num_queries(0):
        assert risks.at_a_glance({}, at=WEEK_1) == {}

    assert {key: [risk.rule for risk in reasons] for key, reasons in found.items()} == {key: ["flag"] for key in named}


def test_a_piece_in_review_is_not_overdue(cast):
    piece = roads.handed_in(cast.mina, at=WEEK_2).submission
    reviewing.claim(piece, by=cast.tomas, at=WEEK_2)
    lively(cast, WEEK_3)

    assert rules(cast, WEEK_3) == {}
