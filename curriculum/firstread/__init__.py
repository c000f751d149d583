"""The first read: instant notes on a draft, by plain rules. No network, no model, no framework.

It never blocks, never scores and judges nobody; a coach reads everything. Positions are offsets in
Unicode code points into the text as given.
"""

from curriculum.firstread.language import Unreadable
from curriculum.firstread.lexicon import Lexicon
from curriculum.firstread.notes import Note, grouped
from curriculum.firstread.reader import LONGEST, PROFILES, Reading, read
from curriculum.firstread.texts import merged, sentences

__all__ = ["LONGEST", "PROFILES", "Lexicon", "Note", "Reading", "Unreadable", "grouped", "merged", "read", "sentences"]
