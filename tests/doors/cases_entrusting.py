"""Proposing somebody as an admin, confirming it and taking it back, asked at both doors."""

from datetime import datetime, timedelta

from django.urls import reverse

from clients import entrusting, joining
from clients.models import AdminProposal, User
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, UNASKED, Ask, case
from tests.roads import WEEK_1

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
for name in ("propose", "confirm", "withdraw"):
    UNASKED[f"entrusting.{name}", "admin.not_yours"] = "for whoever is no admin there is nothing at either door: 404"


def propose(cast: Cast, reason: str = "Runs the autumn cohort") -> Ask:
    sent = {"email": cast.lena.email, "reason": reason}
    return Ask("ada", reverse("admins"), sent, "post", "admins/proposals/", sent)


def proposed(cast: Cast, by: User | None = None) -> AdminProposal:
    return entrusting.propose(cast.lena, reason="Runs it", by=by or roads.admin("Bea"), at=WEEK_1)


def confirm(found: AdminProposal, at: datetime = LATER) -> Ask:
    page = reverse("admin-confirm", args=[found.pk])
    return Ask("ada", page, {}, "post", f"admins/proposals/{found.pk}/confirm/", at=at)


def withdraw(found: AdminProposal) -> Ask:
    return Ask("ada", reverse("admin-withdraw", args=[found.pk]), {}, "delete", f"admins/proposals/{found.pk}/")


@case("entrusting.propose", "admin.there", 422)
def _there(cast):
    joining.make_admin(cast.lena, by=None, at=WEEK_1)
    return propose(cast)


@case("entrusting.propose", "admin.proposed", 422)
def _proposed(cast):
    proposed(cast)
    return propose(cast)


@case("entrusting.propose", "admin.reason", 422)
def _without_a_reason(cast):
    return propose(cast, reason=" ")


@case("entrusting.confirm", "admin.same")
def _the_same(cast):
    return confirm(proposed(cast, by=cast.ada))


@case("entrusting.confirm", "admin.expired")
def _expired(cast):
    return confirm(proposed(cast), at=WEEK_1 + 7 * DAY + SECOND)


@case("entrusting.confirm", "admin.decided")
def _decided(cast):
    found = proposed(cast)
    entrusting.confirm(found, by=cast.ada, at=WEEK_1)
    return confirm(found)


@case("entrusting.withdraw", "admin.decided")
def _decided_already(cast):
    found = proposed(cast)
    entrusting.withdraw(found, by=cast.ada, at=WEEK_1)
    return withdraw(found)


ALLOWED |= {
    "entrusting.propose": propose,
    "entrusting.confirm": lambda cast: confirm(proposed(cast)),
    "entrusting.withdraw": lambda cast: withdraw(proposed(cast)),
}
