"""Moved to `draft_notes`."""

from .draft_notes import first_read, for_the_record, lexicon_of  # noqa: F401
