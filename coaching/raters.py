"""Whom a client asks what working with them is like: at which moment, by which link, until when.

A token is derived from the secret key and the link's row, so that a letter can be written when it is sent and no table
holds anything that opens a door; the row keeps the token's hash. A link that was planned works from the instant its
moment begins by the cohort's calendar, the others from when they were asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clients import deadlines, tokens
from clients.models import Enrolment, User
from curriculum import placeholders, questionnaires
from curriculum.models import Instrument

from . import instruments
from .models import Milestone, PulseLink, Rater

START, END = PulseLink.Moment.START, PulseLink.Moment.END
KIND = "pulse.invite"
ASKING = timedelta(days=7)  # for so long after a moment began others can be asked for it
AFTERWARDS = timedelta(days=90)  # for so long after they finished a client can ask for the end
FIRST_WEEKS, LAST_WEEK = 1, 8
JUST_CAME = timedelta(days=14)
PEER, MANAGER = Rater.Group.PEER, Rater.Group.MANAGER


@dataclass(frozen=True)
class Window:
    """From when until when something is open."""

    begins: datetime
    closes: datetime


@dataclass(frozen=True)
class Round:
    """One moment of one client: others can be asked until `asking_until`; what they said shows from `closes` on."""

    moment: str
    name: str
    begins: datetime
    asking_until: datetime
    closes: datetime

    def is_closed(self, at: datetime) -> bool:
        return at >= self.closes


@dataclass(frozen=True)
class Listed:
    """A rater as their client sees them. Whether they have answered is for nobody to see."""

    rater: Rater
    moments: tuple[str, ...]
    state: str


# --- What is asked --------------------------------------------------------------------------------


def asked_of(enrolment: Enrolment) -> questionnaires.Pulse | None:
    """The questions of the client's edition; None where it has none."""
    try:
        return questionnaires.pulse(enrolment.cohort.edition_id)
    except Instrument.DoesNotExist:
        return None


def begins_in(enrolment: Enrolment, week: int) -> bool:
    """Whether others are asked in this week."""
    asked = asked_of(enrolment)
    return asked is not None and week in asked.weeks.values()


def text_for(enrolment: Enrolment, text: str) -> str:
    return placeholders.fill(text, {"first_name": enrolment.client.first})


def wording_of(rater: Rater, asked: questionnaires.Pulse) -> str:
    """How they are asked: the sentence their client chose, and what the client added."""
    texts = {value: text for value, _label, text in asked.wordings}
    sentence = text_for(rater.enrolment, texts.get(rater.wording, asked.wordings[-1][2]))
    return f"{sentence}\n\n“{rater.own_words}”" if rater.own_words else sentence


# --- Moments --------------------------------------------------------------------------------------


def moment_of(enrolment: Enrolment, *, at: datetime) -> str | None:
    """For which moment others can be asked now."""
    if enrolment.state == Enrolment.State.COMPLETED:
        return END if at <= enrolment.left_at + AFTERWARDS else None
    if not enrolment.is_active:
        return None
    week = deadlines.current_week(enrolment, at=at)
    if week >= LAST_WEEK:
        return END
    has_just_come = at - enrolment.joined_at <= JUST_CAME and week <= LAST_WEEK // 2
    return START if week <= FIRST_WEEKS or has_just_come else None


def planned(enrolment: Enrolment) -> dict[str, Milestone]:
    """Moment → when it begins by the calendar."""
    asked = asked_of(enrolment)
    rows = Milestone.objects.filter(kind=KIND, rung=1, enrolment=enrolment)
    by_week = {row.week: row for row in rows.exclude(state=Milestone.State.CANCELLED)}
    weeks = asked.weeks if asked else {}
    return {moment: by_week[week] for moment, week in weeks.items() if week in by_week}


def rounds(enrolment: Enrolment) -> dict[str, Round]:
    """Moment → its round, of those in which somebody was asked. Two queries."""
    asked, calendar = asked_of(enrolment), planned(enrolment)
    begins: dict[str, datetime] = {}
    for link in PulseLink.objects.filter(rater__enrolment=enrolment):
        if (began := _begins(link, calendar)) is not None:
            begins[link.moment] = min(began, begins.get(link.moment, began))
    return {moment: _round(moment, began, asked) for moment, began in begins.items()} if asked else {}


def closed(some: QuerySet[Enrolment], *, at: datetime) -> set[tuple[int, str]]:
    """(enrolment, moment) of every round that is closed, of many clients. Two queries, and one an edition."""
    begins: dict[tuple[int, str], datetime] = {}
    days: dict[int, questionnaires.Pulse] = {}
    columns = ("rater__enrolment", "rater__enrolment__cohort__edition", "moment", "is_planned", "asked_at")
    calendar = _calendars(some)
    for enrolment, edition, moment, is_planned, asked_at in _links_of(some).values_list(*columns):
        days[enrolment] = questionnaires.pulse(edition)
        began = calendar.get((enrolment, days[enrolment].weeks[moment])) if is_planned else asked_at
        if began is not None:
            begins[enrolment, moment] = min(began, begins.get((enrolment, moment), began))
    return {key for key, began in begins.items() if _round(key[1], began, days[key[0]]).is_closed(at)}


