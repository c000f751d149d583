"""Opening a record for a reason, reading it and closing it, asked at both doors."""

from datetime import datetime, timedelta

from django.urls import reverse

from clients import joining
from coaching import inspecting
from coaching.models import Inspection
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, UNASKED, Ask, case
from tests.roads import WEEK_1

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WHY = "She asked us to look at what was said of her rewrite."
for name in ("begin", "read", "end"):
    UNASKED[f"inspecting.{name}", "inspection.not_yours"] = "what somebody else opened is not there at either door: 404"


def begin(cast: Cast, reason: str = WHY, at: datetime = LATER) -> Ask:
    pk, sent = cast.enrolment(cast.mina).pk, {"about": "work", "reason": reason}
    page = reverse("client-inspect", args=[pk])
    return Ask("ada", page, sent, "post", f"enrolments/{pk}/inspections/", sent, at)


def begun(cast: Cast, at: datetime = LATER - MINUTE) -> Inspection:
    roads.handed_in(cast.mina)
    return inspecting.begin(cast.enrolment(cast.mina), about="work", reason=WHY, by=cast.ada, at=at)


def read(cast: Cast, at: datetime = LATER) -> Ask:
    pk, number = begun(cast).pk, roads.piece(cast.mina).pk
    page = reverse("inspection-read", args=[pk, number])
    return Ask("ada", page, {}, "post", f"inspections/{pk}/read/{number}/", at=at)


def end(cast: Cast, at: datetime = LATER) -> Ask:
    pk = begun(cast).pk
    return Ask("ada", reverse("inspection-end", args=[pk]), {}, "post", f"inspections/{pk}/end/", at=at)


@case("inspecting.begin", "inspection.own")
def _own(cast):
    joining.make_admin(cast.mina, by=None, at=WEEK_1)
    return Ask(**vars(begin(cast)) | {"who": "mina"})


@case("inspecting.begin", "inspection.coach")
def _coach(cast):
    roads.coach(cast.spring, cast.ada, at=WEEK_1)
    return begin(cast)


@case("inspecting.begin", "inspection.there")
def _there(cast):
    begun(cast)
    return begin(cast)


@case("inspecting.begin", "inspection.reason", 422)
def _without_a_reason(cast):
    return begin(cast, reason="Because")


@case("inspecting.read", "inspection.over")
def _over(cast):
    return read(cast, at=LATER + HOUR)


@case("inspecting.end", "inspection.over")
def _over_already(cast):
    return end(cast, at=LATER + HOUR)


ALLOWED |= {"inspecting.begin": begin, "inspecting.read": read, "inspecting.end": end}
