"""Blind pairs: who may be read and by whom, what a reader sees, and what two readers come to."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from clients import submitting
from clients.models import JournalEntry, Message
from coaching import assigning, pair_letters, pairing, pairs, reviewing, substituting
from coaching.models import Assignment, BlindPair, PairConsent, PairMark, PairRating
from tests import roads
from tests.pairing import AFTER, EARLY, LATE, WEEK_8, allowed, asked, both_texts, levels, rated
from tests.roads import BEFORE, WEEK_1

DAY = timedelta(days=1)


@pytest.fixture
def theo(cast):
    """A second coach nobody here knows."""
    who = roads.person("Theo")
    roads.coach(roads.cohort("Reserve", by=cast.ada), who)
    return who


def ask(cast, rater, who=None):
    return pairing.ask(cast.enrolment(who or cast.mina), rater=rater, by=cast.ada, at=AFTER)


def code_of(act):
    with pytest.raises(Exception) as refused:
        act()
    return refused.value.code


# --- Whose texts --------------------------------------------------------------------------------------


def test_nobody_is_asked_about_a_client_who_did_not_allow_it_or_took_it_back(cast):
    both_texts(cast.mina)
    never = code_of(lambda: ask(cast, cast.ines))
    pairing.consent(cast.enrolment(cast.mina), by=cast.mina, at=AFTER)

    pairing.withdraw(cast.enrolment(cast.mina), by=cast.mina, at=AFTER)

    assert (never, code_of(lambda: ask(cast, cast.ines))) == ("pair.no_consent", "pair.no_consent")
    assert pairs.rows(cast.ada) == []


def test_only_the_client_allows_it(cast):
    mine = cast.enrolment(cast.mina)

    assert [code_of(lambda who=who: pairing.consent(mine, by=who, at=AFTER)) for who in (cast.ada, cast.tomas)] == [
        "pair.not_yours",
        "pair.not_yours",
    ]


def test_both_texts_have_to_be_there_in_words(cast):
    roads.handed_in_recording(cast.mina, "w1-t1")
    roads.translated(cast.mina, "w8-t8", at=WEEK_8)
    pairing.consent(cast.enrolment(cast.mina), by=cast.mina, at=AFTER)

    assert code_of(lambda: ask(cast, cast.ines)) == "pair.no_samples"


def test_the_first_attempts_are_read_and_not_what_feedback_made_of_them(cast):
    allowed(cast, cast.mina)
    piece = roads.piece(cast.mina, "w8-t8")
    sent = roads.content(piece, another=True)
    reviewing.send_feedback(piece, content=sent, by=cast.tomas, at=WEEK_8 + DAY)
    submitting.try_again(roads.piece(cast.mina, "w8-t8"), by=cast.mina, at=WEEK_8 + 2 * DAY)
    roads.translated(cast.mina, "w8-t8", at=WEEK_8 + 2 * DAY, script="Another text altogether, much better.")

    shown = pairs.blind(ask(cast, cast.ines)).texts

    assert len(shown) == 2
    assert "Another text altogether" not in "".join(shown)


# --- By whom ------------------------------------------------------------------------------------------


def test_whoever_taught_stood_in_or_walked_beside_the_client_is_never_asked(cast, theo):
    allowed(cast, cast.mina)
    former, stand_in, fellow = roads.person("Petra"), roads.person("Pia"), cast.noor
    roads.coach(cast.spring, former)
    assigning.release(Assignment.objects.get(coach=former), by=cast.ada, at=WEEK_1)
    for who in (former, stand_in, fellow):
        roads.coach(roads.cohort(f"Of {who}", by=cast.ada), who)
    substituting.set_window(
        cast.spring, away=cast.tomas, substitute=stand_in, first_day=date(2026, 3, 9), last_day=date(2026, 3, 10),
        by=cast.tomas, at=BEFORE,
    )  # fmt: skip
    (row,) = pairs.rows(cast.ada)

    assert [coach.name for coach in row.offered] == ["Ines", "Theo"]
    assert {code_of(lambda who=who: ask(cast, who)) for who in (cast.tomas, former, stand_in, fellow, cast.lena)} == {
        "pair.knows"
    }


def test_nobody_reads_their_own_texts(cast):
    allowed(cast, cast.mina)
    roads.coach(cast.autumn, cast.mina)

    assert code_of(lambda: ask(cast, cast.mina)) == "pair.knows"


def test_two_read_and_nobody_twice(cast, theo):
    first = asked(cast, cast.mina, cast.ines)
    again = code_of(lambda: ask(cast, cast.ines))
    second = ask(cast, theo)
    third = roads.person("Otto")
    roads.coach(cast.autumn, third)

    assert (again, code_of(lambda: ask(cast, third))) == ("pair.asked", "pair.full")
    assert (first.pair, first.seat, second.seat) == (second.pair, 1, 2)


def test_a_pair_closes_with_the_next_request_when_its_reader_comes_to_know_the_client(cast):
    rating = asked(cast, cast.mina, cast.ines)
    before = pairs.find(cast.ines, rating.token)

    roads.coach(cast.spring, cast.ines)

    assert (before, pairs.find(cast.ines, rating.token)) == (rating, None)
    assert code_of(lambda: pairing.rate(rating, levels=levels(rating), by=cast.ines, at=AFTER)) == "pair.not_yours"


def test_a_pair_closes_when_its_client_takes_it_back_and_what_was_given_stays(cast, theo):
    done, open_ = rated(asked(cast, cast.mina, cast.ines)), ask(cast, theo)

    pairing.withdraw(cast.enrolment(cast.mina), by=cast.mina, at=AFTER)

    assert [pairs.find(one.rater, one.token) for one in (done, open_)] == [None, None]
    assert PairMark.objects.filter(rating=done).count() == 10
    withdrawn_again = code_of(lambda: pairing.withdraw(cast.enrolment(cast.mina), by=cast.mina, at=AFTER))
    assert withdrawn_again == "pair.not_allowed"


def test_a_pair_is_nobody_else_s(cast, theo):
    rating = asked(cast, cast.mina, cast.ines)

    others = (cast.tomas, theo, cast.mina, cast.noor, cast.ada, cast.lena)

    assert [pairs.find(who, rating.token) for who in others] == [None] * 6


# --- What a reader sees -------------------------------------------------------------------------------


def test_texts_come_without_names_and_days_in_the_order_that_was_drawn(cast):
    rating = asked(cast, cast.mina, cast.ines)
    early = EARLY.replace("Tomas", "[name]").replace("Mina", "[name]").replace("4 March", "[date]")
    late = LATE.replace("Noor", "[name]").replace("23 April", "[date]")

    shown = pairs.blind(rating)

    assert shown.texts == ((late, early) if rating.late_first else (early, late))
    assert (shown.title, shown.is_rated) == ("Translation", False)


def test_the_order_is_drawn_anew_for_every_reader(cast):
    drawn = set()
    for number in range(40):
        who = roads.person(f"Client{number}")
        roads.client(cast.spring, who)
        both_texts(who)
        pairing.consent(cast.enrolment(who), by=who, at=AFTER)
        drawn.add(ask(cast, cast.ines, who).late_first)

    assert drawn == {True, False}
    tokens = list(PairRating.objects.values_list("token", flat=True))
    assert (len(set(tokens)), {len(token) for token in tokens}) == (40, {32})


def test_the_letter_names_nobody_and_no_cohort(cast):
    rating = asked(cast, cast.mina, cast.ines)

    (message,) = Message.objects.filter(kind="review.pair")

    assert (message.person, message.cohort, message.about) == (cast.ines, None, {"rating": rating.pk})
    letter = pair_letters.letter(message, AFTER)
    told = letter.subject + letter.text
    assert [name for name in ("Mina", "Spring", "Translation") if name in told] == []
    assert pair_letters.guard(message, AFTER) is None
    rated(rating)
    assert pair_letters.guard(message, AFTER) == "it was read already"


# --- Rating -------------------------------------------------------------------------------------------


def test_both_texts_are_rated_whole_and_once(cast):
    rating = asked(cast, cast.mina, cast.ines)
    half = levels(rating) | {"second": {"lead": 2}}
    incomplete = code_of(lambda: pairing.rate(rating, levels=half, by=cast.ines, at=AFTER))

    done = rated(rating, early=1, late=4)
    again = code_of(lambda: rated(rating, early=4, late=1))

    assert (incomplete, again) == ("pair.incomplete", "pair.rated")
    marks = {(mark.place == 1) == done.late_first: mark.level for mark in done.marks.all()}
    assert marks == {False: 1, True: 4}
    assert pairs.blind(PairRating.objects.select_related(*pairs.OF_A_RATING).get(pk=done.pk)).texts == ()


def test_every_step_has_its_line_in_the_journal(cast):
    rated(asked(cast, cast.mina, cast.ines))

    lines = JournalEntry.objects.filter(at=AFTER).order_by("pk").values_list("actor", "action")

    assert list(lines) == [
        ("Mina", "allowed blind reading"),
        ("Ada", "asked for blind reading"),
        ("Ines", "read a pair blind"),
    ]


# --- Agreement ----------------------------------------------------------------------------------------


def test_two_readers_of_a_pair_agree_text_by_text_whatever_order_each_saw(cast, theo):
    one, other = asked(cast, cast.mina, cast.ines), ask(cast, theo)
    alone = pairs.agreed()
    rated(one, early=1, late=4)
    rated(other, early=1, late=4)

    agreed = pairs.agreed()

    assert (alone.n, alone.kappa) == (0, None)
    assert (agreed.n, agreed.pairs, agreed.kappa) == (10, 1, 1)


def test_readers_who_see_it_the_other_way_round_do_not_agree(cast, theo):
    rated(asked(cast, cast.mina, cast.ines), early=1, late=4)
    rated(ask(cast, theo), early=4, late=1)

    assert pairs.agreed().kappa == -1


def test_a_pair_read_by_one_counts_for_nothing(cast):
    rated(asked(cast, cast.mina, cast.ines))

    assert pairs.agreed().words == "No pair has been read by two coaches yet."


@pytest.mark.parametrize("people", [1, 3])
def test_what_admins_see_costs_the_same_however_many_are_read(cast, theo, django_assert_num_queries, people):
    for number in range(people):
        who = roads.person(f"Client{number}")
        roads.client(cast.spring, who)
        both_texts(who)
        pairing.consent(cast.enrolment(who), by=who, at=AFTER)
        rated(ask(cast, cast.ines, who))
        ask(cast, theo, who)

    with django_assert_num_queries(11):
        pairs.rows(cast.ada)


# --- What the database holds --------------------------------------------------------------------------


def refused(name, act):
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        act()


def test_the_database_keeps_a_pair_to_two_readers_of_two_texts(cast, theo):
    rating = asked(cast, cast.mina, cast.ines)
    row = {"pair": rating.pair, "rater": theo, "seat": 2, "token": "x", "late_first": True, "asked_at": AFTER}
    pair = {"enrolment": rating.pair.enrolment, "early": rating.pair.early, "late": rating.pair.late, "made_at": AFTER}

    refused("a_coach_reads_a_pair_once", lambda: PairRating.objects.create(**row | {"rater": cast.ines}))
    refused("one_reader_a_seat", lambda: PairRating.objects.create(**row | {"seat": 1}))
    refused("a_pair_has_two_readers_at_most", lambda: PairRating.objects.create(**row | {"seat": 3}))
    refused("token", lambda: PairRating.objects.create(**row | {"token": rating.token}))
    refused("a_pair_is_rated_after_it_was_asked", lambda: PairRating.objects.create(**row | {"rated_at": BEFORE}))
    refused("the_same_pair_is_made_once", lambda: BlindPair.objects.create(**pair))
    refused("a_pair_is_of_two", lambda: BlindPair.objects.create(**pair | {"late": rating.pair.early}))


def test_the_database_keeps_consents_in_order(cast):
    mine = cast.enrolment(cast.mina)
    PairConsent.objects.create(enrolment=mine, given_at=WEEK_1)

    refused("a_client_consents_once_at_a_time", lambda: PairConsent.objects.create(enrolment=mine, given_at=AFTER))
    refused(
        "a_consent_ends_after_it_was_given",
        lambda: PairConsent.objects.create(enrolment=mine, given_at=WEEK_1, withdrawn_at=BEFORE),
    )


def test_the_database_keeps_a_saved_rating_as_it_is(cast):
    rating = asked(cast, cast.mina, cast.ines)
    one = pairs.criteria(rating)[0]
    mark = {"rating": rating, "place": 1, "criterion": one, "level": 3}
    refused("a_pair_shows_two_texts", lambda: PairMark.objects.create(**mark | {"place": 3}))
    refused("a_pair_mark_is_between_1_and_4", lambda: PairMark.objects.create(**mark | {"level": 5}))

    rated(rating)

    refused("saved", lambda: PairMark.objects.create(**mark))
    refused("saved", lambda: PairMark.objects.filter(rating=rating).update(level=1))
    refused("saved", lambda: PairRating.objects.filter(pk=rating.pk).update(late_first=not rating.late_first))
    refused("saved", lambda: PairRating.objects.filter(pk=rating.pk).update(rated_at=None))
