"""The product's Celery app with a beat that is in a hurry, for runs in which a year takes minutes."""

import os

from config.celery import app

EVERY = float(os.environ.get("BEAT_EVERY", "0.25"))  # seconds
app.conf.beat_schedule = {
    name: entry | ({"schedule": EVERY} if name == "engine" else {}) for name, entry in app.conf.beat_schedule.items()
}
app.conf.beat_max_loop_interval = EVERY
