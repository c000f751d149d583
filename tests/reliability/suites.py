"""Tests of the suite at a larger size: by variables of the environment that they read."""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from config.folders import CLONE

ROUNDS, EXAMPLES, STATEMENTS = "ACROSS_ROUNDS", "ACROSS_EXAMPLES", "ACROSS_STATEMENTS"
MACHINES = "ACROSS_MACHINES"


def run(*files: str, sizes: dict[str, tuple[str, int]], seed: int = 0) -> dict[str, Any]:
    """The figures of one call of pytest. `sizes`: what the page calls it → the variable, and how many."""
    began = time.monotonic()
    told = {variable: str(number) for variable, number in sizes.values()}
    surroundings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | told
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "found.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--timeout",
            "3000",
            "-o",
            "junit_family=xunit1",
            f"--junitxml={path}",
        ]
        done = subprocess.run(
            [*command, *files], cwd=CLONE, env=surroundings, capture_output=True, text=True, check=False
        )
        assert path.exists(), done.stdout[-2000:] + done.stderr[-2000:]
        found = ElementTree.parse(path).getroot()
    failed = sum(len(found.findall(f".//{outcome}")) for outcome in ("failure", "error"))
    tests, counted = len(found.findall(".//testcase")), Counter[str]()
    for one in found.findall(".//property"):
        if one.attrib["value"].isdigit():  # Hypothesis tells of itself at length
            counted[one.attrib["name"]] += int(one.attrib["value"])
    return {
        "tests": tests,
        "passed": tests - failed,
        "failed": failed,
        **{name: number for name, (_variable, number) in sizes.items() if name},
        **counted,
        "database": "the embedded PostgreSQL",
        "seconds": round(time.monotonic() - began, 1),
    }
