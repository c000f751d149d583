"""The tables of the service."""

from .assignment import Assignment
from .bank import BankLine, BankUse
from .feed import CalendarAddress
from .milestone import Heartbeat, Milestone
from .review import Ask, Claim, Feedback, FeedbackDraft, MarginNote, Mark, Uptake
from .session import Decline, LiveSession, SessionRule
from .voice import Voice
from .waiver import Waiver

__all__ = [
    "Ask",
    "Assignment",
    "BankLine",
    "BankUse",
    "CalendarAddress",
    "Claim",
    "Decline",
    "Feedback",
    "FeedbackDraft",
    "Heartbeat",
    "LiveSession",
    "MarginNote",
    "Mark",
    "Milestone",
    "SessionRule",
    "Uptake",
    "Voice",
    "Waiver",
]
