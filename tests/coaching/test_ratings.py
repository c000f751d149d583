"""The coach's ratings: saved once, each side hidden from the other until both have looked for themselves."""

from datetime import timedelta

import pytest
from django.db import Error, IntegrityError, transaction

from clients import assessing, holding, joining
from clients.models import JournalEntry
from coaching import instruments, rating, ratings
from coaching.models import RatedPoint, Rating
from curriculum import clock
from tests import roads
from tests.doors.asking import Api
from tests.roads import BEFORE, WEEK_1, WEEK_2, WEEK_4

DAY = timedelta(days=1)
WEEK_9 = WEEK_1 + 56 * DAY
SAW = "Her update of Thursday says what finance has to decide, in its first line."
GIVEN = {"stakeholder": {"point": 4, "evidence": SAW}, "upward": {"point": 3, "evidence": "The status of 20 March."}}


def mina(cast):
    return cast.enrolment(cast.mina)


def rated(cast, moment="c4", *, who="mina", by=None, at=WEEK_4, given=GIVEN):
    return rating.rate(cast.enrolment(getattr(cast, who)), moment, given=given, by=by or cast.tomas, at=at)


def refused(act):
    try:
        with transaction.atomic():
            act()
    except Exception as refusal:
        return refusal.code
    return None


def beside(cast, reader, moment="c4"):
    return next(one for one in ratings.beside(mina(cast), reader) if one.key == moment)


def owns(one):
    return {row.competency: row.own for row in one.rows if row.own is not None}


def seens(one):
    return {row.competency: row.seen.point for row in one.rows if row.seen}


# --- Saving ---------------------------------------------------------------------------------------


def test_a_rating_keeps_the_points_that_were_seen_with_their_evidence_and_the_journal_has_none_of_it(cast):
    saved = rated(cast)

    rows = RatedPoint.objects.filter(rating=saved).values_list("competency", "point", "evidence")
    (told,) = JournalEntry.objects.filter(action="rated a client")
    assert list(rows) == [("stakeholder", 4, SAW), ("upward", 3, "The status of 20 March.")]
    assert (saved.coach, saved.rated_at, saved.VISIBILITY) == (cast.tomas, WEEK_4, "pair")
    assert (told.actor, told.note) == ("Tomas", "c4")


def test_it_is_saved_once_whoever_coaches(cast):
    roads.coach(cast.spring, cast.ines)
    rated(cast)

    assert refused(lambda: rated(cast)) == "rating.there"
    assert refused(lambda: rated(cast, by=cast.ines)) == "rating.there"


@pytest.mark.parametrize(
    ("moment", "at", "code"),
    [
        ("c2", WEEK_1, "rating.locked"),
        ("c2", WEEK_2, None),
        ("c2", WEEK_4 - 7 * DAY, None),
        ("c2", WEEK_4, "rating.closed"),
        ("c4", WEEK_4 - 7 * DAY, "rating.locked"),
        ("c4", WEEK_9 - 7 * DAY, None),
        ("c4", WEEK_9, "rating.closed"),
        ("c9", WEEK_9 - 7 * DAY, "rating.locked"),
        ("c9", WEEK_9 + 30 * DAY, None),
    ],
)
def test_each_time_opens_with_its_week_and_ends_when_the_next_one_opens(cast, moment, at, code):
    assert refused(lambda: rated(cast, moment, at=at)) == code


def test_nobody_rates_but_the_coaches_of_the_cohort_and_nobody_themselves(cast):
    roads.client(cast.spring, cast.tomas)

    for who in (cast.mina, cast.noor, cast.ines, cast.ada, cast.lena):
        assert refused(lambda who=who: rated(cast, by=who)) == "rating.not_yours"
    assert refused(lambda: rated(cast, who="tomas")) == "rating.not_yours"


def test_whoever_has_left_is_rated_no_more(cast):
    joining.withdraw(mina(cast), by=cast.ada, at=BEFORE)

    assert refused(lambda: rated(cast)) == "rating.left"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, {"stakeholder": ["Rate at least one. What you have not seen stays empty."]}),
        ({"upward": {"point": 3}}, {"upward": ["Write one sentence of evidence: what you saw, and where."]}),
        (
            {"upward": {"point": 3, "evidence": "  "}},
            {"upward": ["Write one sentence of evidence: what you saw, and where."]},
        ),
        ({"influence": {"evidence": SAW}}, {"influence": ["Choose a point for what you saw."]}),
        ({"presence": {"point": 6, "evidence": SAW}}, {"presence": ["Choose a point from 1 to 5."]}),
        ({"presence": {"point": "x", "evidence": SAW}}, {"presence": ["Choose a point from 1 to 5."]}),
        (
            {"presence": {"point": 2, "evidence": "x" * 301}},
            {"presence": ["At most 300 characters here; this has 301."]},
        ),
    ],
)
def test_what_is_not_complete_is_said_beside_its_competency_and_nothing_is_saved(cast, given, said):
    with pytest.raises(rating.Unfinished) as refusal, transaction.atomic():
        rated(cast, given=given)

    assert (refusal.value.by_field, Rating.objects.count()) == (said, 0)


