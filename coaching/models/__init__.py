"""The tables of the service."""

from .alumnus import Certificate, CheckIn, Consent
from .assignment import Assignment
from .attendance import Attendance
from .bank import BankLine, BankUse
from .calibration import ExemplarMark, LetOff
from .call import Call, CallSlot
from .conversation import Conversation, Word
from .export import Export
from .feed import CalendarAddress
from .handout import Handout
from .inspection import Inspection, InspectionRead
from .milestone import Heartbeat, Milestone
from .note import Note
from .pair import BlindPair, PairConsent, PairMark, PairRating
from .pulse import PulseAnswer, PulseLink, Rater
from .rating import RatedPoint, Rating
from .release import Release
from .reply import Reply, Used
from .review import Ask, Claim, Feedback, FeedbackDraft, MarginNote, Mark, Uptake
from .risk import Flag, Rule, SeenTo
from .session import Decline, LiveSession, SessionRule
from .snapshot import Snapshot, SnapshotPart
from .sponsorship import Sponsorship
from .substitution import Substitution
from .table import BroughtTable
from .talk import Talk
from .voice import Voice
from .waiver import Waiver

__all__ = [
    "Ask",
    "Assignment",
    "Attendance",
    "BankLine",
    "BankUse",
    "BlindPair",
    "BroughtTable",
    "CalendarAddress",
    "Call",
    "CallSlot",
    "Certificate",
    "CheckIn",
    "Claim",
    "Consent",
    "Conversation",
    "Decline",
    "ExemplarMark",
    "Export",
    "Feedback",
    "FeedbackDraft",
    "Flag",
    "Handout",
    "Heartbeat",
    "Inspection",
    "InspectionRead",
    "LetOff",
    "LiveSession",
    "MarginNote",
    "Mark",
    "Milestone",
    "Note",
    "PairConsent",
    "PairMark",
    "PairRating",
    "PulseAnswer",
    "PulseLink",
    "RatedPoint",
    "Rater",
    "Rating",
    "Release",
    "Reply",
    "Rule",
    "SeenTo",
    "SessionRule",
    "Snapshot",
    "SnapshotPart",
    "Sponsorship",
    "Substitution",
    "Talk",
    "Uptake",
    "Used",
    "Voice",
    "Waiver",
    "Word",
]
