"""Calibration: first the exemplars, then the first review; and the distance is its coach's alone."""

import shutil
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from clients.models import JournalEntry
from coaching import calibrating, calibration, reviewing, substituting
from coaching.calibration import distance
from coaching.models import Claim, ExemplarMark, LetOff
from curriculum import importing, publishing
from curriculum.models import Exemplar
from tests import roads
from tests.calibrating import exemplars, newcomer, scored
from tests.roads import BEFORE, CONTENT, WEEK_1


@pytest.fixture
def vera(cast):
    return newcomer(cast.spring)


def claims(who, piece):
    return reviewing.claim(piece, by=who, at=WEEK_1)


def code_of(act):
    with pytest.raises(Exception) as refused:
        act()
    return refused.value.code


# --- Before the first review --------------------------------------------------------------------------


def test_nothing_is_claimed_written_sent_or_taken_over_before_the_exemplars_of_its_rubric_are_scored(cast, vera):
    piece, other = roads.handed_in(cast.mina).submission, roads.claimed(cast.noor, cast.tomas)
    sent = roads.content(piece)
    acts = [
        lambda: claims(vera, piece),
        lambda: reviewing.save_feedback_draft(piece, content=sent, revision=None, by=vera, at=WEEK_1),
        lambda: reviewing.send_feedback(piece, content=sent, by=vera, at=WEEK_1),
        lambda: reviewing.take_over(other, by=vera, at=WEEK_1),
    ]

    assert [code_of(act) for act in acts] == ["calibration.first"] * 4
    assert list(Claim.objects.values_list("coach__name", flat=True)) == ["Tomas"]


def test_the_last_of_the_five_opens_its_rubric_and_no_other(cast, vera):
    translated, written = roads.handed_in(cast.mina), roads.handed_in(cast.mina, "w5-x1", at=roads.WEEK_5)
    *four, last = exemplars(cast.spring)
    for one in four:
        calibrating.score(one, levels=one.reference, by=vera, at=WEEK_1)
    before = code_of(lambda: claims(vera, translated.submission))

    calibrating.score(last, levels=last.reference, by=vera, at=WEEK_1)

    assert (before, claims(vera, translated.submission).coach) == ("calibration.first", vera)
    assert code_of(lambda: claims(vera, written.submission)) == "calibration.first"


def test_what_is_read_without_a_rubric_waits_for_nothing(cast, vera):
    piece = roads.piece(cast.mina, "w3-x2")

    assert piece.exercise.rubric_id is None
    assert calibration.holds_up(piece, vera) is False


def test_whoever_stands_in_calibrates_as_well(cast):
    vera = newcomer(roads.cohort("Reserve", by=cast.ada))
    substituting.set_window(
        cast.spring, away=cast.tomas, substitute=vera, first_day=date(2026, 3, 2), last_day=date(2026, 3, 8),
        by=cast.tomas, at=BEFORE,
    )  # fmt: skip
    piece = roads.handed_in(cast.mina).submission
    before = code_of(lambda: claims(vera, piece))

    scored(vera, cast.spring)

    assert (before, claims(vera, piece).coach) == ("calibration.first", vera)


def test_a_claim_from_before_can_be_given_back(cast, vera):
    calibrating.let_off(vera, reason="In a hurry", by=cast.ada, at=BEFORE)
    piece = roads.claimed(cast.mina, vera)
    calibrating.ask_again(vera, by=cast.ada, at=WEEK_1)

    reviewing.release(piece, by=vera, at=WEEK_1)

    assert Claim.objects.count() == 0


def test_a_new_edition_asks_for_what_is_new_in_it_and_for_nothing_else(cast, vera, tmp_path):
    scored(vera, cast.spring)
    folder = shutil.copytree(CONTENT, tmp_path / "next")
    file = folder / "calibration/r-trans.yaml"
    file.write_text(file.read_text().replace("key: r-trans-e3", "key: r-trans-e6"))
    (folder / "keys.txt").write_text("")
    draft = importing.import_edition(folder)
    cast.spring.edition = publishing.publish(draft, signed_by="Ruth", at=WEEK_1)
    cast.spring.save()

    (sheet,) = calibration.sheets(vera, at=WEEK_1, rubric="r-trans")

    assert [card.exemplar.key for card in sheet.cards if not card.is_scored] == ["r-trans-e6"]


# --- Letting off --------------------------------------------------------------------------------------


def test_an_admin_lets_somebody_off_with_a_reason_and_asks_again(cast, vera):
    piece = roads.handed_in(cast.mina).submission
    silent = code_of(lambda: calibrating.let_off(vera, reason=" ", by=cast.ada, at=WEEK_1))

    calibrating.let_off(vera, reason="Wrote the rubric", by=cast.ada, at=WEEK_1)
    twice = code_of(lambda: calibrating.let_off(vera, reason="Again", by=cast.ada, at=WEEK_1))
    claims(vera, piece)
    calibrating.ask_again(vera, by=cast.ada, at=WEEK_1)

    assert (silent, twice) == ("calibration.reason", "calibration.off")
    assert code_of(lambda: claims(vera, piece)) == "calibration.first"
    assert code_of(lambda: calibrating.ask_again(vera, by=cast.ada, at=WEEK_1)) == "calibration.not_off"


# --- Scoring ------------------------------------------------------------------------------------------


def test_each_exemplar_is_scored_once_and_whole(cast, vera):
    one = exemplars(cast.spring)[0]
    half = code_of(lambda: calibrating.score(one, levels={"coverage": 3}, by=vera, at=WEEK_1))

    calibrating.score(one, levels=one.reference, by=vera, at=WEEK_1)
    again = code_of(lambda: calibrating.score(one, levels=one.reference, by=vera, at=WEEK_1))

    assert (half, again) == ("calibration.incomplete", "calibration.scored")
    assert ExemplarMark.objects.filter(coach=vera).count() == len(one.reference)


