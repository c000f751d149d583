"""Windows, flags and reasons seen to, thirty-two at once: exactly one effect."""

from datetime import date

import pytest

from clients.models import JournalEntry
from coaching import attending, calibrating, calling, convening, heeding, pairing, rating, substituting
from coaching.models import (
    Attendance,
    Call,
    CallSlot,
    ExemplarMark,
    Flag,
    LetOff,
    LiveSession,
    PairMark,
    PairRating,
    RatedPoint,
    Rating,
    SeenTo,
    Substitution,
)
from tests import callings, roads, sittings
from tests.calibrating import exemplars, newcomer
from tests.pairing import AFTER, allowed, asked, levels
from tests.roads import WEEK_1, WEEK_4

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY = 32


def succeeded(results):
    return [result for result in results if not isinstance(result, Exception)]


def codes(results):
    return {result.code for result in results if isinstance(result, Exception)}


def test_a_window_is_set_once_and_called_off_once(crowd, at_once):
    days = {"first_day": date(2026, 3, 9), "last_day": date(2026, 3, 13)}
    people = {"away": crowd.tomas, "substitute": crowd.ines}

    made = at_once(MANY, lambda _n: substituting.set_window(crowd.spring, **people, **days, by=crowd.tomas, at=WEEK_1))
    (window,) = succeeded(made)
    over = at_once(MANY, lambda _n: substituting.call_off(window, by=crowd.tomas, at=WEEK_1))

    assert (codes(made), Substitution.objects.count()) == ({"window.there"}, 1)
    assert (len(succeeded(over)), codes(over)) == (1, {"window.over"})
    assert JournalEntry.objects.filter(action__contains="window").count() == 2


def test_a_client_is_flagged_once_seen_to_once_and_lowered_once(crowd, at_once):
    mina = crowd.enrolment(crowd.mina)
    roads.coach(crowd.spring, crowd.ines)
    coaches = [crowd.tomas, crowd.ines]

    raised = at_once(MANY, lambda n: heeding.flag(mina, reason="Quiet", by=coaches[n % 2], at=WEEK_1))
    (flag,) = succeeded(raised)
    seen = at_once(MANY, lambda n: heeding.see_to(mina, rule="flag", by=coaches[n % 2], at=WEEK_1))
    lowered = at_once(MANY, lambda n: heeding.lower(flag, by=coaches[n % 2], at=WEEK_1))

    assert (codes(raised), Flag.objects.count()) == ({"flag.there"}, 1)
    assert (len(succeeded(seen)), codes(seen), SeenTo.objects.count()) == (1, {"risk.seen_to"}, 1)
    assert (len(succeeded(lowered)), codes(lowered)) == (1, {"flag.lowered"})


def test_a_client_is_marked_once_and_a_part_begins_once_whoever_says_so_at_one_moment(crowd, at_once):
    session, mina = sittings.session(crowd, 0), crowd.enrolment(crowd.mina).pk
    at = session.starts_at

    marked = at_once(MANY, lambda _n: attending.take(session, {mina: "here"}, by=crowd.tomas, at=at))
    begun = at_once(MANY, lambda _n: attending.begin(session, 1, by=crowd.tomas, at=at))

    assert (len(succeeded(marked)), len(succeeded(begun)), Attendance.objects.count()) == (MANY, MANY, 1)
    assert JournalEntry.objects.filter(action="marked as here").count() == 1
    assert JournalEntry.objects.filter(action="began a part").count() == 1


def test_a_session_is_cancelled_or_has_marks_and_never_both(crowd, at_once):
    session, mina = sittings.session(crowd, 0), crowd.enrolment(crowd.mina).pk
    at = session.starts_at

    def either(number):
        if number % 2:
            return attending.take(session, {mina: "here"}, by=crowd.tomas, at=at)
        return convening.cancel(session, reason="The coach is ill", by=crowd.tomas, at=at)

    results = at_once(MANY, either)

    cancelled = LiveSession.objects.get(pk=session.pk).state == "cancelled"
    assert cancelled != Attendance.objects.exists()
    assert codes(results) in ({"session.cancelled"}, {"session.attended"})


def test_an_exemplar_is_scored_once_and_a_coach_is_let_off_once(crowd, at_once):
    vera, one = newcomer(crowd.spring), exemplars(crowd.spring)[0]
    others = {key: 5 - level for key, level in one.reference.items()}

    given = at_once(MANY, lambda n: calibrating.score(one, levels=[one.reference, others][n % 2], by=vera, at=WEEK_1))
    off = at_once(MANY, lambda _n: calibrating.let_off(vera, reason="Wrote them", by=crowd.ada, at=WEEK_1))

    (levels,) = succeeded(given)
    assert (codes(given), dict(ExemplarMark.objects.values_list("criterion", "level"))) == (
        {"calibration.scored"},
        levels,
    )
    assert (len(succeeded(off)), codes(off)) == (1, {"calibration.off"})
    assert LetOff.objects.filter(coach=vera).count() == 1


