"""The run's settings with a mail server that knows no keys."""

from tests.reliability.settings import *  # noqa: F403

EMAIL_BACKEND, EMAIL_HONOURS_KEYS = "tests.reliability.postoffice.Plain", False
