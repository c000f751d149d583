"""`python -m tests.reliability [--long] [run …]`: the crash runs, into docs/reliability.*.

The exit code is 1 where something happened that may not.
"""

import argparse
import sys
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.reliability import changes, faults, mails, milestones, outage, poison, report, submissions, suites

DOUBLE = partial(suites.run, "tests/races/test_double_actions.py")
TASKS = partial(suites.run, "tests/coaching/test_tasks_once.py")
TIME = partial(suites.run, "tests/curriculum/test_moments_properties.py", "tests/doors/test_same_instant.py")
MACHINE = partial(suites.run, "tests/coaching/test_engine_machine.py")
RUNS: dict[str, tuple[int, Callable[..., dict[str, Any]]]] = {
    "submissions": (submissions.SEED, submissions.run),
    "milestones": (milestones.SEED, milestones.run),
    "mails with keys": (mails.SEED, partial(mails.run, keys=True)),
    "mails without keys": (mails.SEED, partial(mails.run, keys=False)),
    "outage": (outage.SEED, outage.run),
    "poison": (poison.SEED, poison.run),
    "changes": (changes.SEED, changes.run),
    "faults": (faults.SEED, faults.run),
    "machine": (0, partial(MACHINE, sizes={"lives from each start": (suites.MACHINES, 12)})),
    "double actions": (0, partial(DOUBLE, sizes={"rounds of each": (suites.ROUNDS, 20)})),
    "tasks": (0, partial(TASKS, sizes={})),
    "time": (0, partial(TIME, sizes={"examples of each": (suites.EXAMPLES, 300)})),
}
LONG: dict[str, dict[str, Any]] = {
    "submissions": {"tried": 12_000, "kills": 200, "stops": 6},
    "milestones": {"milestones": 4_800, "kills": 80, "seconds": 200, "lease": 60},
    "mails with keys": {"clients": 100, "invited": 4_900, "lease": 60},
    "mails without keys": {"clients": 100, "invited": 4_900, "lease": 60},
    "outage": {"people": 20_000},
    "poison": {"rounds": 4, "each": 5, "others": 300},
    "changes": {"operations": 2_000, "seconds": 120, "clients": 30},
    "faults": {"scenarios": faults.ALL, "seconds": 10, "silent": 45, "head_start": 0},
    "machine": {"sizes": {"lives from each start": (suites.MACHINES, 120)}},
    "double actions": {"sizes": {"rounds of each": (suites.ROUNDS, 120)}},
    "tasks": {"sizes": {"": (suites.STATEMENTS, 0)}},
    "time": {"sizes": {"examples of each": (suites.EXAMPLES, 5_000)}},
}


def main(arguments: list[str]) -> int:
    """Run what is asked for, all by default, and write down what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("runs", nargs="*", metavar="|".join(RUNS), help="which; all by default")
    parser.add_argument("--long", action="store_true", help="much more of each; takes most of an hour")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.runs) - set(RUNS):
        parser.error(f"there is no run called {', '.join(sorted(unknown))}")
    command = " ".join(["python -m tests.reliability", *(f'"{a}"' if " " in a else a for a in arguments)])
    return max([whatever_happens(name, command, LONG[name] if asked.long else {}) for name in asked.runs or RUNS])


def whatever_happens(name: str, command: str, sizes: dict[str, Any]) -> int:
    """One run that cannot go on keeps no other from beginning."""
    try:
        return one(name, command, sizes)
    except Exception:  # whatever it is, it is told and counts as gone wrong
        traceback.print_exc()
        return 1


def one(name: str, command: str, sizes: dict[str, Any]) -> int:
    """One run. Its figures are written down whatever they are."""
    seed, run = RUNS[name]
    print(f"{name}: seed {seed}", flush=True)
    figures = run(**sizes)
    section = {"seed": seed, "long": bool(sizes), "database": figures.pop("database"), "figures": figures}
    report.write({name: section}, command)
    wrong = report.broken(name, figures)
    print(report.table(figures), *wrong, sep="\n", flush=True)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
