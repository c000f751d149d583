"""Who coaches whom, what of it a coach may see, and what waits."""

from datetime import timedelta

import pytest

from clients import joining, submitting
from clients.models import Cohort
from coaching import assigning, caseload, reviewing
from coaching.caseload import Roles
from coaching.models import Assignment
from coaching.promises import PROMISE
from tests import roads
from tests.roads import WEEK_1, WEEK_2

HOUR = timedelta(hours=1)

ROLES = {
    "mina": Roles(client=True, coach=False, admin=False, lead=False),
    "tomas": Roles(client=False, coach=True, admin=False, lead=False, has_cohort=True),
    "ada": Roles(client=False, coach=False, admin=True, lead=False),
    "lena": Roles(client=False, coach=False, admin=False, lead=False),
}


def names(rows):
    return [row.client for row in rows]


def end_assignment(cast, coach):
    assigning.release(Assignment.objects.get(coach=coach, ended_at=None), by=cast.ada, at=WEEK_1)


# --- Roles and sight -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "roles"), ROLES.items())
def test_what_people_do_here_is_read_from_their_rows(cast, who, roles):
    assert caseload.roles_of(getattr(cast, who), at=WEEK_1) == roles


def test_a_coach_who_was_released_is_a_coach_no_more(cast):
    end_assignment(cast, cast.tomas)

    assert caseload.roles_of(cast.tomas, at=WEEK_1).coach is False


def test_a_draft_is_not_there_for_a_coach(cast):
    roads.drafted(cast.mina)

    assert list(caseload.reviewable_by(cast.tomas, at=WEEK_1)) == []
    assert list(caseload.handed_to(cast.tomas, at=WEEK_1)) == []


def test_what_was_taken_back_cannot_be_read_and_does_not_vanish_from_the_desk(cast):
    attempt = roads.handed_in(cast.mina)
    submitting.take_back(attempt.submission, by=cast.mina, at=WEEK_1 + HOUR)

    assert list(caseload.reviewable_by(cast.tomas, at=WEEK_1)) == []
    assert list(caseload.handed_to(cast.tomas, at=WEEK_1)) == [attempt.submission]


def test_a_coach_reads_what_was_handed_in_and_a_stranger_and_an_admin_do_not(cast):
    piece = roads.handed_in(cast.mina).submission

    seen = {
        who: list(caseload.reviewable_by(getattr(cast, who), at=WEEK_1)) for who in ("tomas", "ines", "ada", "mina")
    }

    assert seen == {"tomas": [piece], "ines": [], "ada": [], "mina": []}


def test_nobody_reads_their_own_work_as_a_coach(cast):
    roads.coach(cast.autumn, cast.mina)
    roads.client(cast.autumn, cast.ines)
    roads.coach(cast.spring, cast.ines)
    own = roads.handed_in(cast.ines).submission

    assert list(caseload.reviewable_by(cast.ines, at=WEEK_1)) == []
    assert list(caseload.handed_to(cast.ines, at=WEEK_1)) == []
    assert list(caseload.reviewable_by(cast.mina, at=WEEK_1)) == [own]


def test_cohorts_and_boards_are_visible_to_those_they_concern(cast):
    cohorts = {
        who: {cohort.name for cohort in caseload.cohorts_visible_to(getattr(cast, who))}
        for who in ("mina", "tomas", "ada", "lena")
    }
    boards = {
        who: {cohort.name for cohort in caseload.boards_visible_to(getattr(cast, who))}
        for who in ("mina", "tomas", "ada", "lena")
    }

    assert cohorts == {"mina": {"Spring"}, "tomas": {"Spring"}, "ada": {"Spring", "Autumn"}, "lena": set()}
    assert boards == {"mina": set(), "tomas": {"Spring"}, "ada": {"Spring", "Autumn"}, "lena": set()}


# --- The queue -----------------------------------------------------------------------------------------


def test_the_queue_is_ordered_by_time_left_on_the_promise(cast):
    roads.handed_in(cast.noor, at=WEEK_1 + HOUR)
    roads.handed_in(cast.mina, at=WEEK_1)

    rows = caseload.queue(cast.tomas, at=WEEK_1 + 2 * HOUR)

    assert names(rows) == ["Mina", "Noor"]
    assert [row.left for row in rows] == [70 * HOUR, 71 * HOUR]


def test_time_left_is_negative_once_the_promise_is_broken(cast):
    roads.handed_in(cast.mina, at=WEEK_1)

    (row,) = caseload.queue(cast.tomas, at=WEEK_1 + PROMISE + HOUR)

    assert (row.promised_at, row.left) == (WEEK_1 + PROMISE, -HOUR)


def test_a_row_says_who_has_it_since_when_and_whether_it_is_free(cast):
    roads.coach(cast.spring, cast.ines)
    roads.claimed(cast.mina, cast.ines, at=WEEK_1)

    (row,) = caseload.queue(cast.tomas, at=WEEK_1)

    assert (row.claimed_by, row.claimed_at) == ("Ines", WEEK_1 + HOUR)
    assert (row.is_free_for(cast.tomas), row.is_free_for(cast.ines)) == (False, True)


