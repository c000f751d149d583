"""Two postmen and what one coach reads: every piece is told of once, whoever comes first."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connection

from clients import delivering
from clients.models import Message
from coaching import reviewing
from tests import roads

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MORNING = roads.WEEK_4 + 5 * HOUR  # ten o’clock where Mina lives


def read(crowd, key, at):
    piece = roads.piece(crowd.mina, key)
    reviewing.claim(piece, by=crowd.tomas, at=at)
    return reviewing.send_feedback(roads.piece(crowd.mina, key), content=roads.content(piece), by=crowd.tomas, at=at)


def subjects():
    return sorted(letter.subject for letter in mail.outbox if "has read" in letter.subject)


def test_two_postmen_tell_of_two_answers_once_each(crowd, at_once):
    for key in ("w1-x1", "w4-x1"):
        roads.handed_in(crowd.mina, key, at=roads.WEEK_4)
    for minute, key in enumerate(("w1-x1", "w4-x1")):
        read(crowd, key, MORNING + minute * MINUTE)
    at = MORNING + HOUR

    at_once(2, lambda _n: delivering.deliver(at=at, limit=1))
    delivering.deliver(at=at + MINUTE)

    told = [subject.count("“") for subject in subjects()]
    assert sum(told) == 2, subjects()
    assert Message.objects.filter(kind="feedback", state__in=["sent", "cancelled"]).count() == 2


def test_what_is_read_while_the_mail_is_being_written_has_a_mail_of_its_own(crowd, monkeypatch):
    """It is committed after the letter was filled and before it has left, with a time before the sending's."""
    for key in ("w1-x1", "w4-x1"):
        roads.handed_in(crowd.mina, key, at=roads.WEEK_4)
    read(crowd, "w1-x1", MORNING)
    at, send = MORNING + HOUR, locmem.EmailBackend.send_messages
    errors = []

    def meanwhile(backend, letters):
        if not Message.objects.filter(about__feedback__isnull=False).count() > 1:
            worker = threading.Thread(target=elsewhere)
            worker.start()
            worker.join(timeout=30)
        return send(backend, letters)

    def elsewhere():
        try:
            read(crowd, "w4-x1", at - MINUTE)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", meanwhile)

    delivering.deliver(at=at)
    delivering.deliver(at=at + HOUR)

    assert errors == []
    assert len(subjects()) == 2
