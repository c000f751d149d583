"""`python -m tests.browser.hurried`: what `make run` starts, with a beat in a hurry, for months that pass in a minute."""

import sys
from collections.abc import Mapping
from dataclasses import replace

from config import up
from config.processes import Program

EVERY = "0.06"  # seconds


def programs(environment: Mapping[str, str]) -> list[Program]:
    """Web, worker and beat, as ever; worker and beat on an app that differs in nothing but its beat."""
    return [_hurried(program) for program in up.programs({**environment, "BEAT_EVERY": EVERY})]


def _hurried(program: Program) -> Program:
    return replace(program, command=["tests.reliability.quick" if one == "config" else one for one in program.command])


if __name__ == "__main__":
    sys.exit(up.guarded(lambda: up.run(programs)))
