"""The product's settings, but for a mail server that writes down what it is handed, and the run's own patience."""

from config.settings import *  # noqa: F403

EMAIL_BACKEND = "tests.reliability.postoffice.Provider"
INSTALLED_APPS = [*INSTALLED_APPS, "tests.reliability.hasty.Hasty"]  # noqa: F405
