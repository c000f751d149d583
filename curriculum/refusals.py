"""What a named "no" says, in one place for every door: its code, its sentence, its status, its fields.

There are two kinds, both Django's: PermissionDenied (not you) and ValidationError with a code (not now,
not like this). A page shows them and the API reports them in the same words.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _


def code_of(refusal: Exception, default: str = "refused") -> str:
    """The refusal's own code, as the API reports it."""
    return getattr(refusal, "code", None) or default


def sentence_of(refusal: Exception) -> str:
    """The refusal in words, the same at every door."""
    if isinstance(refusal, ValidationError):
        return " ".join(refusal.messages)
    return str(refusal) or _("This belongs to someone else.")


def status_of(refusal: Exception) -> int:
    """403 not you · 422 something in the input to mend · 409 not now."""
    if isinstance(refusal, PermissionDenied):
        return 403
    if hasattr(refusal, "by_field") or hasattr(refusal, "error_dict") or hasattr(refusal, "field"):
        return 422
    return 409


def fields_of(refusal: Exception) -> dict[str, list[str]]:
    """Which field needs which sentence."""
    if hasattr(refusal, "by_field"):
        return refusal.by_field
    if isinstance(refusal, ValidationError) and hasattr(refusal, "error_dict"):
        return refusal.message_dict
    return {refusal.field: [sentence_of(refusal)]} if hasattr(refusal, "field") else {}
