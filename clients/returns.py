"""Mail that came back: the address it comes back to, and what a report about it says (RFC 3464, RFC 5965).

Plain reading of bytes that anybody may have written: nothing here is believed before it names a mail that left here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, message_from_string, policy
from email.message import Message as Mail
from email.utils import getaddresses
from hmac import compare_digest

from django.conf import settings
from django.utils.crypto import salted_hmac

from .models import Message

SALT = "clients.returns"
MARK = 16  # hexadecimal digits that only this install can make for a number
RECIPIENTS = ("original-recipient", "final-recipient")
ADDRESSED = ("to", "delivered-to", "x-original-to", "envelope-to")


@dataclass(frozen=True)
class Report:
    """What came back. `number` is our message's where the envelope's address says it and is signed by us.

    `is_vouched`: whoever says so has shown who they are, and `happened_at` is when it happened by their clock.
    """

    number: int | None
    message_id: str
    recipients: tuple[str, ...]
    is_final: bool
    is_complaint: bool
    detail: str
    is_vouched: bool = False
    happened_at: datetime | None = None


def envelope_address(message: Message) -> str:
    """Where mail that cannot be delivered comes back to: an address of its own for every message, where one is set.

    Providers that are handed mail by their API set an address of their own.
    """
    name, _at, domain = settings.MAIL_RETURN_ADDRESS.partition("@")
    if not domain or settings.EMAIL_PROVIDER:
        return settings.DEFAULT_FROM_EMAIL
    return f"{name}+{message.pk}-{_marks(message.pk)[0]}@{domain}"


def read(raw: bytes) -> Report | None:
    """The report in a mail; None where it is none."""
    mail = message_from_bytes(raw, policy=policy.compat32)
    fields = dict(_fields(mail))
    if not fields:
        return None
    is_complaint = "feedback-type" in fields
    status = fields.get("status", "").strip()
    return Report(
        number=_number(mail),
        message_id=_message_id(mail),
        recipients=tuple(_addresses(fields)),
        is_final=is_complaint or (fields.get("action", "").strip().lower() == "failed" and status.startswith("5")),
        is_complaint=is_complaint,
        detail=" ".join(f"{status} {fields.get('diagnostic-code', '')}".split())[:300],
    )


def _fields(mail: Mail) -> Iterator[tuple[str, str]]:
    """What the machine-readable part says, names in small letters; of several recipients the first."""
    seen = set()
    for part in mail.walk():
        if part.get_content_type() in ("message/delivery-status", "message/feedback-report"):
            blocks = part.get_payload()
            for block in (b for b in blocks if isinstance(b, Mail)) if isinstance(blocks, list) else ():
                for name, content in block.items():
                    if name.lower() not in seen:
                        seen.add(name.lower())
                        yield name.lower(), str(content)


def _addresses(fields: dict[str, str]) -> Iterator[str]:
    for name in (*RECIPIENTS, "original-rcpt-to"):
        address = fields.get(name, "").rpartition(";")[2].strip().strip("<>").lower()
        if "@" in address:
            yield address


def _message_id(mail: Mail) -> str:
    """Of the mail that came back, as far as it is sent along."""
    for part in mail.walk():
        kind, inside = part.get_content_type(), part.get_payload()
        if kind == "message/rfc822" and isinstance(inside, list) and inside and isinstance(inside[0], Mail):
            return str(inside[0]["Message-ID"] or "").strip()
        if kind == "text/rfc822-headers" and isinstance(inside, str):
            return str(message_from_string(inside)["Message-ID"] or "").strip()
    return ""


def _number(mail: Mail) -> int | None:
    """The number in the address it came back to, if this install wrote it there."""
    for _name, address in getaddresses([str(mail[name]) for name in ADDRESSED if mail[name]]):
        number, _dash, mark = address.partition("@")[0].rpartition("+")[2].partition("-")
        if number.isdecimal() and len(number) < 19 and any(compare_digest(mark, m) for m in _marks(int(number))):
            return int(number)
    return None


def _marks(number: int) -> list[str]:
    """The mark of a number, by the key of today and by those that still count."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [salted_hmac(SALT, str(number), secret=key).hexdigest()[:MARK] for key in keys]
