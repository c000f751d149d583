"""`python -m tests.reliability.nursery`: a process that has loaded everything and forks whoever is to be killed.

A worker or a loop that starts from nothing spends seconds loading before it can be killed again. One that is born here
runs the same command line, in a session and with connections of its own, and is killed as really. Reads one JSON line
a birth; says on its standard output who was born, and who ended and how.
"""

import gc
import json
import os
import runpy
import select
import signal
import sys
import traceback
from typing import Any

ACT = "act"  # in place of an interpreter: one of the acts in `hands`, in here
LOADED = (
    "config.celery", "celery.bin.celery", "celery.bin.worker", "celery.bin.beat", "celery.apps.worker",
    "celery.apps.beat", "celery.worker.components", "celery.worker.consumer", "celery.concurrency.solo",
    "celery.fixups.django", "kombu.transport.filesystem", "coaching.management.commands.engine", "coaching.tasks",
    "clients.tasks", "django.core.mail.backends.smtp", "tests.reliability.hands",
)  # fmt: skip
LOADED_FOR_PAGES = ("gunicorn.app.wsgiapp", "gunicorn.workers.gthread", "config.urls")
LOOKS_EVERY = 0.02  # seconds: how soon an end is known


def main() -> None:
    """Load, say so, and bear until nobody asks any more."""
    load()
    gc.collect()
    gc.freeze()
    tell(ready=os.getpid())
    rest = b""
    while True:
        readable, *_ = select.select([0], [], [], LOOKS_EVERY)
        reap()
        if readable:
            read = os.read(0, 65536)
            if not read:
                return
            *lines, rest = (rest + read).split(b"\n")
            for line in lines:
                tell(born=bear(**json.loads(line)))


def load() -> None:
    import importlib

    import django

    django.setup()
    more = LOADED_FOR_PAGES if os.environ.get("ACROSS_WEB") else ()
    for name in LOADED + more:
        importlib.import_module(name)


def tell(**said: Any) -> None:
    os.write(1, json.dumps(said).encode() + b"\n")


def reap() -> None:
    """Tell of everybody who has ended."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        tell(ended=pid, code=os.waitstatus_to_exitcode(status))


def bear(command: list[str], said: str, complained: str, asked: str) -> int:
    """Fork; the child never comes back from here."""
    from config.processes import die_with_parent

    tie = die_with_parent(signal.SIGKILL)
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setsid()
        if tie:
            tie()
        put_on(said, complained, asked)
        live(command)
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else int(bool(ending.code))
    except BaseException:  # whatever it is, it ends this process and no other
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def put_on(said: str, complained: str, asked: str) -> None:
    """Files in place of the pipes to whoever keeps the nursery."""
    append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for place, flags, number in ((asked, os.O_RDONLY, 0), (said, append, 1), (complained, append, 2)):
        handle = os.open(place, flags, 0o600)
        os.dup2(handle, number)
        os.close(handle)


def live(command: list[str]) -> None:
    """The command line, as an interpreter of its own would read it."""
    program, *arguments = command[1:]
    if command[0] == ACT:
        from tests.reliability import hands

        hands.main(program)
    elif program == "-m":
        sys.argv = arguments
        runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = [program, *arguments]
        runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main()
