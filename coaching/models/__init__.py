"""The tables of the service."""

from .assignment import Assignment
from .feed import CalendarAddress
from .milestone import Heartbeat, Milestone
from .review import Claim, Feedback, FeedbackDraft, Mark
from .session import Decline, LiveSession, SessionRule

__all__ = [
    "Assignment",
    "CalendarAddress",
    "Claim",
    "Decline",
    "Feedback",
    "FeedbackDraft",
    "Heartbeat",
    "LiveSession",
    "Mark",
    "Milestone",
    "SessionRule",
]
