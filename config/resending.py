"""Resend's API: it takes a mail once, however often it comes under one key within a day."""

from typing import Any

from anymail.backends import resend
from anymail.exceptions import AnymailRequestsAPIError

KEY = "Idempotency-Key"
TAKEN_BEFORE = "invalid_idempotent_request"  # under this key, in other words: a letter is written anew for every try


class EmailBackend(resend.EmailBackend):
    """As the library's, with the key of a message in the place the API looks for it."""

    def build_message_payload(self, message: Any, defaults: dict[str, Any]) -> resend.ResendPayload:
        payload = super().build_message_payload(message, defaults)
        if key := message.extra_headers.get(KEY):
            payload.headers[KEY] = key
            payload.data["headers"].pop(KEY)
        return payload

    def _send(self, message: Any) -> bool:
        try:
            return super()._send(message)
        except AnymailRequestsAPIError as error:
            if error.status_code == 409 and _name_of(error.response) == TAKEN_BEFORE:
                return True
            raise


def _name_of(response: Any) -> str:
    """What the API calls its refusal."""
    try:
        return str(response.json().get("name", ""))
    except (ValueError, AttributeError):
        return ""
