"""The product's settings, unchanged but for the mail server, which writes down what it is handed."""

from config.settings import *  # noqa: F403

EMAIL_BACKEND = "tests.reliability.postoffice.Provider"
