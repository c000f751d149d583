"""The tables of people and their record."""

from .cohort import Cohort, CohortPause
from .enrolment import Enrolment, Invitation
from .journal import JournalEntry
from .message import Message
from .practice import LessonReading
from .submission import Attempt, Submission, TakenBack
from .user import User, ZoneChange

__all__ = [
    "Attempt",
    "Cohort",
    "CohortPause",
    "Enrolment",
    "Invitation",
    "JournalEntry",
    "LessonReading",
    "Message",
    "Submission",
    "TakenBack",
    "User",
    "ZoneChange",
]
