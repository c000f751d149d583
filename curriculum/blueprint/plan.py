"""What a folder comes to: the whole edition as plain mappings, each already checked."""

from dataclasses import dataclass, field

DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
COUNTED_FROM = {"hours_after": "hours", "hours_before": "hours", "months_after": "months"}  # and the unit of each
Named = tuple[str, str]  # what is named (week, lesson, field …) and its key


@dataclass
class Blueprint:
    """The parts of an edition. `keys` says of everything that has a key which kind of it that is."""

    programme: dict = field(default_factory=dict)
    weeks: list[dict] = field(default_factory=list)
    rubrics: list[dict] = field(default_factory=list)
    exemplars: list[dict] = field(default_factory=list)
    comments: list[dict] = field(default_factory=list)
    instruments: list[dict] = field(default_factory=list)
    messages: list[dict] = field(default_factory=list)
    milestones: list[dict] = field(default_factory=list)
    lexicon: dict = field(default_factory=dict)
    keys: dict[Named, str] = field(default_factory=dict)
    digest: str = ""

    @property
    def exercises(self) -> list[dict]:
        return [exercise for week in self.weeks for exercise in week["exercises"]]
