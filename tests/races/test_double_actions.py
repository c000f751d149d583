"""One button pressed by thirty-two at once, twenty times over: exactly one effect every time.

`make reliability` does it many more times, by ACROSS_ROUNDS.
"""

import os
import re
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from clients import extending, joining, recording, submitting
from clients.models import Attempt, Enrolment, Extension, JournalEntry, Message, User
from coaching import reviewing
from coaching.models import Claim, Feedback
from tests import roads
from tests.roads import BEFORE, WEEK_1

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
MANY, ROUNDS = 32, int(os.environ.get("ACROSS_ROUNDS", 20))
HOUR = timedelta(hours=1)


class Crew:
    """Threads with connections of their own, which do one thing at once, again and again."""

    def __init__(self, size: int) -> None:
        self.size, self.gate = size, threading.Barrier(size + 1)
        self.act, self.results = None, [None] * size
        self.threads = [threading.Thread(target=self._work, args=(number,)) for number in range(size)]
        for thread in self.threads:
            thread.start()

    def all_at_once(self, act):
        """What each returned or raised."""
        self.act, self.results = act, [None] * self.size
        self.gate.wait(timeout=60)
        self.gate.wait(timeout=60)
        return self.results

    def go_home(self) -> None:
        self.act = None
        self.gate.wait(timeout=60)
        for thread in self.threads:
            thread.join(timeout=60)

    def _work(self, number: int) -> None:
        connection.ensure_connection()
        while True:
            self.gate.wait(timeout=120)
            if self.act is None:
                break
            try:
                self.results[number] = self.act(number)
            except Exception as error:
                self.results[number] = error
            self.gate.wait(timeout=120)
        connection.close()


@pytest.fixture
def crew() -> Iterator[Crew]:
    found = Crew(MANY)
    yield found
    found.go_home()


@pytest.fixture
def newcomers(crowd) -> Iterator[User]:
    """A new client of the spring cohort for every round."""

    def come():
        for number in count():
            person = roads.person(f"Round{number}")
            roads.client(crowd.spring, person)
            yield person

    return come()


def succeeded(results):
    return [result for result in results if not isinstance(result, Exception)]


def test_handing_in_makes_one_attempt(crowd, crew, newcomers):
    for number in range(ROUNDS):
        client = next(newcomers)
        piece = roads.drafted(client)

        results = crew.all_at_once(
            lambda n, piece=piece, client=client: submitting.hand_in(
                piece, client_key=f"tab {n % 2}", by=client, at=WEEK_1
            )
        )

        made = Attempt.objects.get(submission__enrolment__client=client)
        assert {result.pk for result in succeeded(results)} == {made.pk}, f"round {number}"
        assert len(succeeded(results)) == MANY // 2


def test_an_invitation_is_accepted_once(crowd, crew):
    for number in range(ROUNDS):
        email = f"invited{number}@example.org"
        invitation = roads.invitation(crowd.spring, email)
        person = User.objects.create_user(email, name="New")

        results = crew.all_at_once(
            lambda _n, invitation=invitation, person=person: joining.accept(invitation, person=person, at=BEFORE)
        )

        assert len(succeeded(results)) == 1, f"round {number}"
        assert Enrolment.objects.filter(client=person).count() == 1


@pytest.fixture
def coaches(crowd) -> list[User]:
    """Thirty-two of the spring cohort, beside Tomas."""
    found = [roads.person(f"Coach{number}") for number in range(MANY)]
    for colleague in found:
        roads.coach(crowd.spring, colleague)
    return found


def codes(results):
    return {result.code for result in results if isinstance(result, Exception)}


def lines(action, piece):
    return JournalEntry.objects.filter(action=action, subject=recording.name_of(piece)).count()


def test_one_of_thirty_two_coaches_claims_a_piece(crew, newcomers, coaches):
    for number in range(ROUNDS):
        piece = roads.handed_in(next(newcomers)).submission

        results = crew.all_at_once(lambda n, piece=piece: reviewing.claim(piece, by=coaches[n], at=WEEK_1 + HOUR))

        holder = Claim.objects.get(attempt__submission=piece).coach
        assert [result.coach for result in succeeded(results)] == [holder], f"round {number}"
        assert (codes(results), lines("claimed", piece)) == ({"review.claimed"}, 1)


