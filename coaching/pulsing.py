"""The pulse: a client asks others what working with them is like; each answers once by a link, or asks not to be asked.

What somebody said is kept without them: the link knows that it was answered, and no more. Lock order: the enrolment,
then the rater, then the link.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from clients import messaging, recording, tokens
from clients.models import Enrolment, User
from curriculum.questionnaires import POINTS, Pulse

from . import raters
from .models import Milestone, PulseAnswer, PulseLink, Rater
from .pulse_letters import ASKED, REMIND

LONGEST_NAME, LONGEST = 80, 300
NOT_SEEN = 0
REMIND_AFTER = timedelta(days=4)
NO_MORE = "this person is asked no more"
A_LINK = re.compile(r"https?:|www\.", re.IGNORECASE)


class NotYourRaters(PermissionDenied):
    """Whom to ask is the client's own business."""

    code = "pulse.not_yours"


class CannotAsk(ValidationError):
    """Nobody can be asked now, or not this one."""


class Closed(ValidationError):
    """The link is over."""


class UnclearRater(ValidationError):
    """Something of whom to ask needs a look. `by_field` says what."""

    def __init__(self, by_field: dict[str, list[str]]):
        super().__init__(_("Something needs a look before anybody is asked."), code="pulse.unclear")
        self.by_field = by_field


class IncompletePulse(ValidationError):
    """Some answers need a look. `by_field` says which."""

    def __init__(self, by_field: dict[str, list[str]]):
        super().__init__(_("Some answers need a look before this can be sent."), code="pulse.incomplete")
        self.by_field = by_field


# --- Refusals -------------------------------------------------------------------------------------


def open_refusal(enrolment: Enrolment, *, by: User, at: datetime) -> Exception | None:
    """Whether anybody can be asked now."""
    if enrolment.client_id != by.pk:
        return NotYourRaters(_("Only the client decides who is asked."))
    moment = raters.moment_of(enrolment, at=at) if raters.asked_of(enrolment) else None
    if moment is None:
        return CannotAsk(
            _("You can ask at the beginning, until week 1 is over, and again from week 8 on."), code="pulse.not_now"
        )
    found = raters.rounds(enrolment).get(moment)
    if found and at > found.asking_until:
        return CannotAsk(
            _("The week for asking is over. What was said shows once everybody has had their time."), code="pulse.over"
        )
    return None


def ask_refusal(enrolment: Enrolment, *, group: str, address: str, by: User, at: datetime) -> Exception | None:
    """Whether this one can be asked, where anybody can."""
    moment, asked = raters.moment_of(enrolment, at=at), raters.asked_of(enrolment)
    everybody = list(enrolment.raters.prefetch_related("links"))
    known = next((one for one in everybody if raters.same_address(one.address, address)), None)
    if raters.same_address(address, by.email) or (known and not _can_be_asked_again(known, str(moment))):
        return CannotAsk(_("At this address nobody can be asked again."), code="pulse.known")
    standing = [one for one in everybody if one.group == group and one.is_asked and one != known]
    if asked and len(standing) >= asked.places.get(group, 0):
        return CannotAsk(_("You can ask one manager and four peers. Take somebody off first."), code="pulse.too_many")
    return None


def _can_be_asked_again(known: Rater, moment: str) -> bool:
    return known.is_asked and moment not in {link.moment for link in known.links.all()}


def withdraw_refusal(rater: Rater, *, by: User) -> Exception | None:
    if rater.enrolment.client_id != by.pk:
        return NotYourRaters(_("Only the client decides who is asked."))
    if not rater.is_asked:
        return CannotAsk(_("This person is not asked any more."), code="pulse.taken_off")
    return None


