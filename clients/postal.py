"""What the answer of a mail server, or of a provider's API, means for a message: again, never, or nobody knows."""

import smtplib
from types import ModuleType

from django.conf import settings

AGAIN, NEVER, UNKNOWN = "again", "never", "unknown"


def _api() -> ModuleType | None:
    """How to read what a provider's API said; None where mail leaves by a mail server."""
    if not settings.EMAIL_PROVIDER:
        return None
    from . import api_answers  # noqa: PLC0415  costs start-up time, and only providers need it

    return api_answers


def outcome(error: Exception, *, handed: bool) -> str:
    """`handed`: whether the server may have had the message before this happened."""
    if not handed or isinstance(error, ConnectionRefusedError | smtplib.SMTPAuthenticationError):
        return AGAIN
    if api := _api():
        return NEVER if api.is_refused(error) else AGAIN if api.is_not_taken(error) else _of_whatever_broke(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return NEVER if all(code >= 500 for code, _told in error.recipients.values()) else AGAIN
    if isinstance(error, smtplib.SMTPDataError):
        return NEVER if error.smtp_code >= 500 else AGAIN
    if isinstance(error, smtplib.SMTPResponseException):
        return AGAIN
    return _of_whatever_broke(error)


def _of_whatever_broke(error: Exception) -> str:
    """A line that went silent after the message was handed over; anything else broke before that."""
    return UNKNOWN if isinstance(error, OSError) else AGAIN


def is_about_the_mailbox(error: Exception) -> bool:
    """Whether it would refuse every message alike."""
    api = _api()
    return isinstance(error, smtplib.SMTPRecipientsRefused) or bool(api and api.is_about_the_mailbox(error))


def told(error: Exception) -> str:
    """What the server said, or what broke, in one line."""
    return f"{type(error).__name__}: {' '.join(_said(error).split())}"[:300]


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_text(text)}" for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    api = _api()
    return (api.told(error) if api else "") or str(error)


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
