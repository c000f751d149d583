"""Means that can be held beside each other: whether some combination of them is about a few."""

from itertools import combinations
from random import Random

import pytest

from curriculum.small_sums import about_few


def of(*people):
    """A sum that adds one number of each."""
    return {(who, "said"): 1 for who in people}


TWELVE = range(12)


@pytest.mark.parametrize(
    ("sums", "few"),
    [
        ([], False),
        ([of(*range(4))], True),
        ([of(*range(5))], False),
        ([of(*TWELVE), of(*TWELVE)], False),
        ([of(*TWELVE), of(*range(13))], True),
        ([of(*TWELVE), of(*range(17))], False),
        ([of(*TWELVE), of(*range(7))], False),
        ([of(*TWELVE), of(*range(8))], True),
        ([of(*range(10)), of(*range(5, 15))], False),
    ],
)
def test_two_sums_over_nearly_the_same_people_tell_of_those_who_make_the_difference(sums, few):
    assert about_few(sums, least=5) is few


def test_three_sums_can_tell_what_no_two_of_them_do():
    """Six, six others, and all of them with one more."""
    sums = [of(*range(6)), of(*range(6, 12)), of(*range(13))]

    assert [about_few(pair, least=5) for pair in combinations(sums, 2)] == [False] * 3
    assert about_few(sums, least=5)


def test_whoever_changed_their_number_is_one_of_the_difference():
    before = of(*TWELVE)
    after = of(*range(1, 12)) | {(0, "said", "something else"): 1}

    assert about_few([before, after], least=5)


def test_a_change_and_where_it_began_tell_nothing_of_one_more_than_both():
    began = of(*TWELVE)
    moved = {(who, column): times for who in TWELVE for column, times in (("said", -1), ("says", 1))}

    assert not about_few([began, moved], least=5)
    assert about_few([of(*range(13)), moved, {(who, "says"): 1 for who in TWELVE}], least=5)


def test_where_there_are_too_many_sets_to_go_through_few_are_taken_to_be_given_away():
    """Forty-one people, each in a sum of their own kind."""
    sums = [{(who, "said"): 1 for who in range(40) if who >> bit & 1} | of(*range(40, 60)) for bit in range(6)]

    assert about_few(sums, least=10)


def test_numpy_finds_the_same_person_by_person():
    import numpy

    found = {True: 0, False: 0}
    for seed in range(80):
        chance = Random(f"sums {seed}")
        people = range(chance.randint(8, 14))
        shares = [chance.choice((0.4, 0.6, 1)) for _n in range(chance.randint(1, 3))]
        sums = [of(*(who for who in people if chance.random() < share)) for share in shares]
        rows = numpy.array([[float((who, "said") in one) for who in people] for one in sums])
        rank = numpy.linalg.matrix_rank(rows)
        sets = [few for size in range(1, 5) for few in combinations(people, size)]
        said = any(numpy.linalg.matrix_rank(numpy.delete(rows, few, axis=1)) < rank for few in sets)
        assert about_few(sums, least=5) is said, seed
        found[said] += 1

    assert min(found.values()) > 10
