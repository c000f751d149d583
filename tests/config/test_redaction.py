"""The patterns of the redaction pass, over a table of what they find and what they leave alone.

The pass itself runs in the browser; the same table is asked of Chromium in tests/browser/test_workbench.py.
"""

import json
import re
import time
from pathlib import Path

import pytest
import yaml

from config.folders import CLONE

FILE = CLONE / "config" / "static" / "redaction" / "patterns.json"
PATTERNS = json.loads(FILE.read_text("utf-8"))["patterns"]
CASES = yaml.safe_load(Path(__file__).with_name("redaction.yaml").read_text("utf-8"))
KINDS = {"url", "mail", "path", "ip", "host", "id", "account", "ticket", "phone", "amount", "number"}
# What one of the two engines reads in another way than the other, or not at all.
ONE_SIDED = re.compile(r"\\[dwsbpDWBPAZ]|\(\?P|\(\?<[^=!]|\(\?[imsx]|[*+?}]\+|\(\?>")


def found(text):
    """(kind, words) of everything the patterns find, the first pattern first where two overlap."""
    taken, hits = [], []
    for one in PATTERNS:
        for hit in re.finditer(one["pattern"], text, re.I if one["flags"] == "i" else 0):
            if all(hit.end() <= start or end <= hit.start() for start, end in taken):
                taken.append(hit.span())
                hits += [(hit.start(), one["placeholder"], hit.group())] if one["placeholder"] else []
    return [[kind, words] for _start, kind, words in sorted(hits)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_what_is_found_is_what_the_table_says(case):
    assert found(case["text"]) == case["found"]


def test_the_table_asks_for_every_kind_and_for_as_much_that_stays():
    assert {kind for case in CASES for kind, _words in case["found"]} == KINDS
    assert len(CASES) >= 60
    assert sum(not case["found"] for case in CASES) >= 25


def test_every_pattern_is_found_by_some_text():
    matched = {
        one["name"]
        for one in PATTERNS
        for case in CASES
        if re.search(one["pattern"], case["text"], re.I if one["flags"] else 0)
    }

    assert matched == {one["name"] for one in PATTERNS}


@pytest.mark.parametrize("one", PATTERNS, ids=lambda one: one["name"])
def test_a_pattern_means_the_same_to_both_engines(one):
    """Classes such as \\w differ between Python and a browser, and some syntax is known to one of them alone."""
    without_blanks = one["pattern"].replace("[^\\s", "[^").replace("\\s", "")

    assert ONE_SIDED.findall(without_blanks.replace("(?<!\\S)", "")) == []
    assert one["flags"] in ("", "i")


@pytest.mark.parametrize(
    "text", ["a-" * 10_000, "1." * 10_000, "a." * 10_000, ":" * 20_000, "/a" * 10_000, "1 " * 10_000, "+1" * 10_000]
)
def test_no_text_takes_long(text):
    since = time.perf_counter()

    found(text)

    assert time.perf_counter() - since < 2
