"""The tables of the service."""

from .assignment import Assignment
from .milestone import Heartbeat, Milestone
from .review import Claim, Feedback, FeedbackDraft, Mark
from .session import Decline, LiveSession, SessionRule

__all__ = [
    "Assignment",
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
