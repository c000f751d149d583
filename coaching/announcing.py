"""Telling people that a live session was moved or cancelled, and its coaches that somebody cannot come.

What is said leaves some minutes later, so that a second thought takes the place of the first.
"""

from datetime import datetime, timedelta

from clients import messaging
from clients.models import Enrolment, User

from . import caseload, session_letters
from .models import Decline, LiveSession

SECOND_THOUGHTS = timedelta(minutes=10)


def tell(session: LiveSession, *, kind: str, by: User | None, at: datetime) -> None:
    """Every client of its cohort and every coach, except whoever did it."""
    walking = Enrolment.objects.active().filter(cohort=session.cohort).select_related("client")
    people = [enrolment.client for enrolment in walking.order_by("pk")] + list(caseload.coaches_of(session.cohort))
    for person in people:
        if by is None or person.pk != by.pk:
            messaging.post(
                kind,
                key=f"{kind}:{session.pk}:{session.version}:{person.pk}",
                to=person,
                cohort=session.cohort,
                about={"session": session.pk, "version": session.version},
                at=at,
                available_at=at + SECOND_THOUGHTS,
                shows_at=at + SECOND_THOUGHTS,
                not_after=session.starts_at,
            )


def tell_coaches(decline: Decline, *, at: datetime) -> None:
    """That somebody cannot come, unless they can after all by then."""
    session = decline.session
    for coach in caseload.coaches_of(session.cohort):
        messaging.post(
            session_letters.DECLINED,
            key=f"{session_letters.DECLINED}:{decline.pk}:{coach.pk}",
            to=coach,
            cohort=session.cohort,
            about={"session": session.pk, "decline": decline.pk},
            at=at,
            available_at=at + SECOND_THOUGHTS,
            shows_at=at + SECOND_THOUGHTS,
            not_after=session.starts_at,
        )
