"""Mail servers that misbehave."""

import psycopg
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection


class Closed(BaseEmailBackend):
    """Nobody answers."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError("closed")


class Counting(BaseEmailBackend):
    """Writes down every message handed over."""

    def send_messages(self, email_messages):
        with settings.COUNTED_IN.open("a") as file:
            for message in email_messages:
                file.write(message.extra_headers["Message-ID"] + "\n")
        return len(email_messages)


class AskingThePause(BaseEmailBackend):
    """Asks on a connection of its own, at the moment of receipt, whether anybody's cohort is paused."""

    def send_messages(self, email_messages):
        with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as own:
            paused = own.execute("SELECT count(*) FROM clients_cohortpause WHERE ended_at IS NULL").fetchone()[0]
        with settings.COUNTED_IN.open("a") as file:
            file.writelines(f"{'paused' if paused and 'spring' in m.body else 'fine'}\n" for m in email_messages)
        return len(email_messages)