def answer_refusal(link: PulseLink, *, at: datetime) -> Closed | None:
    """Of whoever holds the link."""
    if link.answered_at:
        return Closed(_("This was answered already. Thank you."), code="pulse.answered")
    if link.rater.declined_at:
        return Closed(_("You asked not to be asked, so nothing is asked here."), code="pulse.declined")
    if not raters.is_open_to(link):
        return Closed(_("You are not asked any more. Thank you for looking."), code="pulse.withdrawn")
    window = raters.window_of(link)
    if window is None or at < window.begins:
        return Closed(_("These questions are not open yet."), code="pulse.early")
    if at > window.closes:
        return Closed(_("These questions are closed."), code="pulse.closed")
    return None


# --- Of the client --------------------------------------------------------------------------------


@transaction.atomic
def ask(
    enrolment: Enrolment,
    *,
    group: str,
    name: str,
    address: str,
    wording: str,
    own_words: str = "",
    again: bool = False,
    by: User,
    at: datetime,
) -> Rater:
    """One more is asked: at once, or when the moment begins. `again`: at the end as well, without being asked to."""
    enrolment = _locked(enrolment)
    name, address, own_words = " ".join(name.split()), address.strip().lower(), " ".join(own_words.split())
    if refusal := open_refusal(enrolment, by=by, at=at):
        raise refusal
    if problems := _problems(raters.asked_of(enrolment), group, name, address, wording, own_words):
        raise UnclearRater(problems)
    if refusal := ask_refusal(enrolment, group=group, address=address, by=by, at=at):
        raise refusal
    said = {"group": group, "name": name, "wording": wording, "own_words": own_words}
    rater, is_new = enrolment.raters.get_or_create(address=address, defaults=said | {"asked_at": at})
    if not is_new:
        Rater.objects.filter(pk=rater.pk).update(wording=wording, own_words=own_words)
    moment = raters.moment_of(enrolment, at=at)
    for one in [moment, raters.END] if again and moment == raters.START else [moment]:
        _link(rater, str(one), at)
    recording.record("asked a rater", rater, by=by, at=at, cohort=enrolment.cohort)
    return rater


def _link(rater: Rater, moment: str, at: datetime) -> None:
    """Planned where its moment is still to come by the calendar; else its mails leave now and in four days."""
    row = raters.planned(rater.enrolment).get(moment)
    is_planned = row is not None and row.state == Milestone.State.PENDING and row.due_at > at
    if row is None and moment == raters.END and raters.moment_of(rater.enrolment, at=at) != raters.END:
        return
    token = raters.token_for(rater.pk, moment, at)
    link = PulseLink.objects.create(
        rater=rater, moment=moment, token_hash=tokens.hash_of(token), asked_at=at, is_planned=is_planned
    )
    if not is_planned:
        _post(link, ASKED, at, at)
        _post(link, REMIND, at + REMIND_AFTER, at)


def _post(link: PulseLink, kind: str, leaves: datetime, at: datetime) -> None:
    rater, window = link.rater, raters.window_of(link)
    messaging.post(
        kind,
        key=f"{kind}:{link.pk}",
        address=rater.address,
        cohort=rater.enrolment.cohort,
        about={"pulse": link.pk},
        available_at=leaves,
        not_after=window and window.closes,
        at=at,
    )


def _problems(
    asked: Pulse | None, group: str, name: str, address: str, wording: str, own_words: str
) -> dict[str, list[str]]:
    """What of it needs a look, by field."""
    said: dict[str, list[str]] = {}
    if group not in Rater.Group.values:
        said["group"] = [_("Say whether this is your manager or a peer.")]
    if not 0 < len(name) <= LONGEST_NAME:
        said["name"] = [_("Write a name of at most 80 characters.")]
    if not _is_address(address):
        said["address"] = [_("Write a mail address, such as ana@example.org.")]
    if asked and wording not in {value for value, _label, _text in asked.wordings}:
        said["wording"] = [_("Choose how they are asked.")]
    if len(own_words) > LONGEST or A_LINK.search(own_words):
        said["own_words"] = [_("At most 300 characters, and no links.")]
    return said


def _is_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


