"""What never stands in a log."""

import logging
import re

TOKEN = re.compile(r"(/(?:join|listen|feed|stop)/)[^/\s]+")


class NoTokens(logging.Filter):
    """The address of an invitation, a listener, a calendar or a way out opens a door: its token is masked in logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        told = record.getMessage()
        if TOKEN.search(told):
            record.msg, record.args = TOKEN.sub(r"\1…", told), None
        return True
