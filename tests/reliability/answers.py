"""Real homework, a different text every time: the programme's own strong examples, completed and marked."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CONTENT = Path(__file__).parent.parent.parent / "curriculum" / "content" / "across-8"
SCRIPT = "When you pay by card, a check decides within a second whether the payment is honest."
CHECKED = {"self_check": ["what", "why"], "receipt_from": "nobody"}
# What the examples leave out, and the exercises that have none. Values here win. Exercises that take meetings or lines
# of evidence from elsewhere are not here.
ADDED: dict[str, dict[str, Any]] = {
    "w0-intake": {
        "role": "I look after the payment systems of a shoe shop.",
        "years_in_role": 4,
        "target_role": "engineering_manager",
        "time_zone": "Europe/Berlin",
        "languages": "Spanish, English, some German",
        "manager_cadence": "every_two_weeks",
        "meeting": "The weekly release review, nine people",
    },
    "w0-t0": {"topic": "The card check in our checkout", "script": SCRIPT},
    "w0-x1": {"update_kind": "status", "body": " ".join([SCRIPT] * 4), "redacted": True},
    "w0-charter": {},
    "w1-x1": {"redacted": True},
    "w1-x2": {"criteria_found": "yes", "criteria_share": 40},
    "w1-t1": CHECKED,
    "w2-x1": {"redacted": True},
    "w3-x2": {},
    "w4-x1": {"redacted": True, "script": SCRIPT},
    "w5-x1": {"redacted": True},
    "w6-x1": {"redacted": True},
    "w8-x2": {"days90": [{"action": f"Step {n} of three", "by": f"2099-0{n}-01"} for n in (1, 2, 3)]},
    **{f"w{n}-t{n}": CHECKED for n in range(2, 9)},
}
MARKED = {
    "w0-intake": "meeting", "w0-t0": "script", "w0-x1": "body", "w0-charter": "value", "w1-x1": "left_out",
    "w1-x2": "today", "w1-t1": "script", "w2-x1": "after", "w3-x2": "item1", "w4-x1": "setting", "w5-x1": "left_out",
    "w6-x1": "reader", "w8-x2": "change_if", **{f"w{n}-t{n}": "script" for n in range(2, 9)},
}  # fmt: skip


def answer(key: str, mark: str) -> dict[str, Any]:
    """A complete answer to this exercise that nobody else gives."""
    found = {**examples().get(key, {}), **ADDED[key]}
    field = MARKED[key]
    return found | {field: f"{found[field]} ({mark})"}


def fingerprint(content: Any) -> str:
    """The same for the same content, however it is stored."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@cache
def examples() -> dict[str, dict[str, Any]]:
    """The strong example of every exercise that has one."""
    strong = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(CONTENT.rglob("*-strong.yaml"))]
    return {example["exercise"]: example["answer"] for example in strong}
