"""The shell: wiring, page frame, health."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "config"
    label = "shell"

    def ready(self):
        from . import celery, checks, patience  # noqa: F401, PLC0415  all need loaded settings

        patience.watch()
