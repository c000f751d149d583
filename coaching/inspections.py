"""What an admin may read of a client for a reason, and who has read what of somebody. Every door starts here.

Without an inspection that is open at this instant there is nothing; with one, the part it is about and no other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from clients.attempts import standing_attempts
from clients.models import Attempt, Submission, User, Visibility
from curriculum import plain

from . import caseload
from .models import Ask, Conversation, Feedback, Inspection, InspectionRead, MarginNote, Note, Reply, Voice

About = Inspection.About


@dataclass(frozen=True)
class Item:
    """Something that can be opened: its number and what it is called, nothing of its text."""

    number: int
    title: str


@dataclass(frozen=True)
class Sound:
    """A recording of an attempt, or what was said about it."""

    key: str
    seconds: float
    peaks: list[int]


@dataclass(frozen=True)
class Part:
    """Some words of what was opened: whose, when, under which heading, and what can be heard of it."""

    heading: str
    text: str
    at: datetime
    sounds: tuple[Sound, ...] = ()


# --- Which there are ------------------------------------------------------------------------------


def visible_to(user: User) -> QuerySet[Inspection]:
    """To admins all, to a client those of their own record; to everybody else none."""
    rows = Inspection.objects.select_related("enrolment__client", "enrolment__cohort", "admin")
    return rows if caseload.is_admin(user) else rows.filter(enrolment__client=user)


def own(user: User) -> QuerySet[Inspection]:
    """Those this admin has begun, while they are an admin."""
    return visible_to(user).filter(admin=user) if caseload.is_admin(user) else Inspection.objects.none()


def of_client(user: User) -> QuerySet[Inspection]:
    """Who has opened this person's record, with each thing that was read."""
    rows = Inspection.objects.filter(enrolment__client=user).select_related("enrolment__cohort", "admin")
    return rows.prefetch_related("reads")


def open_at(user: User, about: str, at: datetime) -> QuerySet[Inspection]:
    """Of the enrolment of the row that asks."""
    return own(user).filter(
        about=about, began_at__lte=at, ends_at__gt=at, ended_at=None, enrolment=OuterRef("enrolment")
    )


# --- What they open --------------------------------------------------------------------------------


def submissions(user: User, *, at: datetime) -> QuerySet[Submission]:
    """What was handed in; never a draft."""
    rows = Submission.objects.filter(Exists(open_at(user, About.WORK, at)), attempts_made__gte=1)
    return rows.select_related("exercise__week").order_by("exercise__week__number", "exercise__position")


def conversations(user: User, *, at: datetime) -> QuerySet[Conversation]:
    rows = Conversation.objects.filter(Exists(open_at(user, About.TALK, at)))
    return rows.select_related("coach", "enrolment__client").order_by("pk")


def notes(user: User, *, at: datetime) -> QuerySet[Note]:
    """Those that client and coach share; nobody's private ones, and not what coaches keep among themselves."""
    rows = Note.objects.filter(Exists(open_at(user, About.NOTES, at)), visibility=Visibility.PAIR)
    return rows.select_related("author").order_by("written_at", "pk")


def items(inspection: Inspection, *, at: datetime) -> list[Item]:
    """What can be opened of the part it is about."""
    user, whose = inspection.admin, {"enrolment": inspection.enrolment_id}
    if inspection.about == About.WORK:
        return [Item(one.pk, _piece_title(one)) for one in submissions(user, at=at).filter(**whose)]
    if inspection.about == About.TALK:
        return [Item(one.pk, _talk_title(one)) for one in conversations(user, at=at).filter(**whose)]
    return [Item(one.pk, _note_title(one)) for one in notes(user, at=at).filter(**whose)]


def parts(inspection: Inspection, number: int, *, at: datetime) -> tuple[Part, ...]:
    """The words of one of them."""
    user, which = inspection.admin, {"enrolment": inspection.enrolment_id, "pk": number}
    if inspection.about == About.WORK:
        return tuple(_of_piece(submissions(user, at=at).get(**which)))
    if inspection.about == About.TALK:
        found = conversations(user, at=at).get(**which).words.select_related("author").order_by("written_at", "pk")
        return tuple(Part(str(one.author), one.text, one.written_at) for one in found)
    note = notes(user, at=at).get(**which)
    return (Part(str(note.author), note.text, note.written_at),)


def _piece_title(piece: Submission) -> str:
    return _("Week %(n)s: %(title)s") % {"n": piece.exercise.week.number, "title": piece.exercise.title}


# --- What they let be heard -----------------------------------------------------------------------


def opened(user: User, at: datetime, piece: str) -> Exists:
    """Whether the piece of the row that asks was read in this hour, which is written down: then its sound is heard."""
    mine = own(user).filter(about=About.WORK, began_at__lte=at, ends_at__gt=at, ended_at=None)
    return Exists(InspectionRead.objects.filter(inspection__in=mine, number=OuterRef(piece)))


def _recorded(attempt: Attempt) -> tuple[Sound, ...]:
    """The recordings an attempt names that are still kept."""
    named = [content for content in attempt.answer.values() if isinstance(content, dict) and content.get("key")]
    return tuple(Sound(one["key"], one.get("seconds", 0), one.get("peaks") or []) for one in named)


def _spoken(attempt: Attempt, feedback: Feedback) -> tuple[Sound, ...]:
    found = Voice.objects.filter(attempt=attempt, coach=feedback.coach)
    return tuple(Sound(str(one.key), one.seconds, one.peaks) for one in found)


def _talk_title(one: Conversation) -> str:
    return _("With %(coach)s") % {"coach": one.coach}


def _note_title(one: Note) -> str:
    return _("Note of %(author)s, %(day)s") % {"author": one.author, "day": f"{one.written_at:%-d %B %Y}"}


def _of_piece(piece: Submission) -> Iterator[Part]:
    """Each attempt as it was handed in, with what was said about it."""
    attempts = list(standing_attempts(piece))
    said = Feedback.objects.filter(attempt__in=attempts).select_related("coach")
    feedback = {one.attempt_id: one for one in said}
    for attempt in attempts:
        heading = _("Attempt %(n)s") % {"n": attempt.number}
        text = plain.text_of(piece.exercise, attempt.answer)
        yield Part(heading, text, attempt.handed_in_at, _recorded(attempt))
        if found := feedback.get(attempt.pk):
            yield Part(str(found.coach), _words_of(found), found.sent_at, _spoken(attempt, found))
    for reply in Reply.objects.filter(attempt__in=attempts).select_related("author").order_by("written_at", "pk"):
        yield Part(str(reply.author), reply.text, reply.written_at)


def _words_of(feedback: Feedback) -> str:
    asks = Ask.objects.filter(feedback=feedback).order_by("number").values_list("text", flat=True)
    margin = MarginNote.objects.filter(feedback=feedback).order_by("position").values_list("text", flat=True)
    return "\n\n".join(filter(None, [feedback.keep, feedback.try_next, *asks, *margin]))
