"""`python -m tests.reliability [--long] [run …]`: the crash runs, into docs/reliability.*.

The exit code is 1 where something happened that may not.
"""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.reliability import mails, milestones, outage, poison, report, submissions

RUNS: dict[str, tuple[int, Callable[..., dict[str, Any]]]] = {
    "submissions": (submissions.SEED, submissions.run),
    "milestones": (milestones.SEED, milestones.run),
    "mails with keys": (mails.SEED, partial(mails.run, keys=True)),
    "mails without keys": (mails.SEED, partial(mails.run, keys=False)),
    "outage": (outage.SEED, outage.run),
    "poison": (poison.SEED, poison.run),
}
LONG = {
    "submissions": {"tried": 20_000, "kills": 300, "stops": 8},
    "milestones": {"milestones": 6_000, "kills": 100, "seconds": 400},
    "mails with keys": {"clients": 300, "invited": 9_700},
    "mails without keys": {"clients": 300, "invited": 9_700},
    "outage": {"people": 20_000},
    "poison": {"each": 20, "others": 600},
}


def main(arguments: list[str]) -> int:
    """Run what is asked for, all by default, and write down what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("runs", nargs="*", metavar="|".join(RUNS), help="which; all by default")
    parser.add_argument("--long", action="store_true", help="ten times as much; takes about an hour")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.runs) - set(RUNS):
        parser.error(f"there is no run called {', '.join(sorted(unknown))}")
    command = " ".join(["python -m tests.reliability", *(f'"{a}"' if " " in a else a for a in arguments)])
    return max(one(name, command, LONG[name] if asked.long else {}) for name in asked.runs or RUNS)


def one(name: str, command: str, sizes: dict[str, int]) -> int:
    """One run. Its figures are written down whatever they are."""
    seed, run = RUNS[name]
    print(f"{name}: seed {seed}", flush=True)
    figures = run(**sizes)
    section = {"seed": seed, "database": figures.pop("database"), "figures": figures}
    report.write({name: section}, command)
    wrong = report.broken(name, figures)
    print(report.table(figures), *wrong, sep="\n", flush=True)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
