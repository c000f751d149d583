"""The file of a board says of everybody what its page says, whatever stands behind a word."""

from datetime import timedelta

import pytest

from clients import choosing, deadlines, excusing, extending, holding, submitting
from clients.models import Enrolment
from coaching import board, board_lines
from curriculum.models import Exercise
from tests import roads
from tests.roads import BEFORE, WEEK_1

DAY = timedelta(days=1)


@pytest.fixture
def spring(cast):
    """Pieces in every state, dates of their own, somebody who is excused, and a stranger in another cohort."""
    more = {name: roads.person(name, zone) for name, zone in (("Ida", "Asia/Tokyo"), ("Una", "Europe/Berlin"))}
    for who in more.values():
        roads.client(cast.spring, who)
    late = roads.person("Zoe")
    roads.client(cast.spring, late, WEEK_1 + 9 * DAY)
    roads.answered(cast.mina, cast.tomas)
    begun = roads.piece(cast.mina, "w2-x1")
    submitting.save_draft(begun, answer={}, revision=begun.draft_revision, by=cast.mina, at=WEEK_1 + 8 * DAY)
    roads.answered(cast.noor, cast.tomas, another=True)
    roads.handed_in(more["Ida"])
    roads.claimed(more["Una"], cast.tomas)
    roads.assessed(cast.mina, at=WEEK_1)
    charter = roads.piece(cast.noor, "w0-charter")
    submitting.save_draft(charter, answer={}, revision=charter.draft_revision, by=cast.noor, at=WEEK_1)
    roads.answered(cast.omar, cast.ines)
    choosing.choose(cast.noor, zone="Pacific/Honolulu", at=WEEK_1)
    holding.hold(_of(more["Ida"]), by=cast.ada, at=WEEK_1 + DAY)
    piece, at = roads.piece(more["Una"], "w2-x1"), WEEK_1 + 8 * DAY
    asked = extending.ask(piece, until=extending.days_on_offer(piece, at=at)[1], by=more["Una"], at=at)
    if asked.state == asked.State.ASKED:
        extending.answer(asked, grant=True, by=cast.tomas, at=at)
    return cast.spring


def _of(who):
    return deadlines.with_calendar(Enrolment.objects.all()).get(client=who)


def _both(cohort, at):
    page = board.board(cohort, at=at, levels=True, page=None).rows
    expected = [
        (row.name, row.seen_at, [board_lines.in_words(cell) for cell in row.cells], row.sessions) for row in page
    ]
    return [tuple(line) for line in board_lines.of(cohort, at=at)[1]], expected


@pytest.mark.parametrize("days", [-3, 0, 9, 12, 30, 90])
def test_everybody_is_told_of_in_the_words_of_the_page(cast, spring, days):
    found, expected = _both(spring, WEEK_1 + days * DAY)

    assert found == expected
    assert [name for name, *_rest in found] == ["Ida", "Mina", "Noor", "Una", "Zoe"]


def test_every_word_there_is_stands_in_one_file(cast, spring):
    words = {word for days in (0, 9, 12, 30) for line in _both(spring, WEEK_1 + days * DAY)[0] for word in line[2]}

    assert {"3.0", "handed_in", "in_review", "returned", "draft", "open", "locked"} <= words
    assert any(word.startswith("late ") for word in words) and any(" until " in word for word in words)


def test_whoever_is_excused_is_looked_at_as_on_the_page(cast, spring):
    for one in Exercise.objects.filter(edition=spring.edition, key__in=("w2-x1", "w0-charter")):
        excusing.excuse(_of(cast.noor), one, reason="On leave", by=cast.ada, at=BEFORE)

    found, expected = _both(spring, WEEK_1 + 30 * DAY)

    assert found == expected
    assert "excused" in found[2][2]


@pytest.mark.parametrize("more", [0, 3, 30])
def test_a_file_takes_the_same_queries_however_many_there_are(cast, django_assert_num_queries, more):
    for number in range(more):
        roads.client(cast.spring, roads.person(f"Client{number:02}"))
    list(board_lines.of(cast.spring, at=WEEK_1)[1])  # what an edition asks for is looked up once in a process

    with django_assert_num_queries(6):
        list(board_lines.of(cast.spring, at=WEEK_1)[1])
