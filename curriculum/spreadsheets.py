"""Text that a spreadsheet takes for text, whatever it begins with. Plain Python."""

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """With an apostrophe before it where a spreadsheet would take it for a formula; taken off again it is as it was."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text
