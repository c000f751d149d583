"""Releases, by many at once."""

from datetime import timedelta

import pytest

from coaching import following, noting, releases, releasing
from coaching.models import Release
from tests import roads
from tests.releasing import notes_allowed, released, sponsored
from tests.roads import WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY = 16
HOUR = timedelta(hours=1)


def done(results):
    return [result for result in results if not isinstance(result, Exception)]


def test_sixteen_clicks_release_one_copy(crowd, at_once):
    sponsored(crowd)
    source, mina = roads.handed_in(crowd.mina).pk, crowd.enrolment(crowd.mina)

    results = at_once(MANY, lambda _n: releasing.release(mina, kind="piece", source=source, by=crowd.mina, at=WEEK_1))

    assert len(done(results)) == 1
    assert {type(one) for one in results if isinstance(one, Exception)} == {releasing.CannotRelease}
    assert Release.objects.count() == 1


def test_released_while_it_is_withdrawn_leaves_one_copy_or_none_and_words_only_in_what_stands(crowd, at_once):
    found, mina = released(crowd), crowd.enrolment(crowd.mina)
    source = found.source

    def act(n):
        if n % 2:
            return releasing.release(mina, kind="piece", source=source, by=crowd.mina, at=WEEK_1 + HOUR)
        return releasing.withdraw(found, by=crowd.mina, at=WEEK_1 + HOUR)

    results = at_once(MANY, act)

    assert {type(one) for one in results if isinstance(one, Exception)} <= {releasing.CannotRelease}
    standing = Release.objects.filter(withdrawn_at=None)
    assert standing.count() <= 1
    assert not Release.objects.exclude(withdrawn_at=None).exclude(text="", title="", source=None).exists()
    assert Release.objects.get(pk=found.pk).withdrawn_at == WEEK_1 + HOUR


def test_a_note_written_while_the_leave_is_taken_back_is_not_left_with_the_sponsor(crowd, at_once):
    notes_allowed(crowd)
    mina, sven = crowd.enrolment(crowd.mina), sponsored(crowd)

    def act(n):
        if n == 0:
            return following.withdraw(mina, "sponsor_notes", by=crowd.mina, at=WEEK_1 + HOUR)
        return noting.write(
            crowd.spring, mina, visibility="released", text=f"Note {n}", by=crowd.tomas, at=WEEK_1 + HOUR
        )

    results = at_once(8, act)

    assert {type(one) for one in results if isinstance(one, Exception)} <= {noting.CannotNote}
    assert list(releases.to_sponsor(sven)) == []
