"""A cohort goes over to a newer edition: everything keeps its place by its key, and nothing that was written is lost."""

import random
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from clients import crossing, crossings, excusing, pausing, practising, submitting
from clients.models import Attempt, Cohort, Crossing, Excusal, JournalEntry, LessonReading, Submission
from coaching.models import Feedback, FeedbackDraft, Mark
from curriculum import successors
from curriculum.models import Lesson, Level
from tests import roads
from tests.issuing import copied, next_edition
from tests.roads import WEEK_1

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = WEEK_1 + 6 * HOUR


def reworded(draft):
    draft.exercises.filter(key="w1-x1").update(title="Four answers")


def with_more(draft):
    """An optional exercise more."""
    model = draft.exercises.get(key="w1-x2")
    model.pk, model.key, model.required, model.position = None, "w1-x9", False, 9
    model.save()


def without_a_field(draft):
    """What somebody has written no longer fits."""
    one = draft.exercises.get(key="w1-x1")
    one.fields = [field for field in one.fields if field["key"] != "left_out"]
    one.save()


def without_an_exercise(draft):
    draft.exercises.filter(key="w1-x2").delete()


def in_another_week(draft):
    draft.exercises.filter(key="w1-x2").update(week=draft.weeks.get(number=3), position=8)


CHANGES = (reworded, with_more, without_a_field, without_an_exercise, in_another_week)


def over(cast, edition, at=LATER, **more):
    if "seen" not in more and crossings.change_of(here(cast), edition) == "breaking":
        more["seen"] = crossings.between(here(cast), edition).seal
    return crossing.cross(here(cast), edition, by=cast.ada, at=at, **more)


def here(cast):
    return Cohort.objects.select_related("edition").get(pk=cast.spring.pk)


def refused(act) -> str:
    with pytest.raises((crossing.CannotCross, crossing.NotThere)) as refusal:
        act()
    return refusal.value.code


def begun(who, key="w1-x2", *, at=WEEK_1, words="So far"):
    """A draft of something."""
    piece = roads.piece(who, key)
    return submitting.save_draft(piece, answer={"today": words}, revision=piece.draft_revision, by=who, at=at)


def keys(cast, who):
    return sorted(cast.spring.enrolments.get(client=who).submissions.values_list("exercise__key", flat=True))


def written(cast):
    """Everything anybody wrote, handed in or answered, with what it hangs on."""
    return {
        "attempts": list(Attempt.objects.order_by("pk").values()),
        "drafts": list(
            Submission.objects.filter(draft_saved_at__isnull=False)
            .order_by("pk")
            .values("pk", "enrolment", "draft", "draft_revision", "draft_saved_at", "state", "attempts_made")
        ),
        "feedback": list(Feedback.objects.order_by("pk").values()),
        "coach drafts": list(FeedbackDraft.objects.order_by("pk").values()),
        "marks": list(Mark.objects.order_by("pk").values()),
    }


# --- Going over ---------------------------------------------------------------------------------------


def test_other_words_take_effect_at_once_for_everybody(cast):
    edition = next_edition(cast.spring.edition, reworded)
    roads.handed_in(cast.mina)
    before, wrote = cast.spring.edition, written(cast)

    made = over(cast, edition)

    assert (made.left, made.entered, made.change, made.undone_at) == (before, edition, "cosmetic", None)
    assert here(cast).edition == edition
    assert Cohort.objects.get(pk=cast.autumn.pk).edition == before
    pieces = Submission.objects.filter(enrolment__cohort=cast.spring)
    assert set(pieces.values_list("exercise__edition", flat=True)) == {edition.pk}
    assert written(cast) == wrote
    assert Attempt.objects.get().edition == before
    line = JournalEntry.objects.get(action="went over")
    assert (line.cohort_id, line.note) == (cast.spring.pk, f"to {edition}, cosmetic")


def test_what_is_added_comes_for_everybody_once(cast):
    edition = next_edition(cast.spring.edition, with_more)
    before = keys(cast, cast.noor)

    made = over(cast, edition)

    assert made.change == "additive"
    assert keys(cast, cast.noor) == sorted([*before, "w1-x9"])
    assert keys(cast, cast.mina) == keys(cast, cast.noor)


def test_what_was_begun_and_fits_no_more_goes_on_in_its_own_form(cast):
    edition = next_edition(cast.spring.edition, without_a_field)
    roads.drafted(cast.mina)
    old = roads.piece(cast.mina).exercise

    over(cast, edition)

    piece = roads.piece(cast.mina)
    assert piece.exercise == old
    assert roads.piece(cast.noor).exercise.edition == edition
    excused = Excusal.objects.get(ended_at=None)
    assert (excused.enrolment, excused.exercise) == (piece.enrolment, edition.exercises.get(key="w1-x1"))
    attempt = submitting.hand_in(piece, by=cast.mina, at=LATER + HOUR)
    assert attempt.answer["left_out"] == roads.ANSWERS["w1-x1"]["left_out"]


