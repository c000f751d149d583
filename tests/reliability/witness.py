"""A provider that asks, at the moment it is handed a mail and on a connection of its own, whether it may still go.

What stands still it reads with plain SQL; whether the reason for a mail still holds, of the guard of its kind, which
sees from here only what others have committed. Every mail takes a moment, so that there is time for something to change.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from django.core.mail import EmailMessage
from django.db import connection

from config.mail import FileBackend
from tests.reliability.postoffice import write

TAKES = 0.01  # seconds, before it asks
STANDING = """
SELECT clock_timestamp(), c.mail_stopped_at IS NOT NULL,
       EXISTS (SELECT FROM clients_cohortpause p WHERE p.cohort_id = c.id AND p.ended_at IS NULL),
       EXISTS (SELECT FROM clients_hold h JOIN clients_enrolment e ON e.id = h.enrolment_id
               WHERE e.cohort_id = c.id AND e.client_id = %(person)s AND h.ended_at IS NULL),
       EXISTS (SELECT FROM clients_enrolment e
               WHERE e.cohort_id = c.id AND e.client_id = %(person)s AND e.state <> 'active')
FROM clients_cohort c WHERE c.id = %(cohort)s
"""
STANDS = ("mail to the cohort is stopped", "the cohort stands still", "the client is on hold", "the client has left")


class Witness(FileBackend):
    """Takes messages into MAIL_FOLDER and writes down what it saw."""

    def send_messages(self, email_messages: list[EmailMessage]) -> int:
        for message in email_messages:
            time.sleep(TAKES)
            write(elsewhere().submit(look, message).result())
            super().send_messages([message])
        return len(email_messages)


@cache
def elsewhere() -> ThreadPoolExecutor:
    """A thread, for it has a connection of its own."""
    return ThreadPoolExecutor(1)


def look(message: EmailMessage) -> dict[str, Any]:
    """When it was handed over, by the database's clock, and every reason why it should not have been."""
    from clients import mails, messaging
    from clients.models import Message
    from curriculum import clock

    headers = message.extra_headers
    kind, known_by = headers["X-Across-Kind"], headers["Message-ID"]
    rows = Message.objects.filter(kind=kind, state="sending", person__email=message.to[0])
    row = next(row for row in rows.select_related("person", "cohort") if mails.message_id(row) == known_by)
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {"person": row.person_id, "cohort": row.cohort_id})
        at, *standing = cursor.fetchone() or (clock.now(), *(False for _stands in STANDS))  # of no cohort
    return {
        "id": known_by, "kind": kind, "to": message.to[0], "cohort": row.cohort.slug if row.cohort else "", "by": os.getpid(),
        "at": at.isoformat(),
        "still": [reason for reason, so in zip(STANDS, standing, strict=True) if so],
        "guard": messaging.kinds()[kind].guard(row, at),
    }  # fmt: skip
