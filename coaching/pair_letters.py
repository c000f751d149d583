"""The letter to a coach who is asked to read two texts blind: that they wait, and where. It says of nobody's."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from clients import letters
from clients.letters import Letter
from clients.messaging import Kind
from clients.models import Message
from clients.notices import Told

from . import pairs
from .models import PairRating

TO_READ = "review.pair"


def guard(message: Message, at: datetime) -> str | None:
    """Nobody is asked for what they have done, or may not read any more."""
    rating = PairRating.objects.filter(pk=message.about["rating"]).first()
    if rating is None or message.person is None or pairs.find(message.person, rating.token) is None:
        return "the pair is not theirs to read any more"
    return "it was read already" if rating.rated_at else None


def letter(message: Message, at: datetime) -> Letter:
    rating = PairRating.objects.get(pk=message.about["rating"])
    link = reverse("pair", args=[rating.token])
    return letters.from_template(message.kind, {"person": message.person}, link=link, button=_("Read the two texts"))


def headlines(messages: Sequence[Message], at: datetime) -> dict[str, Told]:
    """What the bell says of many at once, in one query."""
    tokens = dict(
        PairRating.objects.filter(pk__in=[one.about["rating"] for one in messages]).values_list("pk", "token")
    )
    return {
        one.key: Told(_("Two texts wait to be read blind"), reverse("pair", args=[tokens[one.about["rating"]]]))
        for one in messages
        if one.about["rating"] in tokens
    }


KINDS = (Kind(TO_READ, "asked to read two texts blind", guard, letter),)
