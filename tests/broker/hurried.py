"""The product's Celery app in a hurry: beat says “look now” every second, and what a dead worker held is free after six.

Neither number is what these tests are about, and with the product's own, ten and sixty, they would mostly wait.
"""

from datetime import timedelta

import django

from config.celery import app

django.setup()

from clients import delivering  # noqa: E402  Django has to be set up first
from coaching import firing  # noqa: E402

EVERY = 1.0  # seconds
app.conf.beat_schedule = {
    name: entry | ({"schedule": EVERY} if name == "engine" else {}) for name, entry in app.conf.beat_schedule.items()
}
app.conf.beat_max_loop_interval = EVERY
firing.LEASE = delivering.LEASE = timedelta(seconds=6)
