"""A message and its letter as the mail that leaves."""

import hashlib

from django.conf import settings

from . import letters, mime, returns
from .models import Message


def of(message: Message, letter: letters.Letter) -> mime.Mail:
    """As it is handed over: text and HTML, under the key it keeps however often it is tried."""
    headers = {
        "From": settings.DEFAULT_FROM_EMAIL,
        "Message-ID": message_id(message),
        "Auto-Submitted": "auto-generated",
        "X-Across-Kind": message.kind,
    }
    if settings.EMAIL_PROVIDER:
        del headers["From"]  # a provider has envelope addresses of its own, and says itself what came back
    if settings.EMAIL_HONOURS_KEYS:
        headers["Idempotency-Key"] = message_id(message).strip("<>")
    mail = mime.Mail(
        subject=letter.subject,
        body=letter.text,
        from_email=returns.envelope_address(message),
        to=[message.person.email if message.person else message.address],
        headers=headers | letter.headers,
    )
    mail.attach_alternative(letter.html, "text/html")
    return mail


def message_id(message: Message) -> str:
    """The same for every try of the same message: what a provider recognises a repeat by."""
    host = settings.BASE_URL.split("//")[-1].split("/")[0].split(":")[0]
    return f"<{hashlib.sha256(message.key.encode()).hexdigest()[:40]}@{host}>"
