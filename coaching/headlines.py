"""What the bell says about milestones and feedback: one line and one link each, many in a fixed number of queries.

Names, weeks and hours, never a text. Kinds that are not here are told by the subject of their letter.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from clients import dues, letters
from clients.models import Assessment, Attempt, Message
from clients.notices import Told
from curriculum import moments, placeholders
from curriculum.models import MessageText, Week

from . import milestones, promises, sessions
from .models import Feedback, LiveSession, Milestone

# Kinds whose subject can be filled from what is loaded for all of them, and where each leads; a week unless said.
TO_CLIENTS = {
    "welcome": "week",
    "week.unlock": "week",
    "nudge.midweek": "week",
    "due.reminder": "week",
    "overdue.1": "week",
    "overdue.2": "week",
    "ledger.friday": "ledger-new",
    "midpoint.open": Assessment.Moment.MIDPOINT,
    "midpoint.remind": Assessment.Moment.MIDPOINT,
    "final.open": Assessment.Moment.FINAL,
    "graduation": "finish",
    "graduation.gap": "finish",
}
SLOTS = {"n", "title", "due_text", "client", "cohort", "brand"}
SESSIONS = ("kickoff", "session.remind")
TO_STAFF = ("overdue.2.coach", "review.warn", "review.breach", "review.breach.admin")


def of_milestones(messages: Sequence[Message], at: datetime) -> dict[str, Told]:
    """The edition's own subject lines for clients; the templates' for staff, and a few words for digests."""
    rows = Milestone.objects.select_related(*milestones.LOADED).prefetch_related(*milestones.COUNTED)
    found = rows.in_bulk([message.about["milestone"] for message in messages])
    known = [(message, found[pk]) for message in messages if (pk := message.about["milestone"]) in found]
    return (
        _to_clients([pair for pair in known if pair[0].kind in TO_CLIENTS and pair[1].enrolment], at)
        | _to_staff([pair for pair in known if pair[0].kind in TO_STAFF])
        | _of_sessions([pair for pair in known if pair[0].kind.removesuffix(".coach") in SESSIONS])
        | {message.key: told for message, milestone in known if (told := _digest(message, milestone))}
    )


def _of_sessions(known: Sequence[tuple[Message, Milestone]]) -> dict[str, Told]:
    """By its day, so that the line stays true however late it is read; a moved one by its new day."""
    rows = LiveSession.objects.select_related("cohort")
    found = rows.in_bulk([milestone.object_id for _message, milestone in known if milestone.object_id])
    told = {}
    for message, milestone in known:
        if session := found.get(milestone.object_id):
            wall, slug = moments.to_wall(session.starts_at, message.person.zone), session.cohort.slug
            words = _("%(session)s: %(day)s, %(time)s your time")
            day = {"session": sessions.name_of(session), "day": f"{wall:%A %-d %B}", "time": f"{wall:%H:%M}"}
            to_coach = message.kind.endswith(".coach")
            link = reverse("sessions", args=[slug]) if to_coach else reverse("week", args=[session.week])
            told[message.key] = Told(words % day, link if to_coach else f"{link}?cohort={slug}")
    return told


def _digest(message: Message, milestone: Milestone) -> Told | None:
    """Its counts are those of its hour, so they stay in the mail; here it is the way to what they are now."""
    if message.kind == "coach.digest":
        return Told(_("Your morning list"), reverse("queue"))
    if message.kind == "admin.weekly" and milestone.cohort:
        words = _("%(cohort)s: the week in counts") % {"cohort": milestone.cohort.name}
        return Told(words, reverse("cohort-board", args=[milestone.cohort.slug]))
    return None


def _to_clients(known: Sequence[tuple[Message, Milestone]], at: datetime) -> dict[str, Told]:
    editions = {milestone.enrolment.cohort.edition_id for _message, milestone in known}
    texts = MessageText.objects.filter(edition__in=editions, key__in=TO_CLIENTS)
    subjects = {(t.edition_id, t.key): t.subject for t in texts if placeholders.used_in(t.subject) <= SLOTS}
    titles = {(week.edition_id, week.number): week.title for week in Week.objects.filter(edition__in=editions)}
    told = {}
    for message, milestone in known:
        edition = milestone.enrolment.cohort.edition_id
        if (edition, message.kind) in subjects:
            values = _values(milestone, titles.get((edition, milestone.week), ""), at)
            text = placeholders.fill(subjects[edition, message.kind], values)
            told[message.key] = Told(
                text, f"{_place(message.kind, milestone)}?cohort={milestone.enrolment.cohort.slug}"
            )
    return told


def _place(kind: str, milestone: Milestone) -> str:
    place = TO_CLIENTS[kind]
    if place in Assessment.Moment.values:
        return reverse("assessment", args=[place])
    return reverse(place, args=[milestone.week or 0] if place == "week" else [])


def _values(milestone: Milestone, title: str, at: datetime) -> dict[str, object]:
    enrolment = milestone.enrolment
    due = dues.first_due_at(enrolment, milestone.week or 0, at=at)
    when = _("%(when)s your time") % {"when": f"{moments.to_wall(due, enrolment.client.zone):%A %H:%M}"}
    return {
        "n": milestone.week,
        "title": title,
        "due_text": when,
        "client": enrolment.client.first,
        "cohort": enrolment.cohort.name,
        "brand": settings.BRAND_NAME,
    }


def _to_staff(known: Sequence[tuple[Message, Milestone]]) -> dict[str, Told]:
    attempts = Attempt.objects.in_bulk([milestone.object_id for _message, milestone in known if milestone.object_id])
    told = {}
    for message, milestone in known:
        attempt = attempts.get(milestone.object_id)
        stops = promises.stops_for(milestone.enrolment)
        waited = promises.running(attempt.handed_in_at, message.posted_at, stops) if attempt else None
        context = {
            "client": milestone.enrolment.client,
            "cohort": milestone.enrolment.cohort,
            "week": milestone.week,
            "hours": int(waited.total_seconds() // 3600) if waited else 0,
        }
        subject = letters.subject_of(message.kind, context)
        told[message.key] = Told(subject, _staff_link(message.kind, milestone, attempt))
    return told


def _staff_link(kind: str, milestone: Milestone, attempt: Attempt | None) -> str:
    if kind == "review.breach.admin":
        return reverse("away", args=[milestone.enrolment.cohort.slug])
    if attempt:
        return reverse("review", args=[attempt.submission_id])
    return reverse("board", args=[milestone.enrolment.cohort.slug])


def watching(attempt: Attempt) -> list[int]:
    """The milestones that watch over the promise of a review, whose notices go with it."""
    return list(Milestone.objects.filter(kind__startswith="review.", object_id=attempt.pk).values_list("pk", flat=True))


def of_feedback(messages: Sequence[Message], at: datetime) -> dict[str, Told]:
    """Who has read what."""
    rows = Feedback.objects.select_related("coach", "attempt__submission__exercise__edition")
    found = rows.select_related("attempt__submission__enrolment__cohort").in_bulk(
        [message.about["feedback"] for message in messages]
    )
    texts = MessageText.objects.filter(edition__in={f.attempt.submission.exercise.edition_id for f in found.values()})
    subjects = {text.edition_id: text.subject for text in texts.filter(key="feedback")}
    told = {}
    for message in messages:
        feedback = found.get(message.about["feedback"])
        if feedback is not None:
            submission = feedback.attempt.submission
            values = {"coach": feedback.coach.first, "title": submission.exercise.title}
            link = reverse("feedback-of", args=[submission.exercise.key])
            text = placeholders.fill(subjects.get(submission.exercise.edition_id, ""), values)
            told[message.key] = Told(text, f"{link}?cohort={submission.enrolment.cohort.slug}")
    return told
