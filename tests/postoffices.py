"""Mail servers that misbehave."""

import time

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


class AskingWhoLeft(BaseEmailBackend):
    """Takes a moment, and asks then on a connection of its own whether whom it writes to has left."""

    def send_messages(self, email_messages):
        time.sleep(0.02)
        left = "SELECT count(*) FROM clients_enrolment e JOIN clients_user u ON u.id = e.client_id"
        with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as own:
            for message in email_messages:
                asked = own.execute(f"{left} WHERE u.email = %s AND e.state = 'withdrawn'", [message.to[0]])
                with settings.COUNTED_IN.open("a") as file:
                    file.write("left\n" if asked.fetchone()[0] else "fine\n")
        return len(email_messages)
