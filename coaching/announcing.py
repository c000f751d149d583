"""Telling people that live sessions were moved or cancelled, and their coaches that somebody cannot come.

What is said leaves some minutes later, so that a second thought takes the place of the first.
"""

from datetime import datetime, timedelta

from clients import messaging
from clients.models import Cohort, User

from . import caseload, session_letters, sessions
from .models import Decline, LiveSession, SessionRule

SECOND_THOUGHTS = timedelta(minutes=10)


def tell(session: LiveSession, *, kind: str, by: User | None, at: datetime) -> None:
    """Every client of its cohort and every coach, except whoever did it."""
    for person in _everybody(session.cohort, but=by):
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


def tell_rule(rule: SessionRule, *, by: User | None, at: datetime) -> None:
    """That a cohort meets at another time from now on: one letter, however many sessions moved."""
    for person in _everybody(rule.cohort, but=by):
        messaging.post(
            session_letters.REARRANGED,
            key=f"{session_letters.REARRANGED}:{rule.cohort_id}:{at.isoformat()}:{person.pk}",
            to=person,
            cohort=rule.cohort,
            about={"weekday": rule.weekday, "time": f"{rule.time:%H:%M}"},
            at=at,
            available_at=at + SECOND_THOUGHTS,
            shows_at=at + SECOND_THOUGHTS,
        )


def _everybody(cohort: Cohort, *, but: User | None) -> list[User]:
    """The clients who are told of its sessions, and its coaches."""
    walking = sessions.expected(cohort).select_related("client").order_by("pk")
    people = [enrolment.client for enrolment in walking] + list(caseload.coaches_of(cohort))
    return [person for person in people if but is None or person.pk != but.pk]


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