def test_what_is_not_taught_any_more_goes_where_nobody_began_it_and_stays_where_somebody_did(cast):
    edition = next_edition(cast.spring.edition, without_an_exercise)
    begun(cast.mina)

    over(cast, edition)

    assert "w1-x2" in keys(cast, cast.mina)
    assert "w1-x2" not in keys(cast, cast.noor)
    assert roads.piece(cast.mina, "w1-x2").draft["today"] == "So far"
    assert Excusal.objects.get(ended_at=None).exercise.key == "w1-x2"


def test_what_is_required_and_comes_when_its_week_is_over_is_asked_of_nobody(cast):
    def more_required(draft):
        for key, week in (("w1-x8", 1), ("w5-x8", 5)):
            model = draft.exercises.get(key="w1-x2")
            model.pk, model.key, model.week, model.required, model.position = (
                None,
                key,
                draft.weeks.get(number=week),
                True,
                8,
            )
            model.save()

    edition = next_edition(cast.spring.edition, more_required)

    made = over(cast, edition, at=roads.WEEK_4)

    rows = Excusal.objects.filter(enrolment__client=cast.mina)
    assert [(one.exercise.key, one.reason) for one in rows] == [("w1-x8", crossing.WEEK_OVER)]
    crossing.undo(made, by=cast.ada, at=roads.WEEK_4 + DAY)
    assert not Excusal.objects.exists()


def test_lessons_read_and_what_was_agreed_follow(cast):
    edition = next_edition(cast.spring.edition, reworded)
    lesson = Lesson.objects.filter(edition=cast.spring.edition, week__number=1).first()
    mina = cast.spring.enrolments.get(client=cast.mina)
    practising.mark_read(mina, lesson, read=True, by=cast.mina, at=WEEK_1)
    excusing.excuse(mina, roads.piece(cast.mina, "w1-x2").exercise, reason="On leave", by=cast.tomas, at=WEEK_1)

    over(cast, edition)

    assert LessonReading.objects.get().lesson == edition_lesson(edition, lesson)
    excused = Excusal.objects.get()
    assert (excused.exercise.edition, excused.exercise.key, excused.reason) == (edition, "w1-x2", "On leave")


def edition_lesson(edition, lesson):
    return Lesson.objects.get(edition=edition, key=lesson.key)


# --- Refusals -----------------------------------------------------------------------------------------


def test_an_edition_that_breaks_something_is_looked_at_first(cast):
    edition = next_edition(cast.spring.edition, without_a_field)
    seal = crossings.between(here(cast), edition).seal

    assert refused(lambda: over(cast, edition, seen="")) == "crossing.unseen"
    roads.drafted(cast.mina)
    assert refused(lambda: over(cast, edition, seen=seal)) == "crossing.moved_on"
    assert over(cast, edition).change == "breaking"


def test_only_a_newer_published_edition_of_the_same_programme(cast):
    first = cast.spring.edition
    second = next_edition(first, reworded)
    over(cast, second)

    assert refused(lambda: over(cast, second, seen="")) == "crossing.not_newer"
    assert refused(lambda: over(cast, first, seen="")) == "crossing.not_newer"
    assert refused(lambda: over(cast, copied(first), seen="")) == "crossing.draft"
    assert list(crossings.newer(here(cast))) == []
    assert list(crossings.newer(cast.autumn)) == [second]


def test_questions_people_rated_themselves_by_stay_the_same_to_the_end(cast):
    def asks_otherwise(draft):
        one = draft.instruments.get(key="self")
        item = next(each for each in walk(one.content) if "text" in each)
        item["text"] = "Something else"
        one.save()

    edition = next_edition(cast.spring.edition, asks_otherwise)
    roads.rated(cast.mina, at=WEEK_1)

    assert refused(lambda: over(cast, edition, seen="any")) == "crossing.questions"


def walk(content):
    if isinstance(content, dict):
        yield content
        for one in content.values():
            yield from walk(one)
    elif isinstance(content, list):
        for one in content:
            yield from walk(one)


def test_a_cohort_that_is_closed_or_stands_still_goes_nowhere(cast):
    edition = next_edition(cast.spring.edition, reworded)
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    assert refused(lambda: over(cast, edition)) == "crossing.paused"
    Cohort.objects.filter(pk=cast.spring.pk).update(closed_at=WEEK_1)
    assert refused(lambda: over(cast, edition)) == "cohort.closed"


# --- Back ---------------------------------------------------------------------------------------------


