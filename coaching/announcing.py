"""Telling people that live sessions were moved or cancelled, their coaches that somebody cannot come, of midpoint
calls and a change of cohort, and welcoming whoever comes in late.

What is said of sessions and calls leaves some minutes later, so that a second thought takes the place of the first.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from clients import messaging
from clients.models import AdminProposal, Cohort, Crossing, Enrolment, Transfer, User

from . import (
    admin_letters,
    call_letters,
    calls,
    caseload,
    crossing_letters,
    session_letters,
    sessions,
    transfer_letters,
)
from .models import Call, Decline, LiveSession, Milestone, SessionRule
from .words import LATE

SECOND_THOUGHTS = timedelta(minutes=10)


def tell(session: LiveSession, *, kind: str, by: User | None, at: datetime) -> None:
    """Every client of its cohort and every coach, except whoever did it."""
    about = {"session": session.pk, "version": session.version}
    told = _everybody(session.cohort, but=by)
    _post(kind, f"{kind}:{session.pk}:{session.version}", told, session.cohort, about, at, session.starts_at)


def tell_rule(rule: SessionRule, *, by: User | None, at: datetime) -> None:
    """That a cohort meets at another time from now on: one letter, however many sessions moved."""
    kind, about = session_letters.REARRANGED, {"weekday": rule.weekday, "time": f"{rule.time:%H:%M}"}
    _post(kind, f"{kind}:{rule.cohort_id}:{at.isoformat()}", _everybody(rule.cohort, but=by), rule.cohort, about, at)


def _everybody(cohort: Cohort, *, but: User | None) -> list[User]:
    """The clients who are told of its sessions, and its coaches."""
    walking = sessions.expected(cohort).select_related("client").order_by("pk")
    people = [enrolment.client for enrolment in walking] + list(caseload.coaches_of(cohort))
    return [person for person in people if but is None or person.pk != but.pk]


def tell_coaches(decline: Decline, *, at: datetime) -> None:
    """That somebody cannot come, unless they can after all by then."""
    session, kind = decline.session, session_letters.DECLINED
    about = {"session": session.pk, "decline": decline.pk}
    coaches = caseload.coaches_of(session.cohort)
    _post(kind, f"{kind}:{decline.pk}", coaches, session.cohort, about, at, session.starts_at)


def tell_of_call(call: Call, *, by: User | None, at: datetime) -> None:
    """Whoever of the two did not do it: that it is booked, has another time, or is off."""
    kind = _kind_of(call)
    both = [call.enrolment.client, call.slot.coach]
    about = {"call": call.pk, "version": call.version}
    told = [person for person in both if by is None or person.pk != by.pk]
    _post(kind, f"{kind}:{call.pk}:{call.version}", told, call.slot.cohort, about, at, call.slot.starts_at)


def _kind_of(call: Call) -> str:
    if not call.is_booked:
        return call_letters.CANCELLED
    return call_letters.MOVED if call.reason else call_letters.BOOKED


def tell_of_offers(cohort: Cohort, coach: User, *, at: datetime) -> None:
    """Whoever has no call yet, once a day however often the coach offers."""
    kind, about = call_letters.OFFERED, {"offer": coach.pk, "coach": str(coach)}
    people = [enrolment.client for enrolment in calls.without(cohort).order_by("pk")]
    _post(kind, f"{kind}:{cohort.pk}:{coach.pk}:{at:%Y-%m-%d}", people, cohort, about, at)


def welcome_late(enrolment: Enrolment, *, at: datetime) -> None:
    """Whoever comes in when the welcome of their cohort is past has one of their own, where their edition has words."""
    awaits = Milestone.objects.filter(kind="welcome", enrolment=enrolment, state=Milestone.State.PENDING)
    has_words = enrolment.cohort.edition.message_texts.filter(key=LATE).exists()
    if has_words and not awaits.exists():
        about = {"enrolment": enrolment.pk}
        messaging.post(
            LATE, key=f"{LATE}:{enrolment.pk}", to=enrolment.client, cohort=enrolment.cohort, about=about, at=at
        )


def tell_of_other_weeks(crossing: Crossing, *, at: datetime) -> None:
    """Whoever has something in another week now; nobody else hears of another edition."""
    kind, about = crossing_letters.KIND, {"crossing": crossing.pk}
    people = {one.enrolment.client_id: one.enrolment.client for one in crossing_letters.moved_for(crossing)}
    key = f"{kind}:{crossing.pk}" + (":back" if crossing.undone_at else "")
    rest: dict[str, Any] = {"cohort": crossing.cohort, "about": about}
    posts = [messaging.Post(kind, f"{key}:{pk}", to=one, **rest) for pk, one in sorted(people.items())]
    messaging.post_all(posts, at=at)


def tell_of_transfer(transfer: Transfer, *, at: datetime) -> None:
    """The client: where they go on, or that they are back. About the cohort they are in from now on. And the coaches of
    both cohorts, each once: whoever coaches both hears who comes."""
    kind = transfer_letters.BACK if transfer.undone_at else transfer_letters.MOVED
    cohort = (transfer.left if transfer.undone_at else transfer.entered).cohort
    messaging.post(
        kind,
        key=f"{kind}:{transfer.pk}",
        to=transfer.left.client,
        cohort=cohort,
        about={"transfer": transfer.pk},
        at=at,
    )
    _tell_coaches_of(transfer, cohort, at)


def _tell_coaches_of(transfer: Transfer, cohort: Cohort, at: datetime) -> None:
    kind = transfer_letters.BACK_COACH if transfer.undone_at else transfer_letters.MOVED_COACH
    other = (transfer.entered if transfer.undone_at else transfer.left).cohort
    where = dict.fromkeys(caseload.coaches_of(other), other)
    where |= dict.fromkeys(caseload.coaches_of(cohort), cohort)
    where.pop(transfer.left.client, None)
    about = {"transfer": transfer.pk}
    posts = [
        messaging.Post(kind, f"{kind}:{transfer.pk}:{coach.pk}", to=coach, cohort=one, about=about)
        for coach, one in where.items()
    ]
    messaging.post_all(posts, at=at)


def ask_admins(proposal: AdminProposal, *, at: datetime) -> None:
    """Every admin who could confirm it."""
    kind, about = admin_letters.PROPOSED, {"proposal": proposal.pk}
    others = caseload.admins().exclude(pk=proposal.proposed_by_id)
    posts = [messaging.Post(kind, f"{kind}:{proposal.pk}:{one.pk}", to=one, about=about) for one in others]
    messaging.post_all(posts, at=at)


def tell_new_admin(proposal: AdminProposal, *, at: datetime) -> None:
    kind, about = admin_letters.CONFIRMED, {"proposal": proposal.pk}
    messaging.post(kind, key=f"{kind}:{proposal.pk}", to=proposal.person, about=about, at=at)


def _post(
    kind: str,
    key: str,
    people: Iterable[User],
    cohort: Cohort,
    about: dict[str, Any],
    at: datetime,
    not_after: datetime | None = None,
) -> None:
    """One message each, all in as many statements as one takes."""
    later = at + SECOND_THOUGHTS
    rest: dict[str, Any] = {
        "cohort": cohort,
        "about": about,
        "available_at": later,
        "shows_at": later,
        "not_after": not_after,
    }
    messaging.post_all([messaging.Post(kind, f"{key}:{one.pk}", to=one, **rest) for one in people], at=at)
