"""The tables of people and their record."""

from .agreement import Acceptance, CoachingAgreement
from .assessment import Assessment
from .cohort import Cohort, CohortPause
from .crossing import Crossing
from .engine import Engine
from .enrolment import Enrolment, Invitation
from .journal import JournalEntry
from .message import Message
from .notice import Channel, Notice, Preference, Suppression
from .practice import LedgerLine, LessonReading, Meeting, OneOnOne
from .proposal import AdminProposal
from .schedule import BreakWeek, CohortShift, Excusal, Extension, Hold
from .sound import Receipt, Recording, Transcript
from .submission import Attempt, Submission, TakenBack
from .transfer import Transfer
from .user import User, ZoneChange
from .visibility import Visibility

__all__ = [
    "Acceptance",
    "AdminProposal",
    "Assessment",
    "Attempt",
    "BreakWeek",
    "Channel",
    "CoachingAgreement",
    "Cohort",
    "CohortPause",
    "CohortShift",
    "Crossing",
    "Engine",
    "Enrolment",
    "Excusal",
    "Extension",
    "Hold",
    "Invitation",
    "JournalEntry",
    "LedgerLine",
    "LessonReading",
    "Meeting",
    "Message",
    "Notice",
    "OneOnOne",
    "Preference",
    "Receipt",
    "Recording",
    "Submission",
    "Suppression",
    "TakenBack",
    "Transcript",
    "Transfer",
    "User",
    "Visibility",
    "ZoneChange",
]
