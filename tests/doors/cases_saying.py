"""A coach's spoken answer, asked at both doors."""

from django.urls import reverse

from coaching import reviewing, voicing
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, Ask, case, close
from tests.roads import WEEK_1
from tests.sounds.making import encoded


def drop(cast: Cast, who: str = "tomas") -> Ask:
    pk = roads.piece(cast.mina).pk
    page = reverse("review-voice", args=[pk])
    return Ask(who, page, {"drop": "1"}, "delete", f"submissions/{pk}/feedback-voice/", at=LATER)


def said(cast: Cast) -> None:
    voicing.say(roads.handed_in(cast.mina).submission, parts=[encoded(6)], by=cast.tomas, at=WEEK_1)


@case("voicing.drop", "voice.none")
def _nothing(cast):
    roads.handed_in(cast.mina)
    return drop(cast)


@case("voicing.drop", "review.not_yours", 404)
def _not_your_client(cast):
    roads.handed_in(cast.mina)
    return drop(cast, who="ines")


@case("voicing.drop", "cohort.closed")
def _closed(cast):
    roads.handed_in(cast.mina)
    close(cast.spring)
    return drop(cast)


@case("voicing.drop", "review.nothing_waits")
def _answered(cast):
    roads.answered(cast.mina, cast.tomas)
    return drop(cast)


@case("voicing.drop", "review.claimed")
def _a_colleague_has_it(cast):
    roads.coach(cast.spring, cast.ines)
    roads.handed_in(cast.mina)
    reviewing.claim(roads.piece(cast.mina), by=cast.ines, at=WEEK_1)
    return drop(cast)


def _then_drop(cast: Cast) -> Ask:
    said(cast)
    return drop(cast)


ALLOWED |= {"voicing.drop": _then_drop}
