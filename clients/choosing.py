"""What people choose for themselves: name, zone, theme, what reaches them and when, the words they may use."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from curriculum import moments

from . import choices, recording
from .models import Channel, Preference, User, ZoneChange
from .models.user import MOST_A_WEEK
from .signals import zone_changed

CHOICES = {
    "name", "zone", "quiet_from", "quiet_until", "theme", "letter_keys", "language",
    "texts_in_mail", "subject_only", "weekly_budget",
}  # fmt: skip
Wishes = Mapping[tuple[str, str], bool]  # (group, channel) → wanted

LONGEST_WORD = 40  # characters
MOST_WORDS = 200


class CannotChoose(ValidationError):
    """Not one of the choices there are."""


def choose_refusal(chosen: Mapping[str, Any], wishes: Wishes) -> CannotChoose | None:
    """Why somebody cannot have it like that."""
    if "zone" in chosen and not moments.zone_exists(chosen["zone"]):
        return CannotChoose({"zone": [_("Choose a time zone from the list.")]})
    if not 0 <= chosen.get("weekly_budget", 0) <= MOST_A_WEEK:
        return CannotChoose({"weekly_budget": [_("Choose a number of reminders from 0 to 20.")]})
    if any(group not in choices.BY_NAME or channel not in Channel.values for group, channel in wishes):
        return CannotChoose({"groups": [_("There is no such kind of message.")]})
    return None


@transaction.atomic
def choose(person: User, *, at: datetime, wishes: Wishes | None = None, **chosen: Any) -> User:
    """Change one's own settings. A new zone moves what is still to come and leaves what is past."""
    person = User.objects.select_for_update().get(pk=person.pk)
    unknown = set(chosen) - CHOICES
    assert not unknown, f"nobody chooses {unknown}"
    if refusal := choose_refusal(chosen, wishes or {}):
        raise refusal
    moved_from = person.zone if chosen.get("zone", person.zone) != person.zone else None
    for name, content in chosen.items():
        setattr(person, name, content)
    person.save(update_fields=list(chosen))
    _wish(person, wishes or {})
    if moved_from:
        ZoneChange.objects.create(person=person, at=at, old_zone=moved_from, new_zone=person.zone)
        recording.record("moved zone", person, by=person, at=at, note=f"{moved_from} to {person.zone}")
        zone_changed.send(sender=User, person=person, at=at)
    return person


def _wish(person: User, wishes: Wishes) -> None:
    """Asked again when a message is about to leave and when the bell is read, so a wish counts at once."""
    rows = [
        Preference(person=person, group=group, channel=channel, wanted=wanted)
        for (group, channel), wanted in sorted(wishes.items())
    ]
    Preference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["person", "group", "channel"], update_fields=["wanted"]
    )


@transaction.atomic
def stop_mail(person: User, *, group: str, at: datetime) -> User:
    """No more mails of this group, by the link in one of them. Doing it twice is doing it once."""
    person = User.objects.select_for_update().get(pk=person.pk)
    _wish(person, {(group, Channel.MAIL): False})
    recording.record("stopped mails", person, by=person, at=at, note=group)
    return person


def know_refusal(person: User, *, word: str) -> Exception | None:
    """Why a word cannot be added to those a person's listeners know."""
    if not word or len(word) > LONGEST_WORD:
        return CannotChoose({"word": [_("Name one word or short form, of at most 40 characters.")]})
    if word not in person.known_words and len(person.known_words) >= MOST_WORDS:
        return CannotChoose(
            _("These are 200 words already. Take one out on your account page first."), code="words.full"
        )
    return None


@transaction.atomic
def know(person: User, *, word: str, at: datetime) -> User:
    """Somebody's listeners know this word: the first read says nothing about it any more."""
    person, word = User.objects.select_for_update().get(pk=person.pk), plain(word)
    if refusal := know_refusal(person, word=word):
        raise refusal
    if word not in person.known_words:
        _keep_words(person, sorted([*person.known_words, word]), at)
    return person


@transaction.atomic
def forget(person: User, *, word: str, at: datetime) -> User:
    """The first read speaks about this word again. A word that is not among them changes nothing."""
    person, word = User.objects.select_for_update().get(pk=person.pk), plain(word)
    if word in person.known_words:
        _keep_words(person, [each for each in person.known_words if each != word], at)
    return person


def plain(word: str) -> str:
    """A word as it is kept: small letters, single blanks."""
    return " ".join(word.lower().split())


def _keep_words(person: User, words: list[str], at: datetime) -> None:
    """The journal outlives a person's words, so it counts them."""
    person.known_words = words
    person.save(update_fields=["known_words"])
    recording.record("chose words", person, by=person, at=at, note=f"{len(words)} in all")
