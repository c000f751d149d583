"""Whether a text is English, cheaply: common words and letters, no model.

Made to let English pass. A text is refused only on evidence of another language, never for a
foreign name, a missing article or a paragraph of product names.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from curriculum.firstread.texts import Text

SHORTEST_JUDGED = 8
ENGLISH_ONLY = "The first read understands English only. Your coach reads everything."

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_IDEOGRAPH = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LAST_LATIN, _LATIN_ADDED = 0x24F, range(0x1E00, 0x1F00)


class Unreadable(ValueError):
    """The first read has nothing to say about this text; `sentence` tells the writer why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def check_english(text: Text) -> None:
    """Raise Unreadable unless the text is English, or too short to tell."""
    if _is_another_script(text.plain) or _is_another_language(_TOKEN.findall(text.plain.replace("’", "'"))):
        raise Unreadable(ENGLISH_ONLY)


def _is_another_script(plain: str) -> bool:
    """Whether four letters in ten, and enough for a few words, are not Latin ones."""
    letters = [ord(c) for c in plain if c.isalpha()]
    other = sum(c > _LAST_LATIN and c not in _LATIN_ADDED for c in letters)
    words = max(len(plain.split()), len(_IDEOGRAPH.findall(plain)) // 2)
    return words >= SHORTEST_JUDGED and other > 0.4 * len(letters)


def _is_another_language(tokens: list[str]) -> bool:
    """Whether the small words are those of another language, or there is not one English word in many.

    Words with a capital are left out as evidence: they may be names, and so is an accent on them.
    """
    if len(tokens) < SHORTEST_JUDGED:
        return False
    words = _small_words()
    english = sum(token.lower() in words["english"] for token in tokens)
    foreign = [t for t in tokens if t[0].islower() and (t in words["other"] or not t.isascii())]
    if len(set(foreign)) >= 2 and len(foreign) >= 0.1 * len(tokens) and len(foreign) > english:
        return True
    work = sum(token.lower() in words["work"] for token in tokens)
    return len(tokens) >= 25 and english + work < 0.03 * len(tokens)


@cache
def _small_words() -> Mapping[str, frozenset[str]]:
    loaded = yaml.safe_load(Path(__file__).with_name("languages.yaml").read_text("utf-8"))
    lists = {name: frozenset(words.split()) for name, words in loaded.items()}
    english, work, shared = (lists.pop(name) for name in ("english", "work", "shared"))
    return {"english": english, "work": work, "other": frozenset().union(*lists.values()) - english - shared}