@pytest.mark.parametrize("level", [0, 5, "3", None])
def test_a_level_is_one_of_four(cast, vera, level):
    one = exemplars(cast.spring)[0]

    with pytest.raises(calibrating.ScoreIncomplete) as refused:
        calibrating.score(one, levels=one.reference | {"lead": level}, by=vera, at=WEEK_1)

    assert list(refused.value.by_field) == ["level-lead"]


@pytest.mark.parametrize("who", ["mina", "ada", "lena"])
def test_only_coaches_score(cast, who):
    one = exemplars(cast.spring)[0]

    assert code_of(lambda: calibrating.score(one, levels=one.reference, by=getattr(cast, who), at=WEEK_1)) == (
        "calibration.not_yours"
    )


# --- The distance -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("apart", "off", "lean", "words"),
    [
        ([], 0, 0, "as the reference"),
        ([0, 0, 0], 0, 0, "as the reference"),
        ([1, -1], 1, 0, "neither stricter nor milder"),
        ([1, 1, 0, 0], 0.5, 0.5, "milder"),
        ([-2, 1, 0, 0, 0], 0.6, -0.2, "stricter"),
    ],
)
def test_the_distance_is_a_mean_of_levels_with_its_direction(apart, off, lean, words):
    found = distance("Know", apart)

    assert (found.n, found.off, found.lean, found.words) == (len(apart), off, lean, words)


def test_the_distance_of_a_rubric_is_by_criterion_and_of_everything(cast, vera):
    for one, shift in zip(exemplars(cast.spring), (0, 1, 0, 0, 0), strict=True):
        levels = one.reference | {"coverage": one.reference["coverage"] + shift}
        calibrating.score(one, levels=levels, by=vera, at=WEEK_1)
    (sheet,) = calibration.sheets(vera, at=WEEK_1, rubric="r-trans")

    whole, *others = calibration.distances(sheet)

    assert (whole.n, whole.off, whole.lean) == (25, 0.04, 0.04)
    assert [(one.title, one.n, one.off) for one in others] == [
        ("Four questions", 5, 0.2),
        ("Conclusion first", 5, 0),
        ("Accessible words, precision kept", 5, 0),
        ("Fits this listener", 5, 0),
        ("Sixty seconds", 5, 0),
    ]


def test_a_colleague_s_scores_are_in_nobody_else_s_sheet(cast, vera):
    scored(vera, cast.spring, by=1)

    (sheet,) = calibration.sheets(cast.tomas, at=WEEK_1, rubric="r-trans")

    assert (sheet.scored, calibration.distances(sheet)) == ((), [])


def test_admins_know_done_or_not_yet_and_no_level(cast, vera):
    scored(vera, cast.spring)

    rows = {row.coach: row for row in calibration.standings(cast.ada)}

    assert (rows[vera].done, len(rows[vera].not_yet), rows[vera].let_off) == (("Translation",), 5, None)
    assert (rows[cast.tomas].done, rows[cast.tomas].let_off.reason) == ((), "Scored them on paper")
    assert set(vars(rows[vera])) == {"coach", "done", "not_yet", "let_off"}
    assert calibration.standings(cast.tomas) == []
    lines = JournalEntry.objects.filter(action="scored an exemplar").values_list("note", flat=True)
    assert sorted(lines) == [one.key for one in exemplars(cast.spring)]


@pytest.mark.parametrize("more", [0, 3])
def test_what_admins_see_costs_the_same_however_many_coach(cast, django_assert_num_queries, more):
    for number in range(more):
        scored(newcomer(cast.spring, f"Coach{number}"), cast.spring)

    with django_assert_num_queries(5):
        calibration.standings(cast.ada)


# --- What the database holds --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("one_level_a_criterion_of_an_exemplar", {}),
        ("a_mark_of_an_exemplar_is_between_1_and_4", {"criterion": "new", "level": 5}),
        ("a_mark_of_an_exemplar_is_between_1_and_4", {"criterion": "new", "level": 0}),
    ],
)
def test_the_database_refuses_marks_that_are_none(cast, vera, name, changes):
    mark = {"coach": vera, "exemplar": exemplars(cast.spring)[0], "criterion": "lead", "level": 3, "marked_at": WEEK_1}
    ExemplarMark.objects.create(**mark)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ExemplarMark.objects.create(**mark | changes)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("let_off_once_at_a_time", {}),
        ("letting_off_has_a_reason", {"reason": "", "ended_at": WEEK_1}),
        ("letting_off_ends_after_it_began", {"ended_at": BEFORE}),
    ],
)
def test_the_database_refuses_letting_off_that_makes_no_sense(cast, vera, name, changes):
    row = {"coach": vera, "reason": "Wrote them", "let_off_at": WEEK_1, "let_off_by": cast.ada}
    LetOff.objects.create(**row)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        LetOff.objects.create(**row | changes)


# --- The programme's own ------------------------------------------------------------------------------


def test_every_rubric_has_five_that_differ_and_show_low_and_high(db):
    edition = roads.edition()

    for rubric in edition.rubrics.prefetch_related("criteria"):
        rows = list(Exemplar.objects.filter(rubric=rubric))
        assert len(rows) == 5
        assert len({tuple(one.reference.values()) for one in rows}) == 5
        for criterion in rubric.criteria.all():
            levels = {one.reference[criterion.key] for one in rows if criterion.key in one.reference}
            own = criterion.settings.get("source") == "client"
            assert (own and not levels) or len(levels) >= (2 if criterion.settings.get("only_for") else 3), criterion
