"""Mail where there is no mail server: one file a message, named by its Message-ID.

Handing the same message over twice writes the same file again, so this behaves like a provider that
honours idempotency keys.
"""

import hashlib
import os
import tempfile

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class FileBackend(BaseEmailBackend):
    """Writes .eml files into MAIL_FOLDER, whole or not at all."""

    def send_messages(self, email_messages):
        settings.MAIL_FOLDER.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            self._write(message.message())
        return len(email_messages)

    def _write(self, message):
        name = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:32] + ".eml"
        handle, temporary = tempfile.mkstemp(dir=settings.MAIL_FOLDER, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, settings.MAIL_FOLDER / name)
