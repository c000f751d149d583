"""Two gunicorn workers on a loopback port, and what they cost."""

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """One application served as `make run` serves it."""

    settings: str
    wsgi: str
    port: int = 0
    process: subprocess.Popen | None = None
    started_in: float = 0.0

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", self.wsgi, "--bind", f"127.0.0.1:{self.port}"]
        command += [
            "--worker-class",
            "gthread",
            "--workers",
            "2",
            "--threads",
            "4",
            "--preload",
            "--log-level",
            "error",
        ]
        env = os.environ | {"DJANGO_SETTINGS_MODULE": self.settings}
        began = time.perf_counter()
        self.process = subprocess.Popen(command, env=env, start_new_session=True)
        while not self._answers():
            if self.process.poll() is not None:
                raise SystemExit(f"{self.wsgi} did not come up with {self.settings}")
            time.sleep(0.02)
        self.started_in = time.perf_counter() - began
        return self

    def __exit__(self, *error):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=20)

    def _answers(self) -> bool:
        try:
            return request(self, "GET", "/no-such-page/", "")[0] > 0
        except OSError:
            return False

    def pids(self) -> list[int]:
        return family(self.process.pid)

    def cpu(self) -> float:
        """Seconds of CPU used so far."""
        return sum(_cpu(pid) for pid in self.pids())


def family(pid: int) -> list[int]:
    """A process and everything below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid] + [member for child in children for member in family(int(child))]


def _cpu(pid: int) -> float:
    parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / TICKS


def memory(pids: list[int]) -> tuple[int, int]:
    """(resident, proportional) megabytes."""
    rss = pss = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            rss += int(line.split()[1]) if line.startswith("Rss:") else 0
            pss += int(line.split()[1]) if line.startswith("Pss:") else 0
    return rss // 1024, pss // 1024


def request(server: Server, method: str, path: str, cookie: str, body: str = "", headers=None) -> tuple[int, str, dict]:
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    sent = {"Cookie": cookie, "Accept-Encoding": "identity"} | (headers or {})
    if method == "POST" and "Content-Type" not in sent:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    link.request(method, path, body=body.encode() if body else None, headers=sent)
    response = link.getresponse()
    text = response.read().decode("utf-8", "replace")
    found = {"location": response.headers.get("Location", ""), "cookies": response.headers.get_all("Set-Cookie") or []}
    link.close()
    return response.status, text, found


@dataclass
class Timing:
    """What one act cost, in milliseconds."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    size: int = 0

    @property
    def p50(self) -> float:
        return statistics.median(self.wall)

    @property
    def p95(self) -> float:
        return sorted(self.wall)[min(len(self.wall) - 1, int(len(self.wall) * 0.95))]

    @property
    def cpu_ms(self) -> float:
        return statistics.median(self.cpu) if self.cpu else 0.0


def timed(server: Server, act, times: int, into: Timing) -> Timing:
    """Run `act(number)` so many times, one after the other."""
    cpu = server.cpu()
    for number in range(times):
        began = time.perf_counter()
        into.size = act(number) or into.size
        into.wall.append((time.perf_counter() - began) * 1000)
    into.cpu.append((server.cpu() - cpu) * 1000 / times)
    return into


def throughput(act, clients: int, seconds: float) -> tuple[float, float, float]:
    """(per second, p50, p95 in ms) with so many clients at once."""
    walls: list[list[float]] = [[] for _ in range(clients)]
    stop = time.perf_counter() + seconds

    def run(client: int) -> None:
        while time.perf_counter() < stop:
            began = time.perf_counter()
            act(client)
            walls[client].append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = sorted(wall for one in walls for wall in one)
    return len(every) / seconds, statistics.median(every), every[int(len(every) * 0.95)]