def test_the_database_keeps_the_rules_of_ratings_by_itself(cast):
    saved = rated(cast)
    again = {"enrolment": mina(cast), "coach": cast.tomas, "rated_at": WEEK_4}
    breaks = {
        "a_client_is_rated_once_a_moment": lambda: Rating.objects.create(**again, moment="c4"),
        "a_rating_has_a_known_moment": lambda: Rating.objects.create(**again, moment="c5"),
        "a_competency_is_rated_once_a_rating": lambda: saved.points.create(competency="upward", point=1, evidence="x"),
        "a_point_is_between_1_and_5": lambda: saved.points.create(competency="presence", point=6, evidence="x"),
        "a_point_has_its_evidence": lambda: saved.points.create(competency="presence", point=2, evidence=""),
    }

    for rule, act in breaks.items():
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            act()
    point, whole = RatedPoint.objects.filter(rating=saved), Rating.objects.filter(pk=saved.pk)
    of_another = {"enrolment": cast.enrolment(cast.noor)}
    for rows, changed in ((point, {"point": 5}), (whole, {"moment": "c9"}), (whole, of_another)):
        with pytest.raises(Error, match="is a record and never changes"), transaction.atomic():
            rows.update(**changed)


# --- Who reads what -------------------------------------------------------------------------------


def test_a_coach_reads_what_a_client_said_once_their_own_of_that_time_is_saved(cast):
    roads.assessed(cast.mina, "a4", at=WEEK_4, point=4)
    before = beside(cast, cast.tomas)
    rated(cast)
    after = beside(cast, cast.tomas)

    assert (before.own_finished, before.own_hidden, owns(before)) == (True, True, {})
    assert (after.own_finished, after.own_hidden) == (True, False)
    assert owns(after) == {"stakeholder": 4.0, "influence": 4.0, "presence": 4.0, "upward": 4.0}


def test_a_time_that_was_not_rated_shows_with_the_next_that_is(cast):
    roads.assessed(cast.mina, "a0", at=WEEK_1)
    before = beside(cast, cast.tomas, "c2")
    rated(cast, "c4")

    assert (owns(before), len(owns(beside(cast, cast.tomas, "c2")))) == ({}, 4)


def test_a_later_assessment_stays_hidden_when_an_earlier_time_is_rated(cast):
    rated(cast, "c2", at=WEEK_2)
    roads.assessed(cast.mina, "a4", at=WEEK_4)

    assert beside(cast, cast.tomas, "c4").own_hidden


def test_a_client_reads_what_their_coach_saw_once_their_own_is_finished(cast):
    rated(cast)
    roads.rated(cast.mina, "a4", at=WEEK_4)
    before = beside(cast, cast.mina)
    assessing.finish(mina(cast), "a4", by=cast.mina, at=WEEK_4)
    after = beside(cast, cast.mina)

    assert (before.rating, seens(before)) == (None, {})
    assert seens(after) == {"stakeholder": 4, "upward": 3}
    assert after.rows[0].seen.evidence == SAW
    assert after.rows[0].seen.anchor == "All four, in the listener's words, concern addressed."


def test_what_is_not_finished_shows_to_no_coach_however_often_they_rate(cast):
    roads.rated(cast.mina, "a4", at=WEEK_4)
    rated(cast)

    assert owns(beside(cast, cast.tomas)) == {}


def test_a_rating_is_for_the_pair(cast):
    rated(cast)
    roads.assessed(cast.mina, "a4", at=WEEK_4)
    readers = [cast.mina, cast.noor, cast.omar, cast.tomas, cast.ines, cast.ada, cast.lena]

    assert [one.name for one in readers if ratings.visible_to(one).exists()] == ["Mina", "Tomas"]


# --- Being asked ----------------------------------------------------------------------------------


def test_who_is_left_to_rate_is_whoever_walks_and_is_not_on_hold(cast):
    left = instruments.get(instruments.RATINGS).unrated
    everybody = left(cast.spring, cast.tomas, 4)
    rated(cast)
    one = left(cast.spring, cast.tomas, 4)
    holding.hold(cast.enrolment(cast.noor), by=cast.tomas, at=WEEK_4)

    assert (everybody, one, left(cast.spring, cast.tomas, 4), left(cast.spring, cast.tomas, 8)) == (2, 1, 0, 1)


# --- Over the API ---------------------------------------------------------------------------------


def test_the_api_has_both_sides_and_the_grid_and_a_stranger_finds_neither(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_4)
    path = f"enrolments/{mina(cast).pk}/ratings/"
    roads.assessed(cast.mina, "a4", at=WEEK_4)
    hidden = Api(cast.tomas).get(path).json()[1]
    saved = Api(cast.tomas).post(f"{path}c4/", ratings=GIVEN)
    grid = Api(cast.tomas).get(f"cohorts/{cast.spring.pk}/ratings/c4/").json()

    assert (hidden["own_hidden"], [row["own"] for row in hidden["rows"]]) == (True, [None] * 4)
    assert [row["own"] for row in saved.json()[1]["rows"]] == [3.0] * 4
    assert [(row["name"], row["points"]) for row in grid] == [("Mina", [4, None, None, 3]), ("Noor", [None] * 4)]
    assert Api(cast.mina).get(path).json()[1]["rows"][0]["seen"]["point"] == 4
    for who in (cast.noor, cast.omar, cast.ines, cast.ada, cast.lena):
        assert Api(who).get(path).status_code == 404
        assert Api(who).get(f"cohorts/{cast.spring.pk}/ratings/c4/").status_code == 404
