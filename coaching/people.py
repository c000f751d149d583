"""Everybody an admin deals with in one list: clients, coaches, sponsors, admins, and who was asked and has not come.

One row is a person in one role. Paged by name in one query, however many there are and wherever they stand.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Lower, NullIf
from django.utils.translation import gettext_lazy as _

from clients.models import Enrolment, Hold, Invitation, User
from clients.models.user import ADMINS

from . import caseload
from .models import Assignment, Sponsorship

PAGE = 50
CLIENT, COACH, ADMIN, SPONSOR = "client", "coach", "admin", "sponsor"
ROLES = {CLIENT: _("Client"), COACH: _("Coach"), ADMIN: _("Admin"), SPONSOR: _("Sponsor")}
STATES = {
    "waiting": _("Not sent yet"),
    "invited": _("Invited"),
    "expired": _("Invitation ended"),
    "active": _("Active"),
    "on_hold": _("On hold"),
    "completed": _("Finished"),
    "transferred": _("Goes on elsewhere"),
    "withdrawn": _("Left"),
}


class Place(NamedTuple):
    """Where a row stands in the list."""

    key: str
    kind: str
    pk: int

    def __str__(self):
        return json.dumps(self, ensure_ascii=False)

    @classmethod
    def of(cls, said: str) -> "Place | None":
        """None for what is no place."""
        try:
            key, kind, pk = json.loads(said)
        except (ValueError, TypeError):
            return None
        is_one = isinstance(key, str) and isinstance(kind, str) and isinstance(pk, int) and 0 <= pk < 2**62
        return cls(key, kind, pk) if is_one and "\x00" not in key + kind else None


@dataclass(frozen=True)
class Row:
    """One person in one role. `number` is that of the enrolment, assignment, invitation or account."""

    kind: str
    number: int
    key: str
    name: str
    email: str
    role: str
    state: str
    seen_at: datetime | None
    zone: str
    external_id: str
    cohort: str | None
    slug: str | None

    @property
    def place(self) -> Place:
        return Place(self.key, self.kind, self.number)

    @property
    def role_name(self) -> str:
        return str(ROLES[self.role])


@dataclass(frozen=True)
class Chosen:
    """What of the list is looked at; empty is all of it."""

    words: str = ""
    cohort: str = ""
    role: str = ""
    state: str = ""


@dataclass(frozen=True)
class Page:
    """Some rows, and the place after which the next ones begin; None on the last page."""

    rows: tuple[Row, ...] = field(default=())
    next: Place | None = None


def page(user: User, chosen: Chosen, *, after: Place | None, at: datetime) -> Page:
    """The rows behind `after`. For admins; for everybody else there is nobody."""
    if not caseload.is_admin(user):
        return Page()
    kinds = {
        "account": _admins(),
        "assignment": _coaches(),
        "enrolment": _clients(),
        "invitation": _asked(at),
        "sponsorship": _sponsors(),
    }
    parts = [_part(rows, kind, chosen, after) for kind, rows in kinds.items()]
    union = parts[0].union(*parts[1:], all=True).order_by("its_key", "its_kind", "its_number")
    found = [Row(**{name.removeprefix("its_"): said for name, said in row.items()}) for row in union[: PAGE + 1]]
    return Page(tuple(found[:PAGE]), found[PAGE - 1].place if len(found) > PAGE else None)


# --- The five kinds of rows -------------------------------------------------------------------------


def _clients() -> QuerySet:
    is_held = Exists(Hold.objects.filter(enrolment=OuterRef("pk"), ended_at=None))
    state = Case(When(Q(state="active") & is_held, then=Value("on_hold")), default=F("state"), output_field=CharField())
    return _shaped(Enrolment.objects, "client__", role=Value(CLIENT), state=state, seen_at=F("seen_at"))


def _coaches() -> QuerySet:
    state = Case(When(ended_at=None, then=Value("active")), default=Value("withdrawn"), output_field=CharField())
    seen = F("coach__last_login")
    return _shaped(Assignment.objects, "coach__", role=Value(COACH), state=state, seen_at=seen)


def _sponsors() -> QuerySet:
    state = Case(When(ended_at=None, then=Value("active")), default=Value("withdrawn"), output_field=CharField())
    seen = F("sponsor__last_login")
    return _shaped(Sponsorship.objects, "sponsor__", role=Value(SPONSOR), state=state, seen_at=seen)


def _admins() -> QuerySet:
    admins = User.objects.filter(groups__name=ADMINS)
    return _shaped(admins, "", role=Value(ADMIN), state=Value("active"), seen_at=F("last_login"), cohort=None)


def _asked(at: datetime) -> QuerySet:
    unused = Invitation.objects.filter(accepted_at=None, revoked_at=None)
    waits = When(is_waiting=True, then=Value("waiting"))
    is_open = When(expires_at__gt=at, then=Value("invited"))
    state = Case(waits, is_open, default=Value("expired"), output_field=CharField())
    never = Cast(Value(None), DateTimeField())
    return _shaped(unused, "", role=F("role"), state=state, seen_at=never)


def _shaped(
    rows: Any, person: str, *, role: Any, state: Any, seen_at: Any, cohort: str | None = "cohort__"
) -> QuerySet:
    """Every kind in the same columns, so that they are one list."""
    nowhere = Cast(Value(None), CharField())
    name = Coalesce(NullIf(F(f"{person}name"), Value("")), F(f"{person}email"), output_field=CharField())
    return rows.annotate(
        its_key=Lower(name),
        its_name=name,
        its_email=F(f"{person}email"),
        its_role=Cast(role, CharField()),
        its_state=Cast(state, CharField()),
        its_seen_at=seen_at,
        its_zone=F(f"{person}zone"),
        its_external_id=F(f"{person}external_id"),
        its_cohort=F(f"{cohort}name") if cohort else nowhere,
        its_slug=F(f"{cohort}slug") if cohort else nowhere,
    )


COLUMNS = tuple(f"its_{name}" for name in Row.__dataclass_fields__)


def _part(rows: QuerySet, kind: str, chosen: Chosen, after: Place | None) -> QuerySet:
    """What is chosen of one kind, from the place on, at most a page of it."""
    found = rows.filter(_matching(chosen))
    if after:
        found = found.filter(_behind(after, kind))
    shown = found.annotate(its_kind=Value(kind, CharField()), its_number=F("pk")).order_by("its_key", "pk")
    return shown.values(*COLUMNS)[: PAGE + 1]


def _matching(chosen: Chosen) -> Q:
    found = Q()
    for word in chosen.words.split():
        inside = Q(its_name__icontains=word) | Q(its_email__icontains=word)
        found &= inside | Q(its_external_id__iexact=word)
    exact = {"its_slug": chosen.cohort, "its_role": chosen.role, "its_state": chosen.state}
    return found & Q(**{name: value for name, value in exact.items() if value})


def _behind(after: Place, kind: str) -> Q:
    if kind == after.kind:
        return Q(its_key__gt=after.key) | Q(its_key=after.key, pk__gt=after.pk)
    return Q(its_key__gte=after.key) if kind > after.kind else Q(its_key__gt=after.key)
