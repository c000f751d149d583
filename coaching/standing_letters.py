"""The letters about a coach who is away: who reads meanwhile, and that it was called off. Names and days, no more."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from clients import letters
from clients.letters import Letter
from clients.messaging import Kind
from clients.models import Enrolment, Message, User
from clients.notices import Told

from .models import Substitution

TO_CLIENT, TO_SUBSTITUTE = "away.client", "away.substitute"
OFF_CLIENT, OFF_SUBSTITUTE = "away.off.client", "away.off.substitute"


# --- Guards -----------------------------------------------------------------------------------------


def guard(message: Message, at: datetime) -> str | None:
    """Nobody hears of a window that is over, or of one that is not theirs."""
    window = _window(message)
    if window is None or window.ends_at <= at:
        return "the window is over"
    if message.kind in (TO_CLIENT, TO_SUBSTITUTE) and window.called_off_at:
        return "the window was called off"
    if message.kind in (TO_SUBSTITUTE, OFF_SUBSTITUTE):
        return None
    walks = Enrolment.objects.active().filter(client=message.person, cohort=window.cohort).exists()
    return None if walks else "the client has left the cohort"


# --- Words ------------------------------------------------------------------------------------------


def letter(message: Message, at: datetime) -> Letter:
    window = _window(message)
    link, button = _page(message, window, at)
    return letters.from_template(message.kind, _said(window, message.person), link=link, button=button)


def _said(window: Substitution, reader: User) -> dict[str, object]:
    """Days as they are named by whoever is away; they are whole days of theirs."""
    first, last = window.first_day, window.last_day
    return {
        "person": reader,
        "away": window.away,
        "substitute": window.substitute,
        "cohort": window.cohort,
        "first": f"{first:%A %-d %B}",
        "last": f"{last:%A %-d %B}",
        "is_one_day": first == last,
    }


def _page(message: Message, window: Substitution, at: datetime) -> tuple[str, str]:
    if message.kind == TO_SUBSTITUTE:
        return _desk(message, window, at), _("Open your desk")
    if message.kind == OFF_SUBSTITUTE:
        return _desk(message, window, at), _("Open your queue")
    return f"{reverse('this-week')}?cohort={window.cohort.slug}", _("Open your week")


def _desk(message: Message, window: Substitution, at: datetime) -> str:
    """Where whoever stands in goes: to what is handed over while they do, and to their queue before and after."""
    is_handed_over = message.kind == TO_SUBSTITUTE and window.is_open(at)
    return reverse("handover", args=[window.pk]) if is_handed_over else reverse("queue")


def headlines(messages: Sequence[Message], at: datetime) -> dict[str, Told]:
    """What the bell says of many at once, in one query: the subject of each letter and where it leads."""
    rows = Substitution.objects.select_related("cohort", "away", "substitute")
    found = rows.in_bulk([message.about["window"] for message in messages])
    told = {}
    for message in messages:
        if window := found.get(message.about["window"]):
            subject = letters.subject_of(message.kind, _said(window, message.person))
            is_to_desk = message.kind in (TO_SUBSTITUTE, OFF_SUBSTITUTE)
            place = _desk(message, window, at) if is_to_desk else reverse("this-week")
            told[message.key] = Told(subject, place)
    return told


def _window(message: Message) -> Substitution | None:
    found = Substitution.objects.select_related("cohort", "away", "substitute")
    return found.filter(pk=message.about["window"]).first()


KINDS = (
    Kind(TO_CLIENT, "a coach is away, and who reads meanwhile", guard, letter),
    Kind(TO_SUBSTITUTE, "asked to stand in for a coach", guard, letter),
    Kind(OFF_CLIENT, "a coach is not away after all", guard, letter),
    Kind(OFF_SUBSTITUTE, "not asked to stand in any more", guard, letter),
)
