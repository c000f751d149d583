"""The stack that `make run` starts, in a data folder and on a port of its own, with its demo."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from config import leftovers
from config.folders import CLONE

FIRST_START = 300  # seconds; a start that takes longer is told as one that does not come up
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "VIRTUAL_ENV")


class Stack:
    """One running Across. What it says goes to `output`; `more` goes into its environment."""

    module = "config.up"

    def __init__(self, place: Path, **more: str) -> None:
        self.more = more
        self.data, self.output = place / "var", place / "output"
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.signed_in: dict[str, Any] = {}  # person → what a browser keeps after signing in

    def start(self) -> float:
        """Start it and wait until it is ready. The seconds that took."""
        since = time.monotonic()
        variables = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        variables |= {"ACROSS_DATA": str(self.data), "PORT": str(self.port), "ACROSS_DEMO": "1"} | self.more
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module],
                cwd=CLONE, env=variables,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        wait_until(lambda: self.process.poll() is not None or self.is_ready, FIRST_START)
        assert self.process.poll() is None, self.output.read_text()
        return time.monotonic() - since

    def stop(self) -> list[int]:
        """Ctrl-C, and whoever is still there afterwards."""
        if self.process is None:
            return []
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        return running_on(self.data)

    def end_web(self) -> None:
        """The web server is gone, as when it is replaced by the next version; the stack starts another."""
        record = leftovers.Record.read(self.data / "run" / "record.json")
        os.kill(record.children["web"][0], signal.SIGKILL)

    def act(self, module: str, *arguments: str) -> None:
        """Run a module on the stack's own database."""
        variables = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        command = [sys.executable, "-m", "config.up", "run-with", "--", sys.executable, "-m", module, *arguments]
        subprocess.run(command, cwd=CLONE, env=variables | {"ACROSS_DATA": str(self.data)}, check=True, timeout=120)

    @property
    def is_ready(self) -> bool:
        return self.health()[0] == 200

    def health(self) -> tuple[int, dict]:
        """The status and the body of `/readyz`; 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, {}
        except OSError:
            return 0, {}

    def mails_to(self, address: str) -> list[EmailMessage]:
        """What the postman has written for an address, oldest first."""
        paths = sorted((self.data / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime)
        mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
        return [mail for mail in mails if address in str(mail["To"])]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(true: Callable[[], object], seconds: float) -> None:
    """Look again and again, until it is so or the time is over."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds:g} seconds in vain"
        time.sleep(0.5)


def running_on(data: Path) -> list[int]:
    """Every process that was started with this data folder, or works in its database."""
    mark = f"ACROSS_DATA={data}".encode()
    return [
        pid
        for pid in leftovers.everyone()
        if pid != os.getpid() and (mark in leftovers.environment_of(pid) or leftovers.works_in(pid, data / "postgres"))
    ]