def test_one_of_thirty_two_coaches_takes_a_piece_over(crowd, crew, newcomers, coaches):
    """Each means to take it from Tomas; whoever comes second finds that somebody else has it by now."""
    for number in range(ROUNDS):
        piece = roads.claimed(next(newcomers), crowd.tomas)

        results = crew.all_at_once(
            lambda n, piece=piece: reviewing.take_over(
                piece, holder=crowd.tomas.pk, by=coaches[n], at=WEEK_1 + 2 * HOUR
            )
        )

        holder = Claim.objects.get(attempt__submission=piece).coach
        assert [result.coach for result in succeeded(results)] == [holder], f"round {number}"
        assert (codes(results), lines("took over", piece)) == ({"review.claimed"}, 1)


def test_one_of_thirty_two_coaches_sends_feedback(crew, newcomers, coaches):
    for number in range(ROUNDS):
        piece = roads.handed_in(next(newcomers)).submission
        content = roads.content(piece)

        results = crew.all_at_once(
            lambda n, piece=piece, content=content: reviewing.send_feedback(
                piece, content=content, by=coaches[n], at=WEEK_1 + 2 * HOUR
            )
        )

        (sent,) = succeeded(results)
        assert Feedback.objects.get(attempt__submission=piece) == sent, f"round {number}"
        assert Claim.objects.get(attempt__submission=piece).coach == sent.coach
        assert (
            Message.objects.filter(kind="feedback", about__feedback=sent.pk).count()
            == lines("sent feedback", piece)
            == 1
        )


def test_feedback_is_sent_or_the_piece_taken_over_and_never_both(crowd, crew, newcomers, coaches):
    for number in range(ROUNDS):
        piece = roads.claimed(next(newcomers), crowd.tomas)
        content = roads.content(piece)

        def act(n, piece=piece, content=content):
            at = WEEK_1 + 2 * HOUR
            if n % 2:
                return reviewing.take_over(piece, holder=crowd.tomas.pk, by=coaches[n], at=at)
            return reviewing.send_feedback(piece, content=content, by=crowd.tomas, at=at)

        results = crew.all_at_once(act)

        done = succeeded(results)
        assert len(done) == 1, f"round {number}"
        assert lines("sent feedback", piece) + lines("took over", piece) == 1
        assert Feedback.objects.filter(attempt__submission=piece).exists() == isinstance(done[0], Feedback)


def test_feedback_of_one_coach_is_sent_once(crowd, crew, newcomers):
    for number in range(ROUNDS):
        client = next(newcomers)
        piece = roads.claimed(client, crowd.tomas)
        content = roads.content(piece)

        results = crew.all_at_once(
            lambda _n, piece=piece, content=content: reviewing.send_feedback(
                piece, content=content, by=crowd.tomas, at=WEEK_1 + 2 * HOUR
            )
        )

        assert len(succeeded(results)) == 1, f"round {number}"
        assert Feedback.objects.filter(attempt__submission=piece).count() == 1
        assert Message.objects.filter(kind="feedback", person=client).count() == 1


def test_more_time_is_taken_once(crowd, crew, newcomers):
    for number in range(ROUNDS):
        client = next(newcomers)
        piece = roads.piece(client)

        results = crew.all_at_once(
            lambda _n, piece=piece, client=client: extending.ask(piece, until=date(2026, 3, 11), by=client, at=WEEK_1)
        )

        assert len(succeeded(results)) == 1, f"round {number}"
        assert Extension.objects.filter(enrolment__client=client).count() == 1


def test_a_link_to_set_a_new_password_is_used_once(crowd, crew, settings):
    settings.ACCOUNT_RATE_LIMITS = False  # thirty-two come from one address
    mina = crowd.mina
    for number in range(ROUNDS):
        mail.outbox.clear()
        Client().post(reverse("account_reset_password"), {"email": mina.email})
        (link,) = re.findall(r"https?://[^/\s]+(/account/password/reset/key/\S+)", mail.outbox.pop().body)

        def look(_n, link=link):
            browser = Client()
            return browser, browser.get(link).headers["Location"]

        looking = crew.all_at_once(look)
        assert len(succeeded(looking)) == MANY, f"round {number}"

        def use(n, looking=looking, number=number):
            browser, page = looking[n]
            said = f"words of tab {n} in round {number}"
            return browser.post(page, {"password1": said, "password2": said}).status_code

        results = crew.all_at_once(use)

        (fastest,) = [n for n, status in enumerate(results) if status == 302]
        mina.refresh_from_db()
        assert mina.check_password(f"words of tab {fastest} in round {number}"), f"round {number}"
        assert set(results) <= {302, 409, 200}  # refused, or told that the link has ended
        assert [one.to for one in mail.outbox] == [[mina.email]]