def test_it_can_be_undone_for_two_weeks_and_no_longer(cast):
    made = over(cast, next_edition(cast.spring.edition, with_more))
    before = keys(cast, cast.mina)

    assert refused(lambda: crossing.undo(made, by=cast.ada, at=LATER + 15 * DAY)) == "crossing.settled"
    crossing.undo(made, by=cast.ada, at=LATER + 14 * DAY)

    assert here(cast).edition == made.left
    assert keys(cast, cast.mina) == [key for key in before if key != "w1-x9"]
    assert refused(lambda: crossing.undo(made, by=cast.ada, at=LATER + 14 * DAY)) == "crossing.undone"
    assert crossings.last(here(cast)) is None


def test_what_was_written_since_stays_when_it_is_undone(cast):
    edition = next_edition(cast.spring.edition, with_more)
    made = over(cast, edition)
    begun(cast.mina, "w1-x9", at=LATER + HOUR, words="Since")

    crossing.undo(made, by=cast.ada, at=LATER + DAY)

    assert roads.piece(cast.mina, "w1-x9").draft["today"] == "Since"
    assert "w1-x9" not in keys(cast, cast.noor)


def places(cast):
    """Which piece stands on which exercise, and what is not asked of whom."""
    pieces = Submission.objects.filter(enrolment__cohort=cast.spring).values_list("enrolment", "exercise", "state")
    return sorted(pieces), sorted(Excusal.objects.values_list("enrolment", "exercise", "reason", "ended_at"))


@pytest.mark.parametrize("seed", range(5))
def test_no_attempt_draft_or_feedback_is_lost_by_any_way_there_and_back(cast, seed):
    """Random work, then random editions one after the other, each undone or not."""
    chance = random.Random(seed)
    work(cast, chance)
    wrote, at = written(cast), LATER

    for _step in range(2):
        stood = places(cast)
        some = chance.sample(CHANGES, chance.randint(1, 3))
        base = next_edition(
            here(cast).edition, lambda draft, some=some: [change(draft) for change in some if can(change, draft)]
        )
        made, at = over(cast, base, at=at), at + HOUR
        assert written(cast) == wrote
        assert one_piece_a_key(cast)
        if chance.random() < 0.5:
            crossing.undo(made, by=cast.ada, at=at)
            assert written(cast) == wrote
            assert places(cast) == stood
        at += HOUR


def can(change, draft) -> bool:
    found = set(draft.exercises.values_list("key", flat=True))
    return not (change is with_more and "w1-x9" in found) and (
        "w1-x2" in found or change in (reworded, without_a_field)
    )


def one_piece_a_key(cast) -> bool:
    found = list(Submission.objects.filter(enrolment__cohort=cast.spring).values_list("enrolment", "exercise__key"))
    return len(found) == len(set(found))


def work(cast, chance) -> None:
    """Something or nothing by everybody."""
    for who in (cast.mina, cast.noor):
        done = chance.choice(("nothing", "draft", "in", "claimed", "answered", "again"))
        if done == "draft":
            roads.drafted(who)
        elif done == "in":
            roads.handed_in(who)
        elif done == "claimed":
            roads.claimed(who, cast.tomas)
        elif done in ("answered", "again"):
            roads.answered(who, cast.tomas, another=done == "again")
        if chance.random() < 0.5:
            begun(who)


# --- What is kept together ----------------------------------------------------------------------------


def test_rubrics_with_the_same_anchors_measure_alike_and_others_do_not(cast):
    first = cast.spring.edition
    same = next_edition(first, reworded)
    other = next_edition(
        same, lambda draft: Level.objects.filter(edition=draft, criterion__rubric__key="r-write").update(anchor="Other")
    )
    rubrics = [edition.rubrics.get(key="r-write").pk for edition in (first, same, other)]

    assert successors.measure_alike(rubrics[0], rubrics[1])
    assert not successors.measure_alike(rubrics[0], rubrics[2])
    assert not successors.measure_alike(rubrics[0], first.rubrics.get(key="r-one").pk)


def test_the_database_keeps_what_a_crossing_is(cast):
    first = cast.spring.edition
    edition = next_edition(first, reworded)
    told = {
        "cohort": cast.spring,
        "left": first,
        "entered": edition,
        "change": "cosmetic",
        "at": WEEK_1,
        "by": cast.ada,
    }
    back = {"undone_by": cast.ada, "undone_at": WEEK_1 + DAY}

    for wrong in (
        {"entered": first}, {"change": ""}, {"change": "other"}, {"undone_at": WEEK_1}, {"undone_by": cast.ada},
        back | {"undone_at": WEEK_1 - DAY}, back | {"undone_at": WEEK_1 + 15 * DAY},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Crossing.objects.create(**told | wrong)
    Crossing.objects.create(**told | back)
