"""The rows of matrix.yaml: who may do what. Plain Python, so that the page about them needs no database."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("matrix.yaml")
SIGN_IN = "sign-in"  # a redirect to the sign-in page
OTHERS = "others"  # every role that no other answer of the row names


@dataclass(frozen=True)
class Row:
    """One method of one route: what it does, the state it is asked in, what is sent, and who gets which answer."""

    group: str
    route: str
    method: str
    what: str
    expected: dict[str, Any]
    given: str = ""
    sent: Any = None
    hours: int = 12
    at: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} /{self.route}"


def load() -> tuple[dict[str, str], list[Row]]:
    """The roles with their meaning, and every row."""
    data = yaml.safe_load(FILE.read_text())
    rows = [
        Row(
            group=group["group"],
            route=route,
            method=method,
            what=said["what"],
            expected=_expected(said["expect"], list(data["roles"])),
            given=said.get("given", ""),
            sent=said.get("with"),
            hours=said.get("hours", 12),
            at=said.get("at", {}),
        )
        for group in data["groups"]
        for route, methods in group["routes"].items()
        for method, said in methods.items()
    ]
    return data["roles"], rows


def _expected(answers: dict[Any, Any], roles: list[str]) -> dict[str, Any]:
    """Role → answer, in the order of the roles. Every role is named once, or meant by `others`."""
    named = {role: answer for answer, those in answers.items() if those != OTHERS for role in those}
    counted = sum(len(those) for those in answers.values() if those != OTHERS)
    assert counted == len(named), f"a role is named twice in {answers}"
    rest = next((answer for answer, those in answers.items() if those == OTHERS), None)
    assert set(named) <= set(roles), f"nobody knows {set(named) - set(roles)}"
    assert rest is not None or set(named) == set(roles), f"{set(roles) - set(named)} get no answer in {answers}"
    return {role: named.get(role, rest) for role in roles}
