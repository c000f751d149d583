"""The cohort board over the API."""

from datetime import timedelta

import pytest

from tests import roads
from tests.doors.asking import Api, no
from tests.roads import WEEK_1


def cell_of(board, name, number):
    place = [column["number"] for column in board["columns"]].index(number)
    return next(row for row in board["rows"] if row["name"] == name)["cells"][place]


def test_a_coach_sees_where_everybody_stands(cast, now):
    roads.answered(cast.mina, cast.tomas)
    roads.handed_in(cast.noor, at=WEEK_1)
    now.at = WEEK_1 + timedelta(hours=3)

    board = Api(cast.tomas).get(f"cohorts/{cast.spring.pk}/board/").json()

    assert [row["name"] for row in board["rows"]] == ["Mina", "Noor"]
    assert (board["levels"], board["week"], board["next"]) == (True, 1, None)
    assert board["facts"]["longest_wait"] == 180
    assert cell_of(board, "Mina", 1)["mean"] == 3.0
    assert (cell_of(board, "Noor", 1)["state"], cell_of(board, "Noor", 1)["minutes"]) == ("handed_in", 69 * 60)


def test_an_admin_sees_states_and_times_and_no_level(cast, now):
    roads.answered(cast.mina, cast.tomas)
    now.at = WEEK_1 + timedelta(hours=3)

    board = Api(cast.ada).get(f"cohorts/{cast.spring.pk}/board/").json()

    assert board["levels"] is False
    assert {cell["mean"] for row in board["rows"] for cell in row["cells"]} == {None}
    assert cell_of(board, "Mina", 1)["state"] == "done"


@pytest.mark.parametrize("who", ["mina", "ines", "lena"])
def test_there_is_no_board_for_anybody_else(cast, now, who):
    assert no(Api(getattr(cast, who)).get(f"cohorts/{cast.spring.pk}/board/")) == (404, "not_found")


@pytest.mark.parametrize("people", [1, 3])
def test_the_board_costs_the_same_for_one_client_and_for_three(cast, now, django_assert_num_queries, people):
    cohort = roads.cohort(f"Cohort of {people}")
    roads.coach(cohort, cast.tomas)
    for number in range(people):
        person = roads.person(f"Client{number}")
        roads.client(cohort, person)
        roads.handed_in(person)
    tomas = Api(cast.tomas)
    tomas.get(f"cohorts/{cohort.pk}/board/")  # what a process learns once, such as the edition's rubrics

    with django_assert_num_queries(12):
        board = tomas.get(f"cohorts/{cohort.pk}/board/").json()

    assert len(board["rows"]) == people
