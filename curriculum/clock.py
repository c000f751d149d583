"""The one clock of the house: the database's.

Machines disagree about the time and a worker's clock may be days off. Doors read this clock once
and pass the instant on as `at`; nothing below a door asks for the time.
"""

from datetime import UTC, datetime

from django.db import connection


def now() -> datetime:
    """The instant at which the database answers, aware, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0].astimezone(UTC)
