"""What one client set out with, in their own words: what they want to keep, what is to be true, where they want to go.

From what they handed in before week 1 and in it, for whoever reads those pieces. One query.
"""

from dataclasses import dataclass
from datetime import datetime

from clients.models import Attempt, Enrolment, User
from curriculum import plain

from . import caseload

CHARTER, PICTURE, INTAKE = "w0-charter", "w1-x2", "w0-intake"
OTHER = "other"


@dataclass(frozen=True)
class SetOut:
    """Empty where nothing was said: what they want to keep, what they would like to be true in eight weeks; the role
    they want next, the one they have, the meeting where they want to be heard."""

    charter: str = ""
    picture: str = ""
    target: str = ""
    role: str = ""
    meeting: str = ""

    @property
    def is_there(self) -> bool:
        return any((self.charter, self.picture, self.target, self.role, self.meeting))


def of(enrolment: Enrolment, reader: User, *, at: datetime) -> SetOut:
    """By the newest attempt of each piece."""
    mine = caseload.submissions_visible_to(reader, at=at).filter(enrolment=enrolment)
    handed_in = Attempt.objects.filter(submission__in=mine.values("pk"), taken_back=None).order_by("serial")
    asked = handed_in.filter(submission__exercise__key__in=(CHARTER, PICTURE, INTAKE))
    found = {one.submission.exercise.key: one for one in asked.select_related("submission__exercise")}
    return SetOut(
        charter=_said(found.get(CHARTER), "value"),
        picture=_said(found.get(PICTURE), "in_eight_weeks"),
        target=_target(found.get(INTAKE)),
        role=_said(found.get(INTAKE), "role"),
        meeting=_said(found.get(INTAKE), "meeting"),
    )


def _target(intake: Attempt | None) -> str:
    """A role of their own naming, where none of the list is theirs."""
    other = intake is not None and intake.answer.get("target_role") == OTHER
    return (_said(intake, "target_role_other") if other else "") or _said(intake, "target_role")


def _said(attempt: Attempt | None, question: str) -> str:
    return plain.text_at(attempt.submission.exercise, attempt.answer, question) if attempt else ""
