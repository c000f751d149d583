"""The pulse, by many at once: one answer a link, whoever is taken off or declines meanwhile."""

from datetime import timedelta

import pytest

from clients.models import Message
from coaching import pulsing
from coaching.models import PulseAnswer, PulseLink, Rater
from tests.pulsing import ASKED, SAID, asked
from tests.roads import WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY, DAY = 16, timedelta(days=1)
LATER = WEEK_1 + DAY


def codes(results):
    return {result.code for result in results if isinstance(result, Exception)}


def test_a_link_is_answered_once_however_often_it_is_sent(crowd, at_once):
    link = asked(crowd, crowd.mina)

    results = at_once(MANY, lambda _n: pulsing.answer(link, sent=SAID, at=LATER))

    assert (PulseAnswer.objects.count(), codes(results)) == (1, {"pulse.answered"})


def test_answered_while_it_is_taken_off_it_is_one_or_the_other_first_and_no_mail_is_left(crowd, at_once):
    link = asked(crowd, crowd.mina)

    def act(n):
        if n % 2:
            return pulsing.answer(link, sent=SAID, at=LATER)
        return pulsing.withdraw(link.rater, by=crowd.mina, at=LATER)

    results = at_once(MANY, act)

    has_answered = PulseLink.objects.get().answered_at is not None
    assert PulseAnswer.objects.count() == int(has_answered)
    assert codes(results) <= {"pulse.answered", "pulse.withdrawn", "pulse.taken_off"}
    assert Rater.objects.get().withdrawn_at == LATER
    assert set(Message.objects.filter(kind__startswith="pulse.").values_list("state", flat=True)) == {"cancelled"}


def test_answered_while_they_decline_nobody_is_written_to_again(crowd, at_once):
    link = asked(crowd, crowd.mina)

    def act(n):
        return pulsing.answer(link, sent=SAID, at=LATER) if n % 2 else pulsing.decline(link, at=LATER)

    assert codes(at_once(MANY, act)) <= {"pulse.answered", "pulse.declined"}
    assert PulseAnswer.objects.count() == PulseLink.objects.exclude(answered_at=None).count()
    assert Rater.objects.get().declined_at == LATER


def test_the_same_person_asked_many_times_at_once_is_asked_once(crowd, at_once):
    mina, told = crowd.enrolment(crowd.mina), ASKED | {"name": "Ana", "address": "ana@raters.example"}

    results = at_once(MANY, lambda _n: pulsing.ask(mina, **told, by=crowd.mina, at=WEEK_1))

    assert (Rater.objects.count(), PulseLink.objects.count(), codes(results)) == (1, 1, {"pulse.known"})
    assert Message.objects.filter(kind__startswith="pulse.").count() == 2


def test_five_peers_asked_at_once_are_four(crowd, at_once):
    mina = crowd.enrolment(crowd.mina)

    def act(n):
        told = ASKED | {"name": f"Peer {n}", "address": f"peer{n}@raters.example"}
        return pulsing.ask(mina, **told, by=crowd.mina, at=WEEK_1)

    results = at_once(MANY, act)

    assert (Rater.objects.count(), codes(results)) == (4, {"pulse.too_many"})
