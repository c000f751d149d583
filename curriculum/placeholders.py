"""The slots a message text of an edition may have, and filling them.

Texts are data: the slots are replaced by name and nothing in them is ever executed.
"""

import re

KNOWN = {
    "brand",
    "bring",
    "client",
    "coach",
    "cohort",
    "due_text",
    "first_step",
    "keep",
    "list_text",
    "minutes",
    "month",
    "n",
    "session",
    "session_text",
    "title",
    "try",
    "until_text",
    "when_text",
    "who_sees",
    "wording",
}
OF_A_COMMENT = {"hedge", "listener", "name", "quote", "term", "x"}  # filled by the coach
OF_A_QUESTIONNAIRE = {"first_name", "month"}
SLOT = re.compile(r"\{([a-z_]+)\}")


def used_in(text: str) -> set[str]:
    return set(SLOT.findall(text))


def fill(text: str, values: dict[str, object]) -> str:
    """The text with every known slot filled; a slot without a value becomes empty."""
    return SLOT.sub(lambda match: str(values.get(match[1], "")), text)