def test_a_client_is_rated_once_by_whichever_coach_is_first(crowd, at_once):
    mina = crowd.enrolment(crowd.mina)
    roads.coach(crowd.spring, crowd.ines)
    coaches = [crowd.tomas, crowd.ines]
    given = {"upward": {"point": 4, "evidence": "Her update of Thursday."}}

    saved = at_once(MANY, lambda n: rating.rate(mina, "c4", given=given, by=coaches[n % 2], at=WEEK_4))

    assert (len(succeeded(saved)), codes(saved)) == (1, {"rating.there"})
    assert (Rating.objects.count(), RatedPoint.objects.count()) == (1, 1)
    assert JournalEntry.objects.filter(action="rated a client").count() == 1


def test_a_time_has_one_client_whoever_presses_and_from_however_many_tabs(crowd, at_once):
    first, second = callings.offered(crowd)
    mina, noor = crowd.enrolment(crowd.mina), crowd.enrolment(crowd.noor)
    clients = [(mina, crowd.mina), (noor, crowd.noor)]

    def book(number):
        enrolment, who = clients[number % 2]
        return calling.book(enrolment, first, by=who, at=WEEK_4)

    took = at_once(MANY, book)

    assert len(succeeded(took)) == 1
    assert codes(took) <= {"call.taken", "call.there"}
    assert JournalEntry.objects.filter(action="booked a call").count() == 1
    assert Call.objects.get().version == 1
    assert CallSlot.objects.filter(withdrawn_at=None).count() == 2
    assert second.pk != Call.objects.get().slot_id


def test_two_who_swap_their_times_at_one_moment_neither_lose_one_nor_share_one(crowd, at_once):
    callings.offered(crowd)
    calls_ = [callings.booked(crowd, "mina", 0), callings.booked(crowd, "noor", 1)]
    times = callings.slots(crowd)

    swapped = at_once(
        MANY,
        lambda n: calling.move(calls_[n % 2], times[1 - n % 2], reason=callings.WHY, by=crowd.tomas, at=WEEK_4),
    )

    assert (succeeded(swapped), codes(swapped)) == ([], {"call.taken"})


def test_a_time_is_booked_or_taken_back_and_never_both(crowd, at_once):
    first, _second = callings.offered(crowd)
    mina = crowd.enrolment(crowd.mina)

    def either(number):
        if number % 2:
            return calling.book(mina, first, by=crowd.mina, at=WEEK_4)
        return calling.withdraw(first, by=crowd.tomas, at=WEEK_4)

    at_once(MANY, either)

    assert Call.objects.exists() != (CallSlot.objects.get(pk=first.pk).withdrawn_at is not None)


def test_the_same_times_are_offered_once(crowd, at_once):
    made = at_once(MANY, lambda _n: callings.offered(crowd))

    assert (len(succeeded(made)), codes(made), CallSlot.objects.count()) == (1, {"call.overlaps"}, 2)


def test_two_read_a_pair_however_many_are_asked_at_once(crowd, at_once):
    allowed(crowd, crowd.mina)
    readers = [roads.person(f"Reader{number}") for number in range(4)]
    for reader in readers:
        roads.coach(crowd.autumn, reader)
    mina = crowd.enrolment(crowd.mina)

    made = at_once(MANY, lambda n: pairing.ask(mina, rater=readers[n % 4], by=crowd.ada, at=AFTER))

    assert sorted(PairRating.objects.values_list("seat", flat=True)) == [1, 2]
    assert len({rating.rater_id for rating in succeeded(made)}) == 2
    assert codes(made) <= {"pair.asked", "pair.full"}


def test_two_readers_save_at_once_and_neither_saves_twice(crowd, at_once):
    theo = roads.person("Theo")
    roads.coach(crowd.autumn, theo)
    ratings = [asked(crowd, crowd.mina, who) for who in (crowd.ines, theo)]
    given = [levels(rating, early=1 + number, late=3 + number) for number, rating in enumerate(ratings)]

    saved = at_once(
        MANY, lambda n: pairing.rate(ratings[n % 2], levels=given[n % 2], by=ratings[n % 2].rater, at=AFTER)
    )

    assert (len(succeeded(saved)), codes(saved)) == (2, {"pair.rated"})
    assert PairMark.objects.count() == 20
    assert JournalEntry.objects.filter(action="read a pair blind").count() == 2


def test_times_are_offered_before_a_session_of_another_cohort_moves_there_or_not_at_all(crowd, at_once):
    """Whatever stands in the journal first was done first; what came second knew of it."""
    sittings.arranged(crowd)
    roads.coach(crowd.autumn, crowd.tomas)
    session = sittings.session(crowd, 5)
    walls = [callings.FRIDAY, callings.MONDAY]

    def act(number):
        if number == MANY // 2:
            return convening.move(session, wall=callings.FRIDAY, by=crowd.tomas, at=WEEK_4)
        return calling.offer(crowd.autumn, walls=walls, minutes=20, by=crowd.tomas, at=WEEK_4)

    results = at_once(MANY, act)

    moved = JournalEntry.objects.get(action="moved session")
    offered = list(JournalEntry.objects.filter(action="offered calls"))
    assert codes(results) <= {"call.overlaps", "call.session"}
    assert len(offered) <= 1
    assert all(one.pk < moved.pk for one in offered)
