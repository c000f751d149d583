"""The reading grade of a text: how many years of school in English its sentences and words ask for, roughly.

The Flesch-Kincaid grade level: 0.39 × words per sentence + 11.8 × syllables per word - 15.59. From J. P. Kincaid,
R. P. Fishburne, R. L. Rogers and B. S. Chissom, "Derivation of New Readability Formulas for Navy Enlisted
Personnel", Research Branch Report 8-75, Naval Technical Training Command, 1975.

It counts lengths and knows nothing of meaning: a low grade does not make a text clear. Syllables are counted by a
heuristic for English spelling (see `syllables`), so two programs may differ by some tenths of a grade.

Markdown is read as prose: the end of a paragraph, a list item or a quotation ends a sentence. Headings and code are
left out, and so is everything without a letter, such as a number.
"""

import re

_LEFT_OUT = re.compile(r"^```.*?^```|`[^`\n]*`|^#+ .*?$|(?<=\])\([^)\s]*\)", re.MULTILINE | re.DOTALL)
_BLOCK_ENDS = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+|>]|\d+[.)])\s)")
_SENTENCE_ENDS = re.compile(r"[.!?…]+[\"”’')*_]*(?=\s|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

_VOWELS = re.compile(r"[aeiouy]+")
# Vowels nobody says: late, used, names, colleague, and the e inside "useful" or "something".
_SILENT = re.compile(
    r"(?:[^aeiouyl]|[aeiouy]l)e$|[gq]ue$|(?:[^aeioutdyl]|[aeiouy]l)ed$|(?:[^aeiousxzcghly]|[^cs]h|[aeiouy]l)es$"
    r"|[^aeiouyl]e(?=(?:ly|ful|less|ment|ness|thing|times|where)$)"
)
# Two vowels side by side that are two syllables: period, client, being, video, actual, idea.
_APART = re.compile(
    r"(?<![tscgxlnq])i[ao]|(?<![tscgxq])i(?:et|en[tc])|[aeiouy]ing$|eos?$|(?<![qg])ua|ideas?$|areas?$|crea(?![skm])"
)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text in Markdown; 0.0 where there is nothing to read."""
    sentences = _sentences(text)
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """Groups of vowels, less those that are silent, plus those that are two: at least one."""
    word = re.sub(r"['’]", "", word.lower())
    return max(1, len(_VOWELS.findall(word)) - len(_SILENT.findall(word)) + len(_APART.findall(word)))


def _sentences(text: str) -> list[list[str]]:
    """The words of every sentence that has any."""
    blocks = _BLOCK_ENDS.split(_LEFT_OUT.sub("", text))
    sentences = [sentence for block in blocks for sentence in _SENTENCE_ENDS.split(block)]
    return [words for sentence in sentences if (words := _WORD.findall(sentence))]
