"""The tables of what is taught. Everything below a published edition is frozen, by trigger too."""

from .edition import Competency, Edition, Instrument, MessageText, Module
from .exemplar import Exemplar
from .exercise import Example, Exercise
from .milestone import MilestonePlan
from .programme import Programme
from .rubric import Comment, Criterion, Level, Rubric
from .week import Lesson, Week

__all__ = [
    "Comment",
    "Competency",
    "Criterion",
    "Edition",
    "Example",
    "Exemplar",
    "Exercise",
    "Instrument",
    "Lesson",
    "Level",
    "MessageText",
    "MilestonePlan",
    "Module",
    "Programme",
    "Rubric",
    "Week",
]
