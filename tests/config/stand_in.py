"""The supervisor over a stand-in product: a web server that is ready at once, and a worker that sleeps.

`python -m tests.config.stand_in` takes the variables of `python -m config.up`. PREPARATION is Python code for
the step before the children; WORKER is a shell command in place of the sleeping worker.
"""

import os
import sys
from collections.abc import Mapping

from config import up
from config.folders import CLONE
from config.processes import Program

WEB = """
import http.server, os

class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words):
        pass

http.server.HTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Ready).serve_forever()
"""
STUBBORN = "trap '' TERM INT HUP; setsid sleep 1000 & sleep 1001"


def table(environment: Mapping[str, str]) -> list[Program]:
    """A web server and a worker."""
    worker = ["sh", "-c", environment.get("WORKER", "sleep 1000 & sleep 1001")]
    return [
        Program("web", [sys.executable, "-c", WEB], environment, CLONE, grace=1),
        Program("worker", worker, environment, CLONE, grace=1),
    ]


def run() -> int:
    """As `make run`, over the stand-in."""
    return up.run(table, [sys.executable, "-c", os.environ.get("PREPARATION", "")])


if __name__ == "__main__":
    sys.exit(up.guarded(run))
