"""What clients and coaches write to each other, for the two of them. Every page and every answer starts here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from clients.models import Cohort, Enrolment, User

from . import caseload
from .models import Assignment, Conversation, Substitution, Word

SHOWN = 100  # words on a page, the newest


@dataclass(frozen=True)
class Partner:
    """A coach a client can write to, or has written to; `conversation` once there is one."""

    coach: User
    conversation: Conversation | None
    is_coach: bool

    @property
    def is_new(self) -> bool:
        return bool(self.conversation and self.conversation.new_to_client_since)


# --- Which there are --------------------------------------------------------------------------------


def visible_to(user: User, *, at: datetime) -> QuerySet[Conversation]:
    """One's own, as the client or as a coach who still coaches there.

    Whoever stands in for that coach reads what waits for an answer, and what they have answered themselves, while the
    window is open. Admins and other coaches read none.
    """
    rows = Conversation.objects.filter(_own(user) | _as_substitute(user, at))
    return rows.select_related("enrolment__client", "enrolment__cohort", "coach")


def _own(user: User) -> Q:
    coached = Assignment.objects.filter(coach=user, ended_at=None).values("cohort")
    return Q(enrolment__client=user) | Q(coach=user, enrolment__cohort__in=coached)


def _as_substitute(user: User, at: datetime) -> Q:
    window = Substitution.objects.at(at).filter(
        substitute=user, away=OuterRef("coach"), cohort=OuterRef("enrolment__cohort")
    )
    answered = Word.objects.filter(conversation=OuterRef("pk"), author=user)
    return Q(Exists(window)) & (Q(waits_since__isnull=False) | Q(Exists(answered)))


def at_the_desk(user: User, *, at: datetime) -> QuerySet[Conversation]:
    """Those this person reads as a coach: what waits first, the longest wait first."""
    rows = visible_to(user, at=at).exclude(enrolment__client=user)
    return rows.order_by(F("waits_since").asc(nulls_last=True), "-last_at", "-pk")


def waiting(user: User, *, at: datetime) -> QuerySet[Conversation]:
    """Clients who wait for an answer of this person, in cohorts that go on."""
    rows = at_the_desk(user, at=at).filter(waits_since__isnull=False, enrolment__cohort__closed_at=None)
    return rows.filter(enrolment__state=Enrolment.State.ACTIVE)


def waiting_now(user: User, *, at: datetime) -> QuerySet[Conversation]:
    """Those where the cohort goes on: nobody is pressed while it stands still."""
    return waiting(user, at=at).exclude(enrolment__cohort__in=caseload.standing_still())


def unanswered(coach: User, enrolments: Collection[int]) -> dict[int, datetime]:
    """Since when these clients wait for an answer of one coach, by enrolment; nothing of what they wrote."""
    rows = Conversation.objects.filter(coach=coach, enrolment__in=enrolments, waits_since__isnull=False)
    return dict(rows.values_list("enrolment_id", "waits_since"))


def of_pair(enrolment: Enrolment, coach: User) -> Conversation | None:
    found = Conversation.objects.filter(enrolment=enrolment, coach=coach)
    return found.select_related("enrolment__client", "enrolment__cohort", "coach").first()


def words_of(conversation: Conversation) -> list[Word]:
    """The newest hundred, in their order, with what each is about."""
    rows = conversation.words.select_related("author", "piece__exercise").order_by("-written_at", "-pk")
    return list(rows[:SHOWN])[::-1]


# --- Who with -----------------------------------------------------------------------------------------


def partners_of(enrolment: Enrolment) -> list[Partner]:
    """Whoever coaches the client, and whoever did and wrote with them. Two queries."""
    begun = {one.coach_id: one for one in Conversation.objects.filter(enrolment=enrolment).select_related("coach")}
    now = list(caseload.coaches_of(enrolment.cohort))
    gone = [one for one in begun.values() if one.coach not in now]
    return [Partner(coach, begun.get(coach.pk), True) for coach in now] + [
        Partner(one.coach, one, False) for one in gone
    ]


def coach_for(user: User, cohort: Cohort, *, at: datetime) -> User | None:
    """In whose conversations this person writes there as a coach: their own, or those of whom they stand in for."""
    if caseload.coaches(user, cohort):
        return user
    window = Substitution.objects.at(at).filter(substitute=user, cohort=cohort).select_related("away").first()
    return window.away if window else None


# --- What is new ----------------------------------------------------------------------------------------


def is_new_to(conversation: Conversation, user: User) -> bool:
    """Whether something in it was not read by this person. Whoever stands in has nothing marked."""
    if conversation.enrolment.client_id == user.pk:
        return conversation.new_to_client_since is not None
    return conversation.coach_id == user.pk and conversation.new_to_coach_since is not None


def new_columns() -> dict[str, Any]:
    """How many conversations hold something a person has not read, for a query about people."""
    mine = Conversation.objects.filter(enrolment__client=OuterRef("pk"), new_to_client_since__isnull=False)
    theirs = Conversation.objects.filter(coach=OuterRef("pk"), new_to_coach_since__isnull=False).filter(
        Exists(Assignment.objects.filter(coach=OuterRef("coach"), cohort=OuterRef("enrolment__cohort"), ended_at=None))
    )
    return {"new_to_client": _count(mine, "enrolment__client"), "new_to_coach": _count(theirs, "coach")}


def _count(rows: QuerySet[Conversation], whose: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(whose).annotate(count=Count("pk")).values("count")), 0)
