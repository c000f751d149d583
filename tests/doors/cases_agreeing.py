"""The coaching agreement: accepting it, publishing the next version, and handing in without it, at both doors."""

from django.urls import reverse

from clients import agreements
from clients.models import CoachingAgreement
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, Ask, case, hand_in, leave
from tests.roads import WEEK_1


def accept(cast: Cast, who: str = "mina", sha256: str = "") -> Ask:
    words = {"sha256": sha256 or agreements.newest().sha256}
    path = f"enrolments/{cast.enrolment(cast.mina).pk}/agreement/"
    return Ask(who, reverse("agreement-accept"), words, "post", path, words, WEEK_1)


def publish(text: str = "Your coach reads what you hand in.") -> Ask:
    return Ask("ada", reverse("office-agreement"), {"text": text}, "post", "agreements/", {"text": text}, WEEK_1)


@case("submitting.hand_in", "agreement.not_accepted")
def _not_accepted(cast):
    roads.another_agreement(cast.ada)
    return hand_in(cast)


@case("agreeing.accept", "agreement.not_yours", 404)
def _somebody_elses(cast):
    return accept(cast, who="lena")


@case("agreeing.accept", "agreement.left")
def _left(cast):
    leave(cast)
    return accept(cast)


@case("agreeing.accept", "agreement.changed")
def _changed(cast):
    before = agreements.newest().sha256
    roads.another_agreement(cast.ada)
    return accept(cast, sha256=before)


@case("agreeing.publish", "agreement.empty", 422)
def _empty(cast):
    return publish("  ")


@case("agreeing.publish", "agreement.long", 422)
def _long(cast):
    return publish("word " * 4001)


@case("agreeing.publish", "agreement.same", 422)
def _same(cast):
    return publish(CoachingAgreement.objects.get().text)


def _accept(cast: Cast) -> Ask:
    roads.another_agreement(cast.ada)
    return accept(cast)


ALLOWED |= {"agreeing.accept": _accept, "agreeing.publish": lambda cast: publish()}