def test_a_row_is_about_the_attempt_that_stands(cast):
    roads.answered(cast.mina, cast.tomas, another=True)
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_2)
    roads.handed_in(cast.mina, at=WEEK_2, why="Each refusal costs us a sale and a customer.")

    (row,) = caseload.queue(cast.tomas, at=WEEK_1)

    assert (row.attempt, row.claimed_by, row.is_late, row.handed_in_at) == (2, "", False, WEEK_2)


def test_what_was_taken_back_and_handed_in_again_at_once_is_there_once(cast):
    piece = roads.handed_in(cast.mina, at=WEEK_1).submission
    submitting.take_back(piece, by=cast.mina, at=WEEK_1)
    submitting.hand_in(piece, by=cast.mina, at=WEEK_1, client_key="again")

    assert [(row.client, row.attempt) for row in caseload.queue(cast.tomas, at=WEEK_1)] == [("Mina", 1)]


def test_a_late_piece_says_so(cast):
    roads.handed_in(cast.mina, at=WEEK_2)

    assert [row.is_late for row in caseload.queue(cast.tomas, at=WEEK_1)] == [True]


def test_what_was_answered_left_or_closed_waits_no_more(cast):
    roads.answered(cast.mina, cast.tomas)
    roads.handed_in(cast.noor)
    joining.withdraw(cast.enrolment(cast.noor), by=cast.ada, at=WEEK_1 + HOUR)
    roads.handed_in(cast.omar)
    Cohort.objects.filter(pk=cast.autumn.pk).update(closed_at=WEEK_1)

    assert caseload.queue(cast.tomas, at=WEEK_1) + caseload.queue(cast.ines, at=WEEK_1) == []


def test_pages_of_the_queue_meet_without_a_gap_also_at_one_instant(cast):
    for number in range(5):
        person = roads.person(f"Client{number}")
        roads.client(cast.spring, person)
        roads.handed_in(person, at=WEEK_1)
    everything = names(caseload.queue(cast.tomas, at=WEEK_1))

    first = caseload.queue(cast.tomas, at=WEEK_1, limit=2)
    second = caseload.queue(cast.tomas, at=WEEK_1, after=first[-1].place, limit=2)
    third = caseload.queue(cast.tomas, at=WEEK_1, after=second[-1].place, limit=2)

    assert names(first + second + third) == everything
    assert caseload.queue(cast.tomas, at=WEEK_1, after=third[-1].place) == []


@pytest.mark.parametrize("size", [1, 3])
def test_the_queue_is_two_queries_whatever_waits(cast, django_assert_num_queries, size):
    for person in (cast.mina, cast.noor, roads.person("Pia"))[:size]:
        if person.name == "Pia":
            roads.client(cast.spring, person)
        roads.handed_in(person)

    with django_assert_num_queries(2):
        rows = caseload.queue(cast.tomas, at=WEEK_1)

    assert len(rows) == size


def test_what_waits_is_counted(cast):
    roads.handed_in(cast.mina)
    roads.claimed(cast.noor, cast.tomas)

    assert (caseload.waiting_count(cast.tomas, at=WEEK_1), caseload.waiting_count(cast.ines, at=WEEK_1)) == (2, 0)


# --- The next piece ------------------------------------------------------------------------------------


def test_the_next_piece_is_the_longest_wait_that_no_colleague_has(cast):
    roads.coach(cast.spring, cast.ines)
    roads.claimed(cast.mina, cast.ines, at=WEEK_1)
    noors = roads.handed_in(cast.noor, at=WEEK_1 + HOUR).submission
    pia = roads.person("Pia")
    roads.client(cast.spring, pia)
    other = roads.handed_in(pia, at=WEEK_1 + 2 * HOUR).submission

    assert caseload.next_for(cast.tomas, but=other, at=WEEK_2) == noors
    assert caseload.next_for(cast.tomas, but=noors, at=WEEK_2) == other


def test_one_s_own_claim_is_a_next_piece_and_an_old_claim_of_a_colleague_does_not_matter(cast):
    roads.coach(cast.spring, cast.ines)
    roads.answered(cast.mina, cast.ines, another=True)
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_2)
    second = roads.handed_in(cast.mina, at=WEEK_2).submission
    mine = roads.claimed(cast.noor, cast.tomas, at=WEEK_2 + HOUR)

    assert caseload.next_for(cast.tomas, but=mine, at=WEEK_2) == second
    assert caseload.next_for(cast.tomas, but=second, at=WEEK_2) == mine


def test_there_is_no_next_piece_when_nothing_else_waits(cast):
    only = roads.handed_in(cast.mina).submission

    assert caseload.next_for(cast.tomas, but=only, at=WEEK_2) is None


def test_the_next_due_time_is_the_end_of_the_week_in_hand(cast):
    due = caseload.next_due_at(cast.tomas, at=WEEK_1)

    # Sunday 8 March 23:59:59 in Berlin
    assert due.isoformat() == "2026-03-08T22:59:59+00:00"
    assert caseload.next_due_at(cast.lena, at=WEEK_1) is None


def test_a_released_claim_is_free_again(cast):
    piece = roads.claimed(cast.mina, cast.tomas)
    reviewing.release(piece, by=cast.tomas, at=WEEK_1 + 2 * HOUR)

    assert [row.claimed_by for row in caseload.queue(cast.tomas, at=WEEK_1)] == [""]


def test_before_the_first_hand_in_the_queue_is_empty(cast):
    roads.drafted(cast.mina)

    assert caseload.queue(cast.tomas, at=WEEK_1) == []