@transaction.atomic
def withdraw(rater: Rater, *, by: User, at: datetime) -> None:
    """Their links open nothing any more, and no mail comes. What was said already stays among what its group said."""
    rater = _locked_rater(rater)
    if refusal := withdraw_refusal(rater, by=by):
        raise refusal
    rater.withdrawn_at = at
    rater.save(update_fields=["withdrawn_at"])
    _stop_mail(rater)
    recording.record("took a rater off", rater, by=by, at=at, cohort=rater.enrolment.cohort)


@transaction.atomic
def let_go(enrolment: Enrolment) -> None:
    """The client has left: nobody is written to for them any more."""
    for rater in Rater.objects.filter(enrolment=enrolment).order_by("pk"):
        _stop_mail(rater)


def _stop_mail(rater: Rater) -> None:
    mine = {"address": rater.address, "cohort": rater.enrolment.cohort_id}
    messaging.cancel(NO_MORE, kind__in=[ASKED, REMIND], about__pulse__in=list(rater.links.values_list("pk", flat=True)))
    messaging.cancel(NO_MORE, kind=raters.KIND, about__milestone__in=_milestones(rater), **mine)


def _milestones(rater: Rater) -> list[int]:
    rows = Milestone.objects.filter(kind=raters.KIND, enrolment=rater.enrolment_id)
    return list(rows.values_list("pk", flat=True))


# --- Of whoever holds a link ----------------------------------------------------------------------


@transaction.atomic
def answer(link: PulseLink, *, sent: dict[str, Any], at: datetime) -> None:
    """All of it at once, once. Raises IncompletePulse with what to mend."""
    rater = _locked_rater(link.rater)
    link = raters.links().select_for_update(of=("self",)).get(pk=link.pk)
    link.rater = rater
    if refusal := answer_refusal(link, at=at):
        raise refusal
    asked = raters.asked_of(rater.enrolment)
    assert asked is not None, "what is open has questions"
    points = {item.key: _point(sent.get(item.key)) for item in asked.items}
    lines = {field.key: str(sent.get(field.key) or "").strip() for field in asked.lines}
    if problems := _to_mend(points, lines):
        raise IncompletePulse(problems)
    keep, try_next = lines.values()
    PulseAnswer.objects.create(
        enrolment=rater.enrolment,
        moment=link.moment,
        group=rater.group,
        points={key: point for key, point in points.items() if point},
        keep=keep,
        try_next=try_next,
        is_named=rater.group == raters.MANAGER and sent.get("named") in (True, "on", "yes"),
    )
    link.answered_at = at
    link.save(update_fields=["answered_at"])
    _stop_mail_of(link)


def _stop_mail_of(link: PulseLink) -> None:
    messaging.cancel(NO_MORE, kind__in=[ASKED, REMIND], about__pulse=link.pk)


def _to_mend(points: dict[str, int | None], lines: dict[str, str]) -> dict[str, list[str]]:
    said = {
        key: [_("Choose one; that you have not seen enough is an answer too.")] for key in points if points[key] is None
    }
    return said | {key: [_("At most 300 characters.")] for key, text in lines.items() if len(text) > LONGEST}


def _point(raw: Any) -> int | None:
    is_number = str(raw).isdecimal() and len(str(raw)) == 1 and not isinstance(raw, bool)
    return int(raw) if is_number and int(raw) in (NOT_SEEN, *POINTS) else None


@transaction.atomic
def decline(link: PulseLink, *, at: datetime) -> None:
    """They do not want to be asked, now or at the end. Doing it twice is doing it once."""
    rater = _locked_rater(link.rater)
    if rater.declined_at is None:
        rater.declined_at = at
        rater.save(update_fields=["declined_at"])
        _stop_mail(rater)
        recording.record("does not want to be asked", rater, by=None, at=at, cohort=rater.enrolment.cohort)


# --- Inside ---------------------------------------------------------------------------------------


def _locked(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("client", "cohort__edition")
    return rows.get(pk=enrolment.pk)


def _locked_rater(rater: Rater) -> Rater:
    enrolment = _locked(rater.enrolment)
    found = Rater.objects.select_for_update(of=("self",)).get(pk=rater.pk)
    found.enrolment = enrolment
    return found
