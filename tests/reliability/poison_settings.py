"""The run's settings, with an app that breaks some rows on purpose."""

from tests.reliability.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.reliability.poisoned.Poisoned"]  # noqa: F405
