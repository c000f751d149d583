"""What stands for a row in something that was posted."""


def number(text: str) -> int:
    """The number, or -1, for which nothing stands."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
