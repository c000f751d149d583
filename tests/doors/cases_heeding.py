"""Who needs their coach, asked at both doors."""

from datetime import timedelta

from django.urls import reverse

from coaching import heeding
from coaching.models import Flag
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, UNASKED, Ask, case, close, leave
from tests.roads import WEEK_1

WHY = "Her manager has left."
for name in ("flag", "lower", "see_to"):
    UNASKED[f"heeding.{name}", "risk.not_yours"] = "somebody else's clients are not there at either door: 404"


def flag(cast: Cast, reason: str = WHY) -> Ask:
    pk, sent = cast.enrolment(cast.mina).pk, {"reason": reason}
    return Ask("tomas", reverse("risk-flag"), sent | {"client": pk}, "post", f"enrolments/{pk}/flag/", sent)


def flagged(cast: Cast) -> Flag:
    return heeding.flag(cast.enrolment(cast.mina), reason=WHY, by=cast.tomas, at=WEEK_1)


def lower(cast: Cast) -> Ask:
    found = Flag.objects.first() or flagged(cast)
    return Ask("tomas", reverse("risk-lower", args=[found.pk]), {}, "post", f"flags/{found.pk}/lower/")


def see_to(cast: Cast, at=LATER) -> Ask:
    pk, sent = cast.enrolment(cast.mina).pk, {"rule": "flag"}
    return Ask("tomas", reverse("risk-see-to", args=[pk]), sent, "post", f"enrolments/{pk}/seen-to/", sent, at)


for operation, doors in {"heeding.flag": flag, "heeding.lower": lower, "heeding.see_to": see_to}.items():

    @case(operation, "enrolment.ended")
    def _has_left(cast, doors=doors):
        asked = doors(cast)
        leave(cast)
        return asked

    @case(operation, "cohort.closed")
    def _is_closed(cast, doors=doors):
        asked = doors(cast)
        close(cast.spring)
        return asked


@case("heeding.flag", "flag.there")
def _twice(cast):
    flagged(cast)
    return flag(cast)


@case("heeding.flag", "flag.reason", 422)
def _no_reason(cast):
    return flag(cast, " ")


@case("heeding.lower", "flag.lowered")
def _lowered(cast):
    heeding.lower(flagged(cast), by=cast.tomas, at=WEEK_1)
    return lower(cast)


@case("heeding.see_to", "risk.gone")
def _gone(cast):
    return see_to(cast)


@case("heeding.see_to", "risk.seen_to")
def _seen_to(cast):
    flagged(cast)
    heeding.see_to(cast.enrolment(cast.mina), rule="flag", by=cast.tomas, at=WEEK_1)
    return see_to(cast, at=WEEK_1 + timedelta(days=6))


def _flagged_and_seen_to(cast: Cast) -> Ask:
    flagged(cast)
    return see_to(cast)


ALLOWED |= {"heeding.flag": flag, "heeding.lower": lower, "heeding.see_to": _flagged_and_seen_to}
