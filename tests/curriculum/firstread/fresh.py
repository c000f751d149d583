"""The pairs that were labelled before anything was tuned: what the rules say of them, and what their labels say."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from curriculum.firstread import read

HERE = Path(__file__).parent
SIDES = ("weak", "strong")
Spoke = Mapping[str, frozenset[str]]  # side → the rules that spoke


@dataclass(frozen=True)
class Pair:
    """A weak and a strong text of the same facts. `should` and `fair` are the rules its labels ask for and allow, by side."""

    id: str
    profile: str
    text: Mapping[str, str]
    should: Mapping[str, frozenset[str]]
    fair: Mapping[str, frozenset[str]]

    def spoke(self) -> Spoke:
        return {side: frozenset(note.rule for note in read(self.text[side], self.profile).notes) for side in SIDES}


def loaded(name):
    return yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))


def digest(found):
    """Of texts and labels, so that a change of either is seen."""
    return hashlib.sha256(json.dumps(found, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def first_forty(odd):
    """Even numbers were tuned on, odd ones never."""
    return [raw for raw in loaded("first_forty") if bool(raw["id"] % 2) == odd]


def pairs(raws) -> list[Pair]:
    return [_pair(raw) if isinstance(raw["weak"], dict) else _first(raw) for raw in raws]


def _first(raw):
    return Pair(
        str(raw["id"]),
        raw["profile"],
        {side: raw[side] for side in SIDES},
        {side: frozenset(raw[f"{side}_should"]) for side in SIDES},
        {side: frozenset() for side in SIDES},
    )


def _pair(raw):
    return Pair(
        raw["id"],
        raw["profile"],
        {side: raw[side]["text"] for side in SIDES},
        {side: frozenset(raw[side]["should"]) for side in SIDES},
        {side: frozenset(raw[side]["fair"]) for side in SIDES},
    )


def tuned() -> dict[str, list[Pair]]:
    """What the rules were set on, by the name the guide gives it."""
    return {
        "`first_forty.yaml`, even numbers": pairs(first_forty(odd=False)),
        "`second_odd.yaml`": pairs(loaded("second_odd")),
        "`second_even.yaml`": pairs(loaded("second_even")),
    }


def never_tuned() -> dict[str, list[Pair]]:
    """What no rule and no word list was set on."""
    return {
        "`first_forty.yaml`, odd numbers": pairs(first_forty(odd=True)),
        "`last_twenty.yaml`": pairs(loaded("last_twenty")),
        "`blind_twenty.yaml`": pairs(loaded("blind_twenty")),
    }


def as_recorded(name) -> dict[str, Spoke]:
    """What the rules said at an earlier time, by pair."""
    return {
        key: {side: frozenset(said[side].split()) for side in SIDES} for key, said in loaded("before")[name].items()
    }


def spoken_now(found: Iterable[Pair]) -> dict[str, Spoke]:
    return {pair.id: pair.spoke() for pair in found}


def ordered(found: Iterable[Pair], spoke: Mapping[str, Spoke]) -> list[str]:
    """The pairs whose weak text has strictly more distinct rules than its strong twin."""
    return [pair.id for pair in found if len(spoke[pair.id]["weak"]) > len(spoke[pair.id]["strong"])]


def noted_falsely(found: Iterable[Pair], spoke: Mapping[str, Spoke]) -> list[str]:
    """Strong texts with a note their label calls false."""
    return [pair.id for pair in found if spoke[pair.id]["strong"] - pair.should["strong"] - pair.fair["strong"]]


def by_rule(found: Iterable[Pair]) -> dict[str, Counter]:
    """Rule → how often its label asks for it, how often it spoke, spoke falsely, was missed."""
    table: dict[str, Counter] = {}
    for pair, spoke in ((pair, pair.spoke()) for pair in found):
        for side in SIDES:
            said, should = spoke[side], pair.should[side]
            false = said - should - pair.fair[side]
            for name, rules in (("asked", should), ("spoke", said), ("false", false), ("missed", should - said)):
                for rule in rules:
                    table.setdefault(rule, Counter())[name] += 1
    return dict(sorted(table.items(), key=lambda item: int(item[0][1:])))
