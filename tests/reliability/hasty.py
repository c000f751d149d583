"""An app for runs that have not the product's patience: leases and waits in seconds, by the run's environment."""

import os
from datetime import timedelta

from django.apps import AppConfig

LEASE = "RUN_LEASE"  # seconds; what is not set is the product's own


class Hasty(AppConfig):
    name = "tests.reliability"
    label = "hasty"

    def ready(self) -> None:
        from clients import delivering, outcomes
        from coaching import firing

        if seconds := os.environ.get(LEASE):
            firing.LEASE = delivering.LEASE = timedelta(seconds=float(seconds))
            outcomes.FIRST_WAIT = round(float(seconds) / 2)
