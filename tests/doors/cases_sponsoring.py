"""Sponsors: ending what they may see, and accepting an invitation as one, at both doors."""

from django.urls import reverse

from coaching import sponsoring
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, Ask, case
from tests.roads import WEEK_1


def end(cast: Cast, *, ended: bool = False) -> Ask:
    _sven, found = roads.sponsor(cast.spring)
    if ended:
        sponsoring.end(found, by=cast.ada, at=WEEK_1)
    page = reverse("cohort-sponsor-end", args=["spring", found.pk])
    return Ask("ada", page, {}, "delete", f"cohorts/{cast.spring.pk}/sponsors/{found.pk}/", at=WEEK_1)


@case("sponsoring.end", "sponsor.ended")
def _ended(cast):
    return end(cast, ended=True)


ALLOWED |= {"sponsoring.end": end}