def _links_of(some: QuerySet[Enrolment]) -> QuerySet[PulseLink]:
    return PulseLink.objects.filter(rater__enrolment__in=some).order_by()


def _calendars(some: QuerySet[Enrolment]) -> dict[tuple[int, int], datetime]:
    rows = Milestone.objects.filter(kind=KIND, rung=1, enrolment__in=some).exclude(state=Milestone.State.CANCELLED)
    return {(enrolment, week): due for enrolment, week, due in rows.values_list("enrolment", "week", "due_at")}


def _round(moment: str, began: datetime, asked: questionnaires.Pulse) -> Round:
    until = began + ASKING
    return Round(moment, asked.names[moment], began, until, until + timedelta(days=asked.days))


def _begins(link: PulseLink, calendar: dict[str, Milestone]) -> datetime | None:
    if not link.is_planned:
        return link.asked_at
    return calendar[link.moment].due_at if link.moment in calendar else None


# --- By its link ----------------------------------------------------------------------------------


def token_of(link: PulseLink) -> str:
    """256 bits that only somebody with the secret key and this row can make."""
    return token_for(link.rater_id, link.moment, link.asked_at)


def token_for(rater: int, moment: str, asked_at: datetime) -> str:
    return tokens.derived(f"pulse:{rater}:{moment}:{asked_at.timestamp()}")


def find(token: str) -> PulseLink | None:
    """The one this link leads to, however it stands."""
    return links().filter(token_hash=tokens.hash_of(token)).first()


def links() -> QuerySet[PulseLink]:
    return PulseLink.objects.select_related("rater__enrolment__client", "rater__enrolment__cohort__edition")


def window_of(link: PulseLink) -> Window | None:
    """When it can be answered; None where its moment is not planned any more."""
    asked = asked_of(link.rater.enrolment)
    begins = _begins(link, planned(link.rater.enrolment) if link.is_planned else {})
    return Window(begins, begins + timedelta(days=asked.days)) if asked and begins is not None else None


def question_for(link: PulseLink) -> dict[str, Any]:
    """What somebody who holds an open link is asked, in plain data."""
    enrolment, asked, window = link.rater.enrolment, asked_of(link.rater.enrolment), window_of(link)
    assert asked is not None and window is not None, "what is open has questions and an end"
    return {
        "closes_at": window.closes,
        "who_sees": text_for(enrolment, asked.who_sees[link.rater.group]),
        "items": [{"key": one.key, "text": text_for(enrolment, one.text)} for one in asked.items],
        "lines": [{"key": one.key, "text": one.text} for one in asked.lines],
    }


def is_open_to(link: PulseLink) -> bool:
    """Whether whoever holds it is still asked by somebody who is in the programme, or has finished it."""
    enrolment = link.rater.enrolment
    return link.rater.is_asked and (enrolment.is_active or enrolment.state == Enrolment.State.COMPLETED)


# --- Who is asked ---------------------------------------------------------------------------------


def visible_to(user: User) -> QuerySet[Rater]:
    """Those one has asked oneself; nobody else sees whom a client asks."""
    return Rater.objects.filter(enrolment__client=user)


def of(enrolment: Enrolment) -> list[Listed]:
    """Everybody who was asked, in that order. Two queries."""
    rows = enrolment.raters.prefetch_related("links")
    return [Listed(row, tuple(link.moment for link in row.links.all()), _state(row)) for row in rows]


def _state(rater: Rater) -> str:
    if rater.declined_at:
        return _("does not want to be asked")
    return _("taken off") if rater.withdrawn_at else ""


def same_address(one: str, other: str) -> bool:
    """What is written after a plus goes to the same person."""
    return plain(one) == plain(other)


def plain(address: str) -> str:
    name, _at, domain = address.strip().lower().rpartition("@")
    return f"{name.partition('+')[0]}@{domain}"


def to_ask(enrolment: Enrolment, week: int) -> list[instruments.Rater]:
    """Who is written to when a moment of this week begins, as far as they have not answered."""
    asked = asked_of(enrolment)
    moments = [moment for moment, number in asked.weeks.items() if number == week] if asked else []
    waiting = links().filter(rater__enrolment=enrolment, moment__in=moments, is_planned=True, answered_at=None)
    return as_asked(link for link in waiting if is_open_to(link))


def as_asked(found: Iterable[PulseLink]) -> list[instruments.Rater]:
    """Each as its letter tells it."""
    return [one for link in found if (one := _as_asked(link)) is not None]


def _as_asked(link: PulseLink) -> instruments.Rater | None:
    asked, window, rater = asked_of(link.rater.enrolment), window_of(link), link.rater
    if asked is None or window is None:
        return None
    token = token_of(link)
    return instruments.Rater(
        address=rater.address,
        path=reverse("pulse", args=[token]),
        who_sees=text_for(rater.enrolment, asked.who_sees[rater.group]),
        until=window.closes,
        wording=wording_of(rater, asked),
        stop=reverse("pulse-stop", args=[token]),
    )
