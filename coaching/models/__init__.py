"""The tables of the service."""

from .assignment import Assignment
from .milestone import Heartbeat, Milestone
from .review import Claim, Feedback, FeedbackDraft, Mark

__all__ = ["Assignment", "Claim", "Feedback", "FeedbackDraft", "Heartbeat", "Mark", "Milestone"]
