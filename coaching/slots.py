"""What fills the slots of a text to a client, by kind of message, where it leads and by which button.

The text itself is the edition's; nothing here is anybody's homework or feedback.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clients import assessments, counted, deadlines, dues, letters, progress
from clients.counted import ASSESSMENT
from clients.letters import Letter, Way
from clients.models import Assessment, Enrolment, Message
from curriculum import editions, moments

from . import addresses, caseload, graduation, guards, instruments, memos, milestones, sessions
from .models import Milestone

Told = tuple[dict[str, Any], str, str]  # what fills the slots, the link, its button
PULSE = "pulse.invite"
TWO_WEEKS = 14  # days to close what is open at the end
CHECK_IN_CLOSES = 21  # days after it was first asked


def told(message: Message, milestone: Milestone, at: datetime) -> Told:
    return TELLS.get(message.kind, _week)(message, milestone, at)


def second_way(message: Message, milestone: Milestone, at: datetime) -> Way | None:
    """The other thing somebody may want to do: of something overdue, ask for more time; months later, be left alone."""
    if message.kind.startswith("alumni."):
        enrolment = guards.finished(milestone)
        return instruments.get(instruments.CHECK_INS).stop(enrolment, months_of(milestone)), _("Stop asking")
    if message.kind != "overdue.1":
        return None
    piece = _first_missing(milestone.enrolment, milestone.week, at)
    if piece is None:
        return None
    return within(milestone.enrolment, reverse("more-time", args=[piece.exercise.key])), _("Ask for more time")


def _first_missing(enrolment: Enrolment, week: int, at: datetime) -> progress.Standing | None:
    """Of what is missing the first that is late; what has more time comes after it."""
    rows = progress.missing(enrolment, week, at=at)
    return min(rows, key=lambda row: row.due_at, default=None)


def within(enrolment: Enrolment, path: str) -> str:
    """The address in this cohort, for somebody who is in two."""
    return f"{path}?cohort={enrolment.cohort.slug}"


def _week(message: Message, milestone: Milestone, at: datetime) -> Told:
    """What is about a week leads to the week, or where something overdue goes on."""
    enrolment, week = milestone.enrolment, milestone.week
    return of_week(enrolment, week, at), *client_link(message.kind, enrolment, week, at)


def client_link(kind: str, enrolment: Enrolment, week: int, at: datetime) -> tuple[str, str]:
    if kind.startswith("overdue"):
        piece = _first_missing(enrolment, week, at)
        if piece:
            return within(enrolment, reverse("work", args=[piece.exercise.key])), _("Hand in what you have")
        count = next(iter(counted.missing(enrolment, week, at=at)), None)
        if count:
            return addresses.of_count(count, enrolment.cohort.slug), _("Go on with it")
    if week == 0:
        return within(enrolment, reverse("week", args=[0])), _("Begin")
    return within(enrolment, reverse("week", args=[week])), _("Open week %(n)s") % {"n": week}


def of_week(enrolment: Enrolment, number: int, at: datetime) -> dict[str, object]:
    week = editions.week_of(enrolment.cohort.edition_id, number)
    main = progress.main_piece(enrolment, number)
    due = dues.first_due_at(enrolment, number, at=at)
    missing: list[Any] = [*progress.missing(enrolment, number, at=at), *counted.missing(enrolment, number, at=at)]
    return {
        "n": number,
        "title": week.title,
        "minutes": week.minutes,
        "first_step": main.exercise.first_step if main else "",
        "client": enrolment.client.first,
        "cohort": enrolment.cohort.name,
        "coach": _coach(enrolment),
        "due_text": _("%(when)s your time") % {"when": f"{moments.to_wall(due, enrolment.client.zone):%A %H:%M}"},
        "list_text": ", ".join(f"{row.exercise.title} ({row.minutes_left} min)" for row in missing),
        "minutes_left": sum(row.minutes_left for row in missing),
    }


def _coach(enrolment: Enrolment) -> str:
    return next((coach.first for coach in caseload.team_of(enrolment.cohort)), _("Your coach"))


def _day(instant: datetime, zone: str) -> str:
    """“Sunday 14 June”."""
    return f"{moments.to_wall(instant, zone):%A %-d %B}"


def on_coming_in(enrolment: Enrolment, at: datetime) -> Told:
    """For whoever comes in when weeks are open: until when each of them that asks for something has time."""
    now = max(deadlines.current_week(enrolment, at=at), 0)
    open_weeks = [week for week in range(now + 1) if guards.is_missing(enrolment, week, at)]
    until = {week: _day(deadlines.week_due_at(enrolment, week, at=at), enrolment.client.zone) for week in open_weeks}
    said = (_("week %(n)s until %(day)s") % {"n": week, "day": day} for week, day in until.items())
    first = open_weeks[0] if open_weeks else now
    values = of_week(enrolment, now, at) | {"list_text": ", ".join(said)}
    return values, within(enrolment, reverse("week", args=[first])), _("Begin")


def _unlock(message: Message, milestone: Milestone, at: datetime) -> Told:
    """The week with its live session, by the client's own clock."""
    values, link, button = _week(message, milestone, at)
    return values | {"session_text": _session_text(milestone.enrolment, milestone.week, at)}, link, button


