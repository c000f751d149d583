"""The words of letters to coaches and admins: names, weeks, hours and counts, never a text.

Each is a template `emails/<kind>` with what its kind puts there.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clients import letters
from clients.letters import Letter
from clients.models import Attempt, Message, User
from curriculum import moments

from . import digests, instruments, milestones, promises, substitutions
from .models import Milestone

OFFERED = 3  # names in a letter

Said = tuple[dict[str, Any], str, str]  # what the template is told, the link, its button


def letter(message: Message, milestone: Milestone, at: datetime) -> Letter:
    said, link, button = SAYS.get(message.kind, _about_a_piece)(message, milestone, at)
    context = {"person": message.person, "cohort": milestone.home, "week": milestone.week, **said}
    return letters.from_template(message.kind, context, link=link, button=button)


def _about_a_piece(message: Message, milestone: Milestone, at: datetime) -> Said:
    """A client, and the piece that waits, where it is about one."""
    attempt = milestones.attempt_of(milestone) if milestone.object_id else None
    said = {
        "client": milestone.enrolment.client,
        "title": attempt.submission.exercise.title if attempt else "",
        "hours": int(_waited(milestone, attempt, at).total_seconds() // 3600) if attempt else 0,
        "offered": _offered(milestone) if message.kind.startswith("review.breach") else "",
    }
    if message.kind == "review.breach.admin":
        return said, reverse("away", args=[message.cohort.slug]), _("Choose who stands in")
    if attempt:
        return said, reverse("review", args=[attempt.submission_id]), _("Open the piece")
    return said, *_board(message)


def _waited(milestone: Milestone, attempt: Attempt, at: datetime) -> timedelta:
    """By the clock of the promise."""
    return promises.running(attempt.handed_in_at, at, promises.stops_for(milestone.enrolment))


def _offered(milestone: Milestone) -> str:
    """Some of those who could read instead, by name."""
    people = substitutions.offered(milestone.enrolment.cohort)[:OFFERED]
    return ", ".join(str(person) for person in people)


def _board(message: Message) -> tuple[str, str]:
    """A coach's board, or the office's for an admin, who finds no other."""
    if message.kind.startswith("admin.") or message.kind.endswith(".admin"):
        return reverse("cohort-board", args=[message.cohort.slug]), _("Open the board")
    return reverse("board", args=[message.cohort.slug]), _("Open the board")


def _morning(message: Message, milestone: Milestone, at: datetime) -> Said:
    found = digests.morning(message.person, at=at)
    said = {
        **asdict(found),
        "names": ", ".join(found.today),
        "asking": ", ".join(found.asked),
        "writers": ", ".join(found.wrote),
    }
    return said, reverse("queue"), _("Open the queue")


def _week(message: Message, milestone: Milestone, at: datetime) -> Said:
    found = digests.week_of(milestone.cohort, at=at)
    return {**asdict(found), "week": found.week}, *_board(message)


def _end(message: Message, milestone: Milestone, at: datetime) -> Said:
    found = digests.end_of(milestone.cohort, at=at)
    said = {
        "count": len(found.finished),
        "finished": ", ".join(found.finished),
        "open": ", ".join(name for name, _missing in found.open),
        "open_with_what": "; ".join(f"{name} ({', '.join(missing)})" for name, missing in found.open),
    }
    if message.kind.endswith(".admin"):
        return said, reverse("graduations", args=[message.cohort.slug]), _("Confirm who has finished")
    return said, *_board(message)


def _ratings(message: Message, milestone: Milestone, at: datetime) -> Said:
    ratings, moment = instruments.get(instruments.RATINGS), 4 if message.kind == "midpoint.rate" else 8
    count = ratings.unrated(milestone.cohort, message.person, moment)
    return {"count": count}, ratings.path, _("Rate")


def _session(message: Message, milestone: Milestone, at: datetime) -> Said:
    found = instruments.occasion(instruments.SESSIONS, milestone.object_id)
    said = {"session": found.title, "when": when(found.starts_at, message.person, at)}
    return said, reverse("sessions", args=[milestone.cohort.slug]), _("Open the session")


def _call(message: Message, milestone: Milestone, at: datetime) -> Said:
    found = instruments.occasion(instruments.CALLS, milestone.object_id)
    said = {"client": milestone.enrolment.client, "when": when(found.starts_at, message.person, at)}
    return said, reverse("calls", args=[milestone.enrolment.cohort.slug]), _("Open your calls")


def when(instant: datetime, reader: User, at: datetime) -> str:
    """“tomorrow at 18:00 your time”: the day as the reader has it, and their own clock."""
    wall, today = moments.to_wall(instant, reader.zone), moments.to_wall(at, reader.zone).date()
    days = (wall.date() - today).days
    day = {0: _("today"), 1: _("tomorrow")}.get(days, f"{wall:%A}")
    return _("%(day)s at %(time)s your time") % {"day": day, "time": f"{wall:%H:%M}"}


SAYS: dict[str, Callable[[Message, Milestone, datetime], Said]] = {
    "coach.digest": _morning,
    "admin.weekly": _week,
    "graduation.note.coach": _end,
    "graduation.note.admin": _end,
    "midpoint.rate": _ratings,
    "final.rate": _ratings,
    "kickoff.coach": _session,
    "session.remind.coach": _session,
    "midpoint.call.coach": _call,
}
