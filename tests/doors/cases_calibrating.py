"""Calibration, asked at both doors."""

from django.urls import reverse

from coaching import calibrating
from curriculum.models import Exemplar
from tests import roads
from tests.calibrating import newcomer
from tests.cast import Cast
from tests.doors.cases import ALLOWED, ANSWERING, UNASKED, Ask, case, claim, take_over
from tests.doors.cases_saying import drop, said
from tests.roads import WEEK_1

KEY = "r-trans-e1"
TAKING = ANSWERING | {"reviewing.claim": claim}
UNASKED["calibrating.score", "calibration.not_yours"] = "the exemplars of others are not there at either door: 404"


def exemplar(cast: Cast) -> Exemplar:
    return Exemplar.objects.select_related("edition").get(edition=cast.spring.edition, key=KEY)


def score(cast: Cast, **changes: object) -> Ask:
    levels = exemplar(cast).reference | changes
    form = {"exemplar": KEY} | {f"level-{key}": level for key, level in levels.items() if level}
    body = {"exemplar": KEY, "levels": {key: level for key, level in levels.items() if level}}
    return Ask("tomas", reverse("calibration-sheet", args=["r-trans"]), form, "post", "calibration/r-trans/", body)


@case("calibrating.score", "calibration.incomplete", 422)
def _incomplete(cast):
    return score(cast, lead=None)


@case("calibrating.score", "calibration.scored")
def _scored(cast):
    one = exemplar(cast)
    calibrating.score(one, levels=one.reference, by=cast.tomas, at=WEEK_1)
    return score(cast)


def let_off(cast: Cast, reason: str = "Wrote them") -> Ask:
    pk, sent = newcomer(cast.spring).pk, {"reason": reason}
    return Ask("ada", reverse("calibration-let-off", args=[pk]), sent, "post", f"coaches/{pk}/let-off/", sent)


def off_already(cast: Cast) -> Ask:
    pk, sent = cast.tomas.pk, {"reason": "Once more"}
    return Ask("ada", reverse("calibration-let-off", args=[pk]), sent, "post", f"coaches/{pk}/let-off/", sent)


def ask_again(cast: Cast) -> Ask:
    pk = cast.tomas.pk
    return Ask("ada", reverse("calibration-ask-again", args=[pk]), {}, "delete", f"coaches/{pk}/let-off/")


@case("calibrating.let_off", "calibration.off")
def _off(cast):
    return off_already(cast)


@case("calibrating.let_off", "calibration.reason", 422)
def _no_reason(cast):
    return let_off(cast, " ")


@case("calibrating.ask_again", "calibration.not_off")
def _not_off(cast):
    calibrating.ask_again(cast.tomas, by=cast.ada, at=WEEK_1)
    return ask_again(cast)


for operation, doors in TAKING.items():

    @case(operation, "calibration.first")
    def _not_calibrated(cast, doors=doors):
        roads.handed_in(cast.mina)
        calibrating.ask_again(cast.tomas, by=cast.ada, at=WEEK_1)
        return doors(cast)


@case("reviewing.take_over", "calibration.first")
def _takes_over_uncalibrated(cast):
    roads.coach(cast.spring, cast.ines)
    roads.claimed(cast.mina, cast.ines)
    calibrating.ask_again(cast.tomas, by=cast.ada, at=WEEK_1)
    return take_over(cast)


@case("voicing.drop", "calibration.first")
def _takes_out_a_voice_uncalibrated(cast):
    said(cast)
    calibrating.ask_again(cast.tomas, by=cast.ada, at=WEEK_1)
    return drop(cast)


ALLOWED |= {"calibrating.score": score, "calibrating.let_off": let_off, "calibrating.ask_again": ask_again}
