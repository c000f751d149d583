"""What the answer of a mail provider's API means for a message: refused for good, not taken now, or nobody knows.

Loaded where mail leaves by such an API alone: what speaks HTTP takes its time to load.
"""

import requests
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

NOT_LIKE_THIS = (400, 413, 422)  # the API refuses this very message
NOBODY_HOME = 503


def is_refused(error: Exception) -> bool:
    """For good: the mailbox, or this very message."""
    return is_about_the_mailbox(error) or _status(error) in NOT_LIKE_THIS


def is_not_taken(error: Exception) -> bool:
    """For certain: it said so, or whoever tried never got through. Anything else may have been taken."""
    status = _status(error)
    if status is None:
        return isinstance(error, AnymailAPIError) and _never_got_through(error.__cause__)
    return 400 <= status < 500 or status == NOBODY_HOME


def is_about_the_mailbox(error: Exception) -> bool:
    return isinstance(error, AnymailRecipientsRefused)


def told(error: Exception) -> str:
    """What it said, or what broke; empty where that was no API."""
    if not isinstance(error, AnymailAPIError | AnymailRecipientsRefused):
        return ""
    said = error.__cause__ or error
    return str(said) if error.response is None else f"{error.response.status_code} {error.response.text}"


def _status(error: Exception) -> int | None:
    return error.status_code if isinstance(error, AnymailAPIError) else None


def _never_got_through(cause: BaseException | None) -> bool:
    if isinstance(cause, requests.ConnectTimeout | requests.exceptions.SSLError):
        return True
    reason = getattr(cause.args[0], "reason", None) if cause and cause.args else None
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
