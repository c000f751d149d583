"""What people choose for themselves: name, zone, quiet hours, theme, how much a mail says, the words they may use."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from curriculum import moments

from . import recording
from .models import User, ZoneChange
from .signals import zone_changed

CHOICES = {"name", "zone", "quiet_from", "quiet_until", "theme", "texts_in_mail", "letter_keys", "language"}

LONGEST_WORD = 40  # characters
MOST_WORDS = 200


class CannotChoose(ValidationError):
    """Not one of the choices there are."""


@transaction.atomic
def choose(person: User, *, at: datetime, **choices) -> User:
    """Change one's own settings. A new zone moves what is still to come and leaves what is past."""
    person = User.objects.select_for_update().get(pk=person.pk)
    unknown = set(choices) - CHOICES
    assert not unknown, f"nobody chooses {unknown}"
    if "zone" in choices and not moments.zone_exists(choices["zone"]):
        raise CannotChoose({"zone": _("Choose a time zone from the list.")})
    moved_from = person.zone if choices.get("zone", person.zone) != person.zone else None
    for name, content in choices.items():
        setattr(person, name, content)
    person.save(update_fields=list(choices))
    if moved_from:
        ZoneChange.objects.create(person=person, at=at, old_zone=moved_from, new_zone=person.zone)
        recording.record("moved zone", person, by=person, at=at, note=f"{moved_from} to {person.zone}")
        zone_changed.send(sender=User, person=person, at=at)
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