def _session_text(enrolment: Enrolment, week: int, at: datetime) -> str:
    """What follows the minutes of a week: nothing where no session is planned for it, or it is over."""
    found = sessions.of_week(enrolment, week, at=at)
    if found is None or not found.is_coming:
        return ""
    named = {"day": f"{found.wall:%A %-d %B}", "time": f"{found.wall:%H:%M}"}
    return _(", the live session on %(day)s at %(time)s your time included") % named


def _baseline(message: Message, milestone: Milestone, at: datetime) -> Told:
    """The minutes are those of what is left."""
    values, link, button = _week(message, milestone, at)
    return values | {"minutes": values["minutes_left"]}, link, button


def _ledger(message: Message, milestone: Milestone, at: datetime) -> Told:
    values = of_week(milestone.enrolment, milestone.week, at)
    return values, within(milestone.enrolment, reverse("ledger-new")), _("Write a line")


def _last_call(message: Message, milestone: Milestone, at: datetime) -> Told:
    enrolment = milestone.enrolment
    draft = guards.drafts(enrolment, milestone.week, at=at)[0]
    values = of_week(enrolment, milestone.week, at) | {"title": draft.exercise.title}
    return values, within(enrolment, reverse("work", args=[draft.exercise.key])), _("Open the draft")


def _assessment(moment: str, message: Message, milestone: Milestone, at: datetime) -> Told:
    enrolment = milestone.enrolment
    due = assessments.due_at(enrolment, moment, at=at)
    values = of_week(enrolment, milestone.week, at) | {
        "minutes": _minutes_of(enrolment, moment, at),
        "until_text": _day(due, enrolment.client.zone),
    }
    return values, within(enrolment, reverse("assessment", args=[moment])), _("Begin")


def _minutes_of(enrolment: Enrolment, moment: str, at: datetime) -> int:
    asked = [row for row in counted.of(enrolment, at=at) if row.of == ASSESSMENT]
    return next((row.minutes_left for row in asked if row.exercise.counts["moment"] == moment), 0)


def _waiting_piece(message: Message, milestone: Milestone, at: datetime) -> Told:
    """The client's own piece, which waits for feedback."""
    enrolment, exercise = milestone.enrolment, milestones.attempt_of(milestone).submission.exercise
    values = {"client": enrolment.client.first, "coach": _coach(enrolment), "title": exercise.title}
    return values, within(enrolment, reverse("work", args=[exercise.key])), _("Open the piece")


def _next_attempt(message: Message, milestone: Milestone, at: datetime) -> Told:
    feedback = guards.feedback_of(milestone)
    piece, enrolment = feedback.attempt.submission, milestone.enrolment
    until = deadlines.due_at(piece, at=at)
    values = {
        "client": enrolment.client.first,
        "coach": feedback.coach.first,
        "title": piece.exercise.title,
        "until_text": _day(until, enrolment.client.zone),
    }
    return values, within(enrolment, reverse("feedback-of", args=[piece.exercise.key])), _("Read the feedback")


def _finished(message: Message, milestone: Milestone, at: datetime) -> Told:
    values = {"client": milestone.enrolment.client.first, "cohort": milestone.enrolment.cohort.name}
    return values, within(milestone.enrolment, reverse("finish")), _("See what it came to")


def _gap(message: Message, milestone: Milestone, at: datetime) -> Told:
    values, link, button = _finished(message, milestone, at)
    zone = milestone.enrolment.client.zone
    until = moments.to_wall(milestone.due_at, zone).date().toordinal() + TWO_WEEKS
    values["list_text"] = ", ".join(graduation.of(milestone.enrolment, at=at).missing)
    values["until_text"] = f"{datetime.fromordinal(until):%A %-d %B}"
    return values, link, button


