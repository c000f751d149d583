"""What a mail server's answer means for a message: again, never, or nobody knows."""

import smtplib

AGAIN, NEVER, UNKNOWN = "again", "never", "unknown"


def outcome(error: Exception, *, handed: bool) -> str:
    """`handed`: whether the server may have had the message before this happened."""
    if not handed or isinstance(error, ConnectionRefusedError | smtplib.SMTPAuthenticationError):
        return AGAIN
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return NEVER if all(code >= 500 for code, _told in error.recipients.values()) else AGAIN
    if isinstance(error, smtplib.SMTPDataError):
        return NEVER if error.smtp_code >= 500 else AGAIN
    if isinstance(error, smtplib.SMTPResponseException):
        return AGAIN
    return UNKNOWN if isinstance(error, OSError) else AGAIN


def is_about_the_mailbox(error: Exception) -> bool:
    """Whether it would refuse every message alike."""
    return isinstance(error, smtplib.SMTPRecipientsRefused)


def told(error: Exception) -> str:
    """What the server said, or what broke, in one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = "; ".join(f"{code} {_text(text)}" for code, text in error.recipients.values())
        return f"{type(error).__name__}: {said}"[:300]
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__}: {error.smtp_code} {_text(error.smtp_error)}"[:300]
    return f"{type(error).__name__}: {error}"[:300]


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
