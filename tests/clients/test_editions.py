"""A cohort walks the edition it was opened on, whatever is published afterwards."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from clients import opening
from clients.models import Cohort, Submission
from curriculum import editions, importing, publishing
from curriculum.models import Exercise
from tests import roads
from tests.roads import BEFORE, STARTS_ON, WEEK_1, WEEK_2


@pytest.fixture
def walking(cast, tmp_path):
    """A cohort on an edition of before, in which Lena has handed something in."""
    before = roads.edition_of_before(tmp_path)
    cohort = opening.open_cohort(
        name="Earlier", edition=before, starts_on=STARTS_ON, zone="Europe/Berlin", by=cast.ada, at=BEFORE
    )
    roads.coach(cohort, cast.tomas)
    roads.client(cohort, cast.lena)
    roads.handed_in(cast.lena)
    return cohort


def publish_anew(tmp_path, at):
    """The programme once more, with one word changed."""
    folder = roads.copy_of_content(tmp_path / "anew")
    title = folder / "weeks" / "w1" / "week.yaml"
    title.write_text(title.read_text().replace("The game changed", "The game has changed"))
    return publishing.publish(importing.import_edition(folder), signed_by="Ruth", at=at)


def rows(cohort):
    """What the clients of a cohort have, and on what it rests."""
    columns = ("pk", "exercise", "exercise__edition", "state", "draft", "attempts__answer", "attempts__edition")
    return list(Submission.objects.filter(enrolment__cohort=cohort).order_by("pk").values_list(*columns))


def test_a_new_edition_leaves_a_cohort_and_its_pieces_as_they_are(walking, tmp_path):
    pinned, before = walking.edition, rows(walking)

    published = publish_anew(tmp_path, WEEK_2)

    now = Cohort.objects.get(pk=walking.pk)
    assert (now.edition, rows(now)) == (pinned, before)
    assert editions.newest() == published != pinned


def test_who_joins_later_gets_the_pieces_of_the_edition_their_cohort_walks(walking, cast, tmp_path):
    publish_anew(tmp_path, WEEK_1)

    roads.client(walking, roads.person("Nia"), at=WEEK_1 + timedelta(days=1))

    exercises = set(Submission.objects.filter(enrolment__client__name="Nia").values_list("exercise", flat=True))
    assert exercises == {exercise.pk for exercise in editions.exercises_of(walking.edition)}
    assert {exercise.week.number for exercise in editions.exercises_of(walking.edition)} == {0, 1, 2}


def test_a_cohort_opened_later_walks_the_new_one(walking, cast, tmp_path):
    published = publish_anew(tmp_path, WEEK_1)

    assert roads.cohort("Later", by=cast.ada).edition == published


def test_what_is_counted_has_no_piece_in_any_edition(walking, tmp_path):
    counted = Exercise.objects.filter(counted=True, edition=walking.edition).values_list("key", flat=True)

    assert sorted(counted) == ["w0-assessment", "w0-log", "w2-x2"]
    assert not Submission.objects.filter(exercise__counted=True).exists()


def test_what_an_earlier_edition_counts_is_marked_although_it_is_frozen(db, tmp_path):
    draft = importing.import_edition(roads.copy_of_content(tmp_path / "earlier", version="0"))
    draft.exercises.update(counted=False)
    earlier = publishing.publish(draft, signed_by="Ruth", at=BEFORE)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(import_module("curriculum.migrations.0003_counted_exercises").MARK)

    kinds = set(earlier.exercises.filter(counted=True).values_list("kind", flat=True))
    assert kinds == {"log", "assessment"}
    assert set(earlier.exercises.filter(kind__in=kinds).values_list("counted", flat=True)) == {True}