def _session(message: Message, milestone: Milestone, at: datetime) -> Told:
    found = instruments.occasion(instruments.SESSIONS, milestone.object_id)
    values = {
        "client": message.person.first,
        "cohort": milestone.cohort.name,
        "coach": next((coach.first for coach in caseload.team_of(milestone.cohort)), _("your coach")),
        "session": found.title,
        "when_text": memos.when(found.starts_at, message.person, at),
        "minutes": found.minutes,
        "bring": found.bring,
    }
    link = f"{reverse('week', args=[milestone.week])}?cohort={milestone.cohort.slug}"
    return values, link, _("Open the session")


def _call(message: Message, milestone: Milestone, at: datetime) -> Told:
    found, enrolment = instruments.occasion(instruments.CALLS, milestone.object_id), milestone.enrolment
    when = memos.when(found.starts_at, enrolment.client, at)
    coach = found.coach.first if found.coach else _coach(enrolment)
    values = {"client": enrolment.client.first, "coach": coach, "when_text": when}
    return values, within(enrolment, reverse("my-call")), _("Open your call")


def to_rater(rater: instruments.Rater, enrolment: Enrolment) -> Letter:
    """To somebody without an account: who asks, who sees what, until when, and how to be asked no more."""
    client = enrolment.client.first
    values = {
        "client": client,
        "wording": rater.wording,
        "who_sees": rater.who_sees,
        "until_text": _day(rater.until, enrolment.cohort.zone),
    }
    return letters.from_edition(
        enrolment.cohort.edition,
        PULSE,
        values,
        link=rater.path,
        button=_("Answer three questions"),
        second=(rater.stop, _("I do not want to be asked")) if rater.stop else None,
        why=_("You get this because %(client)s gave your address to ask for your view.") % {"client": client},
    )


def rater_of(message: Message, milestone: Milestone) -> instruments.Rater | None:
    """Whoever is at this address, as long as they have still to answer."""
    found = instruments.get(instruments.PULSE).raters(milestone.enrolment, milestone.week)
    return next((one for one in found if one.address == message.address), None)


def _check_in(message: Message, milestone: Milestone, at: datetime) -> Told:
    enrolment, zone = guards.finished(milestone), message.person.zone
    first = moments.to_wall(milestone.due_at, zone).date().toordinal() - 7 * (milestone.rung - 1)
    values = {
        "client": enrolment.client.first,
        "cohort": enrolment.cohort.name,
        "month": f"{moments.to_wall(enrolment.left_at, zone):%B}",
        "until_text": f"{datetime.fromordinal(first + CHECK_IN_CLOSES):%A %-d %B}",
    }
    return values, instruments.get(instruments.CHECK_INS).path(enrolment, months_of(milestone)), _("Answer")


def months_of(milestone: Milestone) -> int:
    """After how many months: kinds are called after them."""
    return int(milestone.kind.rpartition(".")[2])


def _recordings(message: Message, milestone: Milestone, at: datetime) -> Told:
    enrolment, zone = guards.finished(milestone), message.person.zone
    deleted_on = moments.to_wall(milestone.due_at, zone).date().toordinal() + 7
    values = {
        "client": enrolment.client.first,
        "cohort": enrolment.cohort.name,
        "until_text": f"{datetime.fromordinal(deleted_on):%A %-d %B}",
    }
    return values, instruments.get(instruments.KEEPING).path, _("Download or keep")


MIDPOINT = partial(_assessment, Assessment.Moment.MIDPOINT)
FINAL = partial(_assessment, Assessment.Moment.FINAL)
TELLS: dict[str, Callable[[Message, Milestone, datetime], Told]] = {
    "week.unlock": _unlock,
    "baseline.due": _baseline,
    "kickoff": _session,
    "session.remind": _session,
    "ledger.friday": _ledger,
    "due.last": _last_call,
    "review.breach.client": _waiting_piece,
    "revise.remind": _next_attempt,
    "midpoint.open": MIDPOINT,
    "midpoint.remind": MIDPOINT,
    "midpoint.call": _call,
    "final.open": FINAL,
    "final.remind": FINAL,
    "graduation": _finished,
    "graduation.gap": _gap,
    "alumni.3": _check_in,
    "alumni.6": _check_in,
    "alumni.12": _check_in,
    "retention.audio": _recordings,
}
