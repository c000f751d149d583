"""Notes, asked at both doors."""

from django.urls import reverse

from coaching import noting
from coaching.models import Note
from tests.cast import Cast
from tests.doors.cases import ALLOWED, Ask, case, close
from tests.roads import WEEK_1

WORDS = "She asked for the hard version."


def write(cast: Cast, visibility: str = "pair", text: str = WORDS, who: str = "tomas") -> Ask:
    pk, sent = cast.enrolment(cast.mina).pk, {"visibility": visibility, "text": text}
    return Ask(who, reverse("client-notes", args=[pk]), sent, "post", "notes/", sent | {"enrolment": pk})


def note(cast: Cast) -> Note:
    said = {"visibility": "pair", "text": WORDS}
    return noting.write(cast.spring, cast.enrolment(cast.mina), **said, by=cast.tomas, at=WEEK_1)


def remove(cast: Cast, who: str = "tomas") -> Ask:
    found = note(cast)
    return Ask(who, reverse("note-remove", args=[found.pk]), {}, "delete", f"notes/{found.pk}/")


@case("noting.write", "cohort.closed")
def _closed(cast):
    close(cast.spring)
    return write(cast)


@case("noting.write", "note.released")
def _released(cast):
    return write(cast, "released")


@case("noting.write", "note.readers")
def _not_for_admins(cast):
    return write(cast, "pair", who="ada")


@case("noting.write", "note.empty", 422)
def _empty(cast):
    return write(cast, text=" ")


@case("noting.write", "note.long", 422)
def _long(cast):
    return write(cast, text="x" * 5001)


@case("noting.remove", "note.not_yours", 403)
def _somebody_else_s(cast):
    return remove(cast, "mina")


ALLOWED |= {"noting.write": write, "noting.remove": remove}
