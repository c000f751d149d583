"""What client and coach write to each other, asked at both doors."""

from django.urls import reverse

from coaching import assigning, conversing
from coaching.models import Assignment, Conversation
from tests.cast import Cast
from tests.doors.cases import ALLOWED, UNASKED, Ask, case, close, leave
from tests.roads import WEEK_1

WORDS = "Is one number enough for finance?"
UNASKED["conversing.write", "word.not_yours"] = "whose one is not, is not there at either door: 404"


def write(cast: Cast, text: str = WORDS, who: str = "mina") -> Ask:
    pk = cast.enrolment(cast.mina).pk
    place = (
        reverse("conversation", args=[cast.tomas.pk]) if who == "mina" else reverse("client-conversation", args=[pk])
    )
    named = {"to": cast.tomas.pk} if who == "mina" else {}
    return Ask(who, place, {"text": text}, "post", f"enrolments/{pk}/words/", {"text": text} | named)


def written(cast: Cast) -> Conversation:
    said = conversing.write(cast.enrolment(cast.mina), cast.tomas, text="How is it?", by=cast.tomas, at=WEEK_1)
    return said.conversation


def read(cast: Cast) -> Ask:
    found = written(cast)
    return Ask("mina", reverse("conversation-read", args=[cast.tomas.pk]), {}, "post", f"conversations/{found.pk}/")


@case("conversing.write", "cohort.closed")
def _closed(cast):
    asked = write(cast)
    close(cast.spring)
    return asked


@case("conversing.write", "enrolment.ended")
def _has_left(cast):
    asked = write(cast, who="tomas")
    leave(cast)
    return asked


@case("conversing.write", "word.no_coach")
def _coaches_no_more(cast):
    written(cast)
    asked = write(cast)
    assigning.release(Assignment.objects.get(coach=cast.tomas), by=cast.ada, at=WEEK_1)
    return asked


@case("conversing.write", "word.empty", 422)
def _empty(cast):
    return write(cast, " ")


@case("conversing.write", "word.long", 422)
def _long(cast):
    return write(cast, "x" * 2001)


ALLOWED |= {"conversing.write": write, "conversing.read": read}
