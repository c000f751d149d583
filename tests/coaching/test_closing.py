"""A cohort is closed once everybody has finished or left; nothing of it goes on but what graduates agreed to."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from clients import closing, joining, pausing
from clients.models import Cohort, Invitation, JournalEntry
from coaching import convening, firing, foreseeing, graduating
from coaching.models import LiveSession, Milestone
from tests import roads
from tests.coaching.web.visiting import browser
from tests.graduating import NOON, all_gone, asked, graduated

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def pending(cohort):
    return Milestone.objects.of_cohort(cohort).filter(state="pending")


def over(cast):
    """Mina has finished and wants to be asked, everybody else has left."""
    asked(cast, cast.mina)
    all_gone(cast)


def test_whoever_has_neither_finished_nor_left_keeps_it_open_and_is_named(cast):
    graduated(cast, cast.mina)

    assert closing.close_refusal(cast.spring).message == "Noor has neither finished nor left."
    with pytest.raises(closing.CannotClose, match="Noor has neither finished nor left"):
        closing.close(cast.spring, by=cast.ada, at=NOON)


def test_of_many_the_first_five_are_named(cast):
    for number in range(6):
        roads.client(cast.spring, roads.person(f"P{number}"))

    assert closing.close_refusal(cast.spring).message == (
        "Mina, Noor, P0, P1, P2 and 3 more have neither finished nor left."
    )


def test_a_cohort_that_stands_still_goes_on_first(cast):
    all_gone(cast)
    pausing.pause(cast.spring, by=cast.ada, at=NOON)

    refusal = closing.close_refusal(cast.spring)
    assert (refusal.code, refusal.message) == ("cohort.paused", "This cohort is paused. Let it go on first.")


def test_closed_nothing_is_planned_for_it_but_check_ins_which_still_come(cast):
    over(cast)
    autumn = pending(cast.autumn).count()
    assert pending(cast.spring).exists()
    later = Milestone.objects.filter(person=cast.mina, kind__startswith="alumni.", state="pending")
    before = later.count()

    closed = closing.close(cast.spring, by=cast.ada, at=NOON + HOUR)

    assert closed.closed_at == NOON + HOUR
    assert (pending(cast.spring).count(), pending(cast.autumn).count(), later.count()) == (0, autumn, before)
    rested = Milestone.objects.of_cohort(cast.spring).filter(state="cancelled", reason="the cohort is closed")
    assert rested.exists()
    first = later.order_by("due_at").first()
    firing.fire_due(at=first.due_at)
    first.refresh_from_db()
    assert (first.kind, first.state) == ("alumni.3", "fired")


def test_sessions_to_come_do_not_take_place_and_those_of_the_past_stay(cast):
    convening.arrange(cast.spring, weekday=3, time=time(17), minutes=60, link="", by=cast.ada, at=roads.BEFORE)
    all_gone(cast, at=roads.WEEK_4)

    closing.close(cast.spring, by=cast.ada, at=roads.WEEK_4)

    rows = LiveSession.objects.filter(cohort=cast.spring)
    states = dict(rows.values_list("week", "state"))
    assert states == {week: "planned" if week < 4 else "cancelled" for week in states}
    assert set(rows.filter(state="cancelled").values_list("reason", flat=True)) == {"The cohort is closed"}


def test_open_invitations_open_nothing_any_more(cast):
    joining.invite(cast.spring, email="late@example.org", role=Invitation.Role.CLIENT, by=cast.ada, at=NOON)
    all_gone(cast)

    closing.close(cast.spring, by=cast.ada, at=NOON + HOUR)

    invitation = Invitation.objects.get(email="late@example.org")
    assert invitation.revoked_at == NOON + HOUR
    assert joining.invite_refusal(
        closed := Cohort.objects.get(pk=cast.spring.pk), email="x@example.org", role="client"
    ).code == ("cohort.closed")
    assert closed.is_closed


def test_closing_is_journalled_once_and_a_second_time_is_refused(cast):
    all_gone(cast)
    closing.close(cast.spring, by=cast.ada, at=NOON)

    with pytest.raises(closing.CannotClose, match="This cohort is closed"):
        closing.close(cast.spring, by=cast.ada, at=NOON + HOUR)

    entry = JournalEntry.objects.get(action="closed")
    assert (entry.actor, entry.at, entry.cohort_id) == ("Ada", NOON, cast.spring.pk)


def test_what_closing_does_is_shown_before_and_happens_only_then(cast):
    over(cast)
    before = set(pending(cast.spring).values_list("pk", flat=True))

    effect = foreseeing.foresee(lambda: closing.close(cast.spring, by=cast.ada, at=NOON), [], cast.spring, at=NOON)

    assert effect.cancelled == Milestone.objects.filter(cohort=cast.spring, state="pending").count() > 0
    assert set(pending(cast.spring).values_list("pk", flat=True)) == before
    assert not Cohort.objects.get(pk=cast.spring.pk).is_closed


def test_a_graduation_stands_once_the_cohort_is_closed(cast):
    over(cast)
    closing.close(cast.spring, by=cast.ada, at=NOON)

    refusal = graduating.take_back_refusal(cast.enrolment(cast.mina), at=NOON)
    assert refusal.code == "cohort.closed"


def test_the_page_says_who_keeps_it_open_then_shows_the_effect_then_closes(cast, now):
    now.at = NOON
    visitor = browser(cast.ada)
    page, close = reverse("graduations", args=["spring"]), reverse("cohort-close", args=["spring"])
    assert "Mina and Noor have neither finished nor left." in visitor.get(page).content.decode()
    over(cast)

    shown = visitor.post(close, {"show": "effect"})
    assert (shown.status_code, Cohort.objects.get(pk=cast.spring.pk).is_closed) == (200, False)
    done = visitor.post(close, follow=True)

    assert "Spring is closed. What was handed in stays readable." in done.content.decode()
    assert Cohort.objects.get(pk=cast.spring.pk).is_closed
    assert "See what closing changes" not in done.content.decode()


@pytest.mark.parametrize("people", [1, 3, 50])
def test_asking_why_it_stays_open_takes_one_query_however_many_there_are(cast, django_assert_num_queries, people):
    for number in range(people - 1):
        roads.client(cast.autumn, roads.person(f"Person{number}"))
    autumn = Cohort.objects.prefetch_related("pauses").get(pk=cast.autumn.pk)

    with django_assert_num_queries(1):
        assert closing.close_refusal(autumn).code == "cohort.walks"
