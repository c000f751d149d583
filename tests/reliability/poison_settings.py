"""The product's settings, with a mail server that writes down what it is handed and an app that breaks some rows."""

from config.settings import *  # noqa: F403

EMAIL_BACKEND = "tests.reliability.postoffice.Provider"
INSTALLED_APPS = [*INSTALLED_APPS, "tests.reliability.poisoned.Poisoned"]  # noqa: F405
