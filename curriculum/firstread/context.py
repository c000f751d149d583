"""What every rule is given: the text, the word lists, and what was found on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from curriculum.firstread.asks import find_asks, has_visible_ask
from curriculum.firstread.lexicon import Lexicon
from curriculum.firstread.openings import Opening, opening
from curriculum.firstread.texts import Span, Text

# Below this many words a rate says nothing, so rules count instead.
RATES_FROM = 40


@dataclass(frozen=True)
class Draft:
    """One reading in the making. `technical` is set where the reader is a CTO or a tech lead.

    `moves` are the filled lines of a 1:1, by their labels; then the text is what its writer means to say.
    """

    text: Text
    lexicon: Lexicon
    technical: bool = False
    moves: Mapping[str, Span] = field(default_factory=dict)

    @cached_property
    def opening(self) -> Opening:
        return opening(self.text, self.lexicon)

    @cached_property
    def asks(self) -> tuple[Span, ...]:
        """Every ask, wherever it stands."""
        return tuple(find_asks(self.text, self.lexicon))

    @cached_property
    def has_ask(self) -> bool:
        return has_visible_ask(self.text, self.asks)

    def too_many(self, count: int, *, per_hundred: float, absolute: int) -> bool:
        """Whether a count is over a rate per 100 words or, in a short text, reaches an absolute number."""
        words = self.text.words
        return count >= absolute if words < RATES_FROM else 100 * count / words > per_hundred
