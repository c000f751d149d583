"""Rating oneself: every answer is kept, what is finished stays, what came before stays hidden until then."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from clients import assessing, assessments
from clients.assessing import NotAsked, Unanswered
from clients.models import Assessment, JournalEntry
from clients.submitting import NotYours
from tests import roads
from tests.roads import WEEK_1

WEEK_4 = WEEK_1 + timedelta(weeks=3)
WEEK_8 = WEEK_1 + timedelta(weeks=7, days=2)


@pytest.fixture
def mine(cast):
    return cast.enrolment(cast.mina)


def save(cast, mine, moment="a0", *, at=WEEK_1, **sent):
    return assessing.keep(mine, moment, by=cast.mina, at=at, **sent)


def test_every_answer_is_kept_beside_those_given_before(cast, mine):
    save(cast, mine, answers={"s1": 4, "s2": "0"})
    save(cast, mine, answers={"s2": 2}, readiness={"r1": "yes", "r9": "yes", "r2": "maybe"}, remark="Harder: silence.")

    kept = Assessment.objects.get()
    assert (kept.answers, kept.readiness, kept.remark) == ({"s1": 4, "s2": 2}, {"r1": "yes"}, "Harder: silence.")


@pytest.mark.parametrize(
    "answers", [{"s1": 6}, {"s1": "x"}, {"s1": True}, {"s1": None}, {"s9": 3}, {"s1": 3, "nobody": 1}]
)
def test_an_answer_that_is_none_is_refused_and_nothing_is_kept(cast, mine, answers):
    with pytest.raises(Unanswered):
        save(cast, mine, answers=answers)

    assert Assessment.objects.count() == 0


def test_it_is_finished_once_every_statement_has_an_answer(cast, mine):
    save(cast, mine, answers={"s1": 4})

    with pytest.raises(Unanswered) as refusal:
        assessing.finish(mine, "a0", by=cast.mina, at=WEEK_1)

    assert len(refusal.value.by_field) == 19 + 4
    assert roads.assessed(cast.mina, at=WEEK_1).finished_at == WEEK_1
    assert JournalEntry.objects.filter(action="finished assessment", actor="Mina").count() == 1


def test_what_is_finished_stays_as_it_was(cast, mine):
    roads.assessed(cast.mina, at=WEEK_1)

    with pytest.raises(NotAsked):
        save(cast, mine, answers={"s1": 1})

    assert Assessment.objects.get().answers["s1"] == 3


def test_a_stranger_rates_nobody_else(cast, mine):
    with pytest.raises(NotYours):
        assessing.keep(mine, "a0", answers={"s1": 3}, by=cast.omar, at=WEEK_1)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("a0", datetime(2026, 2, 23, 7, tzinfo=UTC)),
        ("a4", datetime(2026, 3, 23, 7, tzinfo=UTC)),
        ("a8", datetime(2026, 4, 23, 6, tzinfo=UTC)),  # a Thursday; the clocks have changed in Berlin
    ],
)
def test_it_opens_at_eight_in_the_cohorts_zone(cast, mine, moment, opens):
    assert assessments.opens_at(mine, moment, at=WEEK_1) == opens
    early = assessing.keep_refusal(mine, moment, by=cast.mina, at=opens - timedelta(seconds=1))
    assert (early.code, assessing.keep_refusal(mine, moment, by=cast.mina, at=opens)) == ("assessment.locked", None)


def test_the_final_one_closes_with_week_9_in_the_clients_own_zone(cast, mine):
    closes = datetime(2026, 5, 4, 4, 59, 59, tzinfo=UTC)  # Sunday 23:59:59 in Chicago

    assert assessments.closes_at(mine, "a8", at=WEEK_1) == closes
    assert assessing.keep_refusal(mine, "a8", by=cast.mina, at=closes) is None
    assert (
        assessing.keep_refusal(mine, "a8", by=cast.mina, at=closes + timedelta(seconds=1)).code == "assessment.closed"
    )


def test_a_competency_counts_when_four_of_five_are_rated(cast, mine):
    found = save(
        cast, mine, answers={"s1": 5, "s2": 4, "s3": 4, "s4": 2, "s5": 0, "i1": 5, "i2": 5, "i3": 5, "i4": 0, "i5": 0}
    )

    scores = assessments.scores(found, assessments.questionnaire_of(mine))

    assert [(one.competency, one.mean, one.rated) for one in scores] == [
        ("stakeholder", 3.8, 4), ("influence", None, 3), ("presence", None, 0), ("upward", None, 0),
    ]  # fmt: skip


def test_earlier_answers_are_hidden_while_a_later_one_is_under_way(cast, mine):
    roads.assessed(cast.mina, "a0", at=WEEK_1, point=2)
    assert assessments.distances(mine)[0].baseline == 2.0

    roads.rated(cast.mina, "a4", at=WEEK_4, point=3)
    assert assessments.distances(mine) == []

    assessing.finish(mine, "a4", by=cast.mina, at=WEEK_4)
    first = assessments.distances(mine)[0]
    assert (first.baseline, first.midpoint, first.final, first.seen_from_now) == (2.0, 3.0, None, None)


def test_looking_back_comes_once_and_after_the_final_one(cast, mine):
    assert assessing.look_back_refusal(mine, by=cast.mina, at=WEEK_8).code == "assessment.not_finished"
    roads.assessed(cast.mina, "a0", at=WEEK_1, point=3)
    roads.assessed(cast.mina, "a8", at=WEEK_8, point=4)

    roads.looked_back(cast.mina, at=WEEK_8)

    stakeholder, influence, *_rest = assessments.distances(mine)
    assert (stakeholder.baseline, stakeholder.final, stakeholder.seen_from_now) == (3.0, 4.0, 2)
    assert influence.seen_from_now == 1
    assert assessing.look_back_refusal(mine, by=cast.mina, at=WEEK_8).code == "assessment.looked_back"


def test_the_focus_is_one_sentence_agreed_at_the_midpoint(cast, mine):
    roads.assessed(cast.mina, "a4", at=WEEK_4)

    agreed = assessing.agree_focus(mine, sentence=" First. ", competency="presence", by=cast.mina, at=WEEK_4)

    assert (agreed.focus, agreed.focus_competency, agreed.focus_at) == ("First.", "presence", WEEK_4)
    with pytest.raises(Unanswered) as refusal:
        assessing.agree_focus(mine, sentence="x" * 201, competency="charm", by=cast.mina, at=WEEK_4)
    assert set(refusal.value.by_field) == {"sentence", "competency"}


@pytest.mark.parametrize(
    "changes",
    [{"moment": "a5"}, {"moment": "a0"}, {"moment": "a4", "looked_back_at": WEEK_1}],
    ids=["no such moment", "a second baseline", "a midpoint that looks back"],
)
def test_the_database_holds_what_an_assessment_is(cast, mine, changes):
    roads.rated(cast.mina, "a0", at=WEEK_1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.create(enrolment=mine, begun_at=WEEK_1, saved_at=WEEK_1, **changes)


def test_statements_stand_in_an_order_of_their_own_for_everybody_and_every_time(cast, mine):
    from curriculum import questionnaires

    section = assessments.questionnaire_of(mine).sections[0]
    orders = {tuple(item.key for item in questionnaires.shuffled(section, f"{number}:a0")) for number in range(40)}

    assert len(orders) > 20
    assert questionnaires.shuffled(section, "7:a0") == questionnaires.shuffled(section, "7:a0")


def test_the_midpoint_asks_more_and_offers_the_feedback_its_client_received(cast, mine):
    roads.answered(cast.mina, cast.tomas)
    asked = {one.key: one for one in assessments.further(mine, "a4", at=WEEK_4)}
    assert asked["feedback_used"].options == (("w1-x1", "The four answers"),)
    assert assessments.further(mine, "a0", at=WEEK_4) == ()

    found = save(
        cast, mine, "a4", at=WEEK_4, extra={"feedback_used": ["w1-x1", "w9-x9"], "confidence": "7", "other": 1}
    )

    assert found.extra == {"feedback_used": ["w1-x1"], "confidence": 7}
    with pytest.raises(Unanswered) as refusal:
        assessing.finish(mine, "a4", by=cast.mina, at=WEEK_4)
    assert {"confidence", "focus_competency", "focus_situation"} <= set(refusal.value.by_field)
    assert "coach_more" not in refusal.value.by_field
