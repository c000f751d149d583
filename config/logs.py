"""What never stands in a log."""

import logging
import re

TOKEN = re.compile(r"(/(?:join|listen)/)[^/\s]+")


class NoTokens(logging.Filter):
    """An invitation's or a listener's address opens a door, so its token is masked wherever it is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        told = record.getMessage()
        if TOKEN.search(told):
            record.msg, record.args = TOKEN.sub(r"\1…", told), None
        return True
