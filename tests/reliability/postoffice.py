"""A mail provider that honours idempotency keys, keeps a record, and is as unreliable as real ones.

It is the product's own file mail server: a message handed over twice under one Message-ID is one file. Before
it takes a message it notes, on a connection of its own, what the database's clock says and which cohorts
are paused. Now and then its answer is lost on the way back, or the worker is killed before it comes.
"""

import json
import os
import random
import signal

import psycopg
from django.conf import settings
from django.db import connection

from config.mail import FileBackend

ANSWER_LOST, WORKER_KILLED = 0.02, 0.01  # the chance of each, once the message is taken
ASK = """
SELECT clock_timestamp(), coalesce(array_agg(c.slug), '{}') FROM clients_cohortpause p
JOIN clients_cohort c ON c.id = p.cohort_id WHERE p.ended_at IS NULL
"""


class Provider(FileBackend):
    """Takes messages into MAIL_FOLDER and writes a line for each into `handed-over.jsonl` beside it."""

    def send_messages(self, email_messages):
        with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as own:
            for message in email_messages:
                self._note(message, *own.execute(ASK).fetchone())
                super().send_messages([message])
                be_unreliable()
        return len(email_messages)

    def _note(self, message, at, paused):
        line = {
            "id": message.extra_headers["Message-ID"],
            "kind": message.extra_headers["X-Across-Kind"],
            "to": message.to[0],
            "at": at.isoformat(),
            "paused": paused,
        }
        write(line)


def write(line):
    """One line, whole, however many write at once."""
    path = settings.MAIL_FOLDER.with_name("handed-over.jsonl")
    with open(path, "ab", buffering=0) as file:
        file.write(json.dumps(line).encode() + b"\n")


def be_unreliable():
    """The message is taken; whether the worker ever hears of it is another matter."""
    chance = random.random()
    if chance < WORKER_KILLED:
        write({"killed": os.getpid()})
        os.kill(os.getpid(), signal.SIGKILL)
    if chance < WORKER_KILLED + ANSWER_LOST:
        write({"lost": os.getpid()})
        raise ConnectionResetError("the provider's answer was lost")
