"""A mail provider that honours idempotency keys, keeps a record, and is as unreliable as real ones.

It is the product's own file mail server: a message handed over twice under one Message-ID is one file. Before
it takes a message it notes, on a connection of its own, what the database's clock says and which cohorts
stand still. Now and then its answer is lost on the way back, or the worker is killed before it comes.
"""

import hashlib
import json
import os
import random
import signal
import uuid
from datetime import datetime
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection

from config.mail import FileBackend

RECORD = "handed-over.jsonl"
CALM = "calm"  # while a file of this name is there, nothing goes wrong on purpose
WORKER_KILLED, ANSWER_LOST = 0.01, 0.02  # the chance of each, once a message is taken
ASK = """
SELECT clock_timestamp(), array(
    SELECT c.slug FROM clients_cohortpause p JOIN clients_cohort c ON c.id = p.cohort_id WHERE p.ended_at IS NULL)
"""


class Provider(FileBackend):
    """Takes messages into MAIL_FOLDER and writes a line for each into the record beside it."""

    own: psycopg.Connection | None = None

    def open(self) -> bool:
        if self.own:
            return False
        self.own = psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}, autocommit=True)
        return True

    def close(self) -> None:
        if self.own:
            self.own.close()
        self.own = None

    def send_messages(self, email_messages: list[EmailMessage]) -> int:
        for message in email_messages:
            self._note(message, *self.own.execute(ASK).fetchone())
            super().send_messages([message])
            be_unreliable()
        return len(email_messages)

    def _note(self, message: EmailMessage, at: datetime, still: list[str]) -> None:
        headers = message.extra_headers
        write({
            "id": headers["Message-ID"], "kind": headers["X-Across-Kind"], "to": message.to[0],
            "at": at.isoformat(), "standing still": still, "by": os.getpid(),
        })  # fmt: skip


class Plain(Provider):
    """The same without keys: what is handed over twice is there twice."""

    def _write(self, message) -> None:
        copy = f"{hashlib.sha256(str(message['Message-ID']).encode()).hexdigest()[:32]}-{uuid.uuid4().hex}.eml"
        (settings.MAIL_FOLDER / copy).write_bytes(message.as_bytes())


def write(line: dict[str, object]) -> None:
    """One line, whole, however many write at once."""
    with open(beside(RECORD), "ab", buffering=0) as file:
        file.write(json.dumps(line).encode() + b"\n")


def beside(name: str) -> Path:
    return settings.MAIL_FOLDER.with_name(name)


def be_unreliable() -> None:
    """The message is taken; whether the worker ever hears of it is another matter."""
    chance = 1.0 if beside(CALM).exists() else random.random()
    if chance < WORKER_KILLED:
        write({"killed": True, "by": os.getpid()})
        os.kill(os.getpid(), signal.SIGKILL)
    if chance < WORKER_KILLED + ANSWER_LOST:
        write({"lost": True, "by": os.getpid()})
        raise ConnectionResetError("the provider's answer was lost")
