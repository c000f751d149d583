"""The forty fresh pairs: what the rules say of them, and what their labels say they should."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml

from curriculum.firstread import read

FILE = Path(__file__).with_name("fresh.yaml")


@dataclass(frozen=True)
class Judged:
    """One text: the rules that spoke, and those its label asks for."""

    pair: int
    side: str
    spoke: frozenset[str]
    should: frozenset[str]

    @property
    def false(self) -> frozenset[str]:
        return self.spoke - self.should

    @property
    def missed(self) -> frozenset[str]:
        return self.should - self.spoke


def pairs() -> list[dict]:
    return yaml.safe_load(FILE.read_text("utf-8"))


def held_out() -> list[dict]:
    """Odd numbers: never tuned on."""
    return [pair for pair in pairs() if pair["id"] % 2]


def tuned() -> list[dict]:
    return [pair for pair in pairs() if not pair["id"] % 2]


def digest(found: list[dict]) -> str:
    """Of texts and labels, so that a change of either is seen."""
    return hashlib.sha256(json.dumps(found, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def judged(found: list[dict]) -> list[Judged]:
    return [
        Judged(
            pair["id"],
            side,
            frozenset(note.rule for note in read(pair[side], pair["profile"]).notes),
            frozenset(pair[f"{side}_should"]),
        )
        for pair in found
        for side in ("weak", "strong")
    ]


def ordered(found: list[dict]) -> list[int]:
    """The pairs whose weak text has strictly more distinct rules than its strong twin."""
    spoke = {(one.pair, one.side): one.spoke for one in judged(found)}
    return [pair["id"] for pair in found if len(spoke[pair["id"], "weak"]) > len(spoke[pair["id"], "strong"])]


def by_rule(found: list[dict]) -> dict[str, Counter]:
    """Rule → how often it should speak, spoke, spoke falsely, was missed."""
    table: dict[str, Counter] = {}
    for one in judged(found):
        for name, rules in (("should", one.should), ("spoke", one.spoke), ("false", one.false), ("missed", one.missed)):
            for rule in rules:
                table.setdefault(rule, Counter())[name] += 1
    return dict(sorted(table.items(), key=lambda item: int(item[0][1:])))


def noted_falsely(found: list[dict]) -> list[int]:
    """Strong texts with a note their label calls false."""
    return [one.pair for one in judged(found) if one.side == "strong" and one.false]
