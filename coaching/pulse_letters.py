"""The letters to raters: asked, and reminded once. To an address; whoever reads them has no account here."""

from datetime import datetime

from clients.letters import Letter
from clients.messaging import RESEND, Kind
from clients.models import Message

from . import raters, slots
from .models import PulseLink

ASKED, REMIND = "pulse.asked", "pulse.remind"


def guard(message: Message, at: datetime) -> str | None:
    """Nobody is asked who has answered, does not want to be asked, is asked no more, or for somebody who has left."""
    link = _link(message)
    if link is None:
        return "the link is gone"
    if link.answered_at or not raters.is_open_to(link):
        return "answered, or asked no more"
    if link.rater.enrolment.is_on_hold:
        return "the client is on hold"
    window = raters.window_of(link)
    return "the questions are closed" if window is None or at > window.closes else None


def letter(message: Message, at: datetime) -> Letter:
    link = _link(message)
    assert link is not None, "its guard has let it through"
    (rater,) = raters.as_asked([link])
    return slots.to_rater(rater, link.rater.enrolment)


def _link(message: Message) -> PulseLink | None:
    return raters.links().filter(pk=message.about["pulse"]).first()


KINDS = (
    Kind(ASKED, "three questions to somebody a client asks", guard, letter, on_unknown=RESEND),
    Kind(REMIND, "three questions to somebody a client asks, once more", guard, letter),
)
