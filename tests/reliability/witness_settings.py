"""The run's settings with a mail server that asks whether what it is handed may still go."""

from tests.reliability.settings import *  # noqa: F403

EMAIL_BACKEND = "tests.reliability.witness.Witness"
