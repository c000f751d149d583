"""An app for one run: milestones of some clients break whoever handles them, each in its own way.

Leases and looks are short here, so that five tries are a matter of seconds.
"""

import ctypes
import os
import resource
import signal
from datetime import timedelta
from pathlib import Path

from django.apps import AppConfig

LEASE, LONGEST_LOOK = timedelta(seconds=2), 4  # seconds, on a machine that does nothing else
ROOM = 400 * 2**20  # bytes of address space beyond what there is


class Poisoned(AppConfig):
    name = "tests.reliability"
    label = "poisoned"

    def ready(self) -> None:
        from coaching import firing, milestones
        from coaching.management.commands import engine

        crowded = min(6.0, max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))
        firing.LEASE, engine.LONGEST_LOOK = LEASE, round(LONGEST_LOOK * crowded)
        guard = milestones.guard_reason
        milestones.guard_reason = lambda milestone, *, at: poison(milestone) or guard(milestone, at=at)


def poison(milestone) -> None:
    """By the name of the client."""
    kind = milestone.enrolment.client.email.partition("poison-")[2].partition(".")[0]
    if kind:
        POISONS[kind]()


def fail() -> None:
    raise RuntimeError("this row cannot be handled")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash() -> None:
    ctypes.string_at(0)


def devour() -> None:
    """A gigabyte where there is room for less."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, before[1]))
    try:
        bytearray(2**30)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def spin() -> None:
    while True:
        pass


def misread() -> None:
    import json

    json.loads("{not json")


POISONS = {"exception": fail, "kill": die, "segfault": crash, "memory": devour, "endless": spin, "json": misread}
