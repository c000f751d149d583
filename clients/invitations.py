"""Reading invitations: finding one by its token, whether it is still open, the letter that carries it.

A token is derived from the secret key and the invitation's own row, so the outbox can render the link
when it sends and no table holds anything that opens a door; the invitation keeps the token's hash only.
"""

from datetime import datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curriculum import moments

from . import letters, tokens
from .models import Cohort, Invitation, Message

CLOSED = gettext_lazy("This cohort is closed; open a new one to invite people.")
REMINDED_AFTER = (3, 7)  # days
MORNING = time(9)


def reminder_at(invitation: Invitation, days: int) -> datetime:
    """09:00 so many days after, where they are said to live, else by the cohort's clock."""
    zone = invitation.zone or (invitation.cohort.zone if invitation.cohort else "UTC")
    day = moments.to_wall(invitation.invited_at, zone).date() + timedelta(days=days)
    return moments.to_utc(datetime.combine(day, MORNING), zone)


def token_of(invitation: Invitation) -> str:
    """256 bits that only somebody with the secret key and this row can make."""
    return tokens.derived(f"invitation:{invitation.pk}:{invitation.invited_at.timestamp()}")


def find(token: str) -> Invitation | None:
    return Invitation.objects.select_related("cohort__edition").filter(token_hash=tokens.hash_of(token)).first()


def waiting(cohort: Cohort) -> QuerySet[Invitation]:
    """Who is put down for the cohort, and hears of it when the invitations are opened."""
    return Invitation.objects.filter(cohort=cohort, is_waiting=True, revoked_at=None)


def guard(message: Message, at: datetime) -> str | None:
    invitation = Invitation.objects.filter(pk=message.about["invitation"]).first()
    if invitation is None or invitation.revoked_at:
        return "the invitation was withdrawn"
    if invitation.accepted_at:
        return "the invitation was accepted"
    return "the invitation itself has only just left" if _is_too_soon(message, at) else None


def _is_too_soon(message: Message, at: datetime) -> bool:
    """A reminder beside the letter it reminds of, where something kept that one."""
    just = Q(state__in=["queued", "sending"]) | Q(sent_at__gt=at - timedelta(days=1))
    first = Message.objects.filter(just, kind="invite", about__invitation=message.about["invitation"])
    return message.kind == "invite.remind" and first.exists()


def letter(message: Message, at: datetime) -> letters.Letter:
    invitation = Invitation.objects.select_related("cohort").get(pk=message.about["invitation"])
    link = reverse("join", args=[token_of(invitation)])
    return letters.from_template("invite", {"invitation": invitation}, link=link, button=_("Accept the invitation"))
