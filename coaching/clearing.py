"""Taking the demo out: its cohorts, its people and everything of theirs, this floor's rows first.

The curriculum stays, and so does one line of the journal, so that the demo does not come back by itself.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from clients import leaving, recording
from clients.models import Cohort, Enrolment, Invitation, Message, User

from .models import (
    Assignment,
    Attendance,
    BlindPair,
    Call,
    CallSlot,
    Certificate,
    CheckIn,
    Claim,
    Consent,
    Conversation,
    Feedback,
    FeedbackDraft,
    Flag,
    Handout,
    Inspection,
    LiveSession,
    Milestone,
    Note,
    PairRating,
    PulseAnswer,
    Rater,
    Rating,
    Release,
    Reply,
    SeenTo,
    SessionRule,
    Snapshot,
    Sponsorship,
    Substitution,
    Voice,
    Word,
)


@dataclass(frozen=True)
class Cleared:
    """What went, and who stays because something real hangs on their account."""

    cohorts: int
    people: int
    stayed: tuple[str, ...]


@transaction.atomic
def remove_demo(*, at: datetime) -> Cleared:
    """All of the demo or nothing. Safe to run again: then there is nothing left to take out."""
    cohorts = list(Cohort.objects.select_for_update().filter(demo=True).order_by("pk"))
    for cohort in cohorts:
        recording.record("removed the demo", cohort, by=None, at=at)
        _remove_service_records(cohort)
        leaving.remove_cohort_records(cohort)
    stayed = [str(person) for person in _needed()]
    _disarm(_needed())
    return Cleared(len(cohorts), _remove_people(User.objects.filter(demo=True)), tuple(stayed))


def _remove_service_records(cohort: Cohort) -> None:
    """All the service keeps of a cohort: pairs, conversations, feedback with its replies, drafts, notes, sessions, …"""
    of_its_attempts = Q(attempt__submission__enrolment__cohort=cohort)
    leaving.remove_records(Snapshot.objects.filter(cohorts=cohort))
    BlindPair.objects.filter(enrolment__cohort=cohort).delete()
    Word.objects.filter(conversation__enrolment__cohort=cohort).delete()
    Conversation.objects.filter(enrolment__cohort=cohort).delete()
    Reply.objects.filter(of_its_attempts).delete()
    Feedback.objects.filter(of_its_attempts).delete()
    FeedbackDraft.objects.filter(of_its_attempts).delete()
    Voice.objects.filter(of_its_attempts).delete()
    Claim.objects.filter(of_its_attempts).delete()
    Milestone.objects.of_cohort(cohort).delete()
    Note.objects.filter(cohort=cohort).delete()
    leaving.remove_records(Release.objects.filter(enrolment__cohort=cohort))
    leaving.remove_records(PulseAnswer.objects.filter(enrolment__cohort=cohort))
    Rater.objects.filter(enrolment__cohort=cohort).delete()
    Call.objects.filter(enrolment__cohort=cohort).delete()
    CallSlot.objects.filter(cohort=cohort).delete()
    Rating.objects.filter(enrolment__cohort=cohort).delete()
    Flag.objects.filter(enrolment__cohort=cohort).delete()
    SeenTo.objects.filter(enrolment__cohort=cohort).delete()
    Substitution.objects.filter(cohort=cohort).delete()
    Attendance.objects.filter(session__cohort=cohort).delete()
    LiveSession.objects.filter(cohort=cohort).delete()
    SessionRule.objects.filter(cohort=cohort).delete()
    Inspection.objects.filter(enrolment__cohort=cohort).delete()
    Certificate.objects.filter(enrolment__cohort=cohort).delete()
    CheckIn.objects.filter(enrolment__cohort=cohort).delete()
    Consent.objects.filter(enrolment__cohort=cohort).delete()
    Assignment.objects.filter(cohort=cohort).delete()
    Sponsorship.objects.filter(cohort=cohort).delete()


def _needed() -> QuerySet[User]:
    """People of the demo who also did something in a real cohort."""
    done = [
        Exists(Enrolment.objects.filter(client=OuterRef("pk"))),
        *(
            Exists(model.objects.filter(coach=OuterRef("pk")))
            for model in (Claim, Conversation, Feedback, FeedbackDraft, Flag, Rating, CallSlot)
        ),
        Exists(Attendance.objects.filter(marked_by=OuterRef("pk"))),
        *(Exists(model.objects.filter(author=OuterRef("pk"))) for model in (Note, Reply, Word)),
        Exists(PairRating.objects.filter(rater=OuterRef("pk"))),
        Exists(Inspection.objects.filter(admin=OuterRef("pk"))),
        Exists(SeenTo.objects.filter(by=OuterRef("pk"))),
        Exists(Snapshot.objects.filter(asked_by=OuterRef("pk"))),
        Exists(Handout.objects.filter(Q(sponsor=OuterRef("pk")) | Q(handed_by=OuterRef("pk")))),
        Exists(Sponsorship.objects.filter(sponsor=OuterRef("pk"))),
        Exists(Substitution.objects.filter(Q(away=OuterRef("pk")) | Q(substitute=OuterRef("pk")))),
    ]
    return User.objects.filter(reduce(or_, done), demo=True).order_by("name")


def _disarm(people: QuerySet[User]) -> None:
    """Whoever stays is nobody's demo, and the password everybody knows opens nothing: they use a mailed code."""
    for person in people.select_for_update():
        person.set_unusable_password()
        person.demo = False
        person.save(update_fields=["password", "demo"])


def _remove_people(people: QuerySet[User]) -> int:
    """The accounts, with how they came in and what was addressed to them."""
    Assignment.objects.filter(coach__in=people).delete()
    Message.objects.filter(cohort=None, address__in=people.values("email")).delete()
    Invitation.objects.filter(accepted_by__in=people).delete()
    return leaving.remove_people(people)
