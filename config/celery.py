"""The Celery app and the beat table: the only schedule in the house.

Beat says "look now" every few seconds; what is due, and in whose wall clock, is decided by rows. Beat
entries are intervals in seconds, never crontabs, because no business time may hang on a broker.

What takes minutes has a queue of its own: a worker that is told nothing hears both queues, one with `-Q speech` only
listens to recordings, computes snapshots, makes exports and reads tables of people, and then mail and milestones wait
for none.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from kombu import Queue

from config import whole_messages

app = Celery("across")
app.set_default()
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=2,
    task_ignore_result=True,
    task_queues=[Queue("celery"), Queue("speech")],
    task_routes={
        "clients.tasks.transcribe": {"queue": "speech"},
        "coaching.tasks.compute_snapshots": {"queue": "speech"},
        "coaching.tasks.make_exports": {"queue": "speech"},
        "coaching.tasks.read_tables": {"queue": "speech"},
    },
    task_serializer="json",
    accept_content=["json"],
    task_acks_late=True,
    task_reject_on_worker_lost=False,
    task_time_limit=300,
    task_soft_time_limit=240,
    worker_prefetch_multiplier=1,
    worker_max_memory_per_child=300_000,
    worker_send_task_events=False,
    timezone="UTC",
    beat_schedule={
        "engine": {"task": "coaching.tasks.tick", "schedule": 10.0, "options": {"expires": 15}},
        "reconcile": {"task": "coaching.tasks.reconcile", "schedule": 3600.0, "options": {"expires": 3000}},
        "speech": {"task": "clients.tasks.transcribe", "schedule": 30.0, "options": {"expires": 25}},
        "snapshots": {"task": "coaching.tasks.compute_snapshots", "schedule": 30.0, "options": {"expires": 25}},
        "exports": {"task": "coaching.tasks.make_exports", "schedule": 30.0, "options": {"expires": 25}},
        "tables": {"task": "coaching.tasks.read_tables", "schedule": 30.0, "options": {"expires": 25}},
        "files": {"task": "clients.tasks.collect_files", "schedule": 3600.0, "options": {"expires": 3000}},
    },
)
if settings.CELERY_BROKER_URL.startswith("filesystem://"):
    folder = settings.BROKER_FOLDER
    for name in ("queue", "processed", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    app.conf.worker_enable_remote_control = False
    whole_messages.use()
    app.conf.broker_transport_options = {
        "data_folder_in": str(folder / "queue"),
        "data_folder_out": str(folder / "queue"),
        "processed_folder": str(folder / "processed"),
        "control_folder": str(folder / "control"),
        "store_processed": False,
        "polling_interval": 0.05,
    }
elif settings.CELERY_BROKER_URL.startswith(("redis", "rediss")):
    app.conf.broker_transport_options = {
        "visibility_timeout": 3600,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 2,
    }
elif settings.CELERY_BROKER_URL.startswith(("amqp", "pyamqp")):
    # A nudge that the broker has not confirmed is only late by one beat; nobody waits for it for longer than this.
    app.conf.broker_transport_options = {"confirm_publish": True}
app.autodiscover_tasks(["coaching", "clients"])
