"""Whom a table names, line by line: new, known, changed, or what to mend first.

A person is known by their external id, else by their address, so the same table brought twice invites nobody twice.
A fixed number of queries, however many lines. Reads only; `inviting` asks it once more with the cohorts locked.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from . import lines, tables
from .lines import Mend, Person
from .models import Cohort, Enrolment, Invitation, User
from .tables import Columns, Row, Table

NEW, CHANGED, KNOWN, ERROR = "new", "changed", "known", "error"
KINDS = (ERROR, CHANGED, NEW, KNOWN)


@dataclass(frozen=True)
class Verdict:
    """What becomes of a line. `about` is the field that is wrong; `invitation` the open one it changes or replaces,
    `account` the one that gets the external id."""

    line: int
    kind: str
    sentence: str
    email: str = ""
    name: str = ""
    about: str = ""
    person: Person | None = None
    invitation: Invitation | None = None
    account: User | None = None


@dataclass(frozen=True)
class Verdicts:
    """Every line's, in the order of the table."""

    rows: tuple[Verdict, ...]

    @cached_property
    def counts(self) -> dict[str, int]:
        counted = Counter(row.kind for row in self.rows)
        return {kind: counted[kind] for kind in KINDS}

    def of(self, kind: str) -> list[Verdict]:
        return [row for row in self.rows if row.kind == kind]

    @property
    def doing(self) -> int:
        """How many lines something is done about."""
        return self.counts[NEW] + self.counts[CHANGED]

    @property
    def skipped(self) -> int:
        return len(self.rows) - self.doing


@dataclass
class _Known:
    """Who is there already, by what a line may know them by."""

    by_id: dict[str, User] = field(default_factory=dict)
    by_email: dict[str, User] = field(default_factory=dict)
    enrolled: dict[tuple[int, int], Enrolment] = field(default_factory=dict)
    asked_by_id: dict[tuple[int, str], Invitation] = field(default_factory=dict)
    asked_by_email: dict[tuple[int, str], Invitation] = field(default_factory=dict)


def look(
    table: Table, columns: Columns, *, cohorts: QuerySet[Cohort], default: Cohort | None, at: datetime
) -> Verdicts:
    """A verdict for every line; `default` is the cohort of whoever names none of `cohorts`."""
    read = lines.read_all(table, columns, cohorts=cohorts, default=default)
    known = _who_is_there([person for _row, person in read if isinstance(person, Person)])
    return Verdicts(tuple(_once(_verdict(row, columns, person, known, at) for row, person in read)))


# --- Who is there -----------------------------------------------------------------------------------


def _who_is_there(people: Iterable[Person]) -> _Known:
    emails, ids = {one.email for one in people}, {one.external_id for one in people} - {""}
    cohorts = {one.cohort.pk for one in people}
    known = _Known()
    accounts = User.objects.annotate(lower=Lower("email")).filter(Q(lower__in=emails) | Q(external_id__in=ids))
    for account in accounts.only("email", "name", "external_id"):
        known.by_email[account.email.lower()] = account
        if account.external_id:
            known.by_id[account.external_id] = account
    theirs = [account.pk for account in known.by_email.values()]
    for enrolment in Enrolment.objects.filter(cohort__in=cohorts, client__in=theirs):
        known.enrolled[enrolment.cohort_id, enrolment.client_id] = enrolment
    emails |= set(known.by_email)
    unused = Invitation.objects.filter(role=Invitation.Role.CLIENT, accepted_at=None, revoked_at=None)
    for asked in unused.filter(Q(email__in=emails) | Q(external_id__in=ids), cohort__in=cohorts):
        known.asked_by_email[asked.cohort_id, asked.email] = asked
        if asked.external_id:
            known.asked_by_id[asked.cohort_id, asked.external_id] = asked
    return known


# --- The verdict ------------------------------------------------------------------------------------


def _verdict(row: Row, columns: Columns, person: Person | Mend | str, known: _Known, at: datetime) -> Verdict:
    says: dict[str, Any] = {"email": tables.cell(row, columns, "email"), "name": tables.cell(row, columns, "name")}
    if isinstance(person, str):
        return Verdict(row.line, KNOWN, person, **says)
    try:
        if isinstance(person, Mend):
            raise person
        return _of_account(row.line, person, known, at) or _of_invitation(row.line, person, known, at)
    except Mend as complaint:
        return Verdict(row.line, ERROR, complaint.sentence, about=complaint.about, **says)


def _of_account(line: int, person: Person, known: _Known, at: datetime) -> Verdict | None:
    """For somebody who is in the cohort; None for everybody who can still be invited."""
    account = _account(person, known)
    enrolment = known.enrolled.get((person.cohort.pk, account.pk)) if account else None
    if enrolment is None:
        return None
    told: dict[str, Any] = {"email": account.email, "name": account.name, "person": person}
    if person.external_id and not account.external_id:
        sentence = _("In this cohort already; the external id %(id)s is noted.") % {"id": person.external_id}
        return Verdict(line, CHANGED, sentence, account=account, **told)
    if enrolment.state in Enrolment.LEFT:
        return Verdict(line, KNOWN, _("Has left this cohort; a list brings nobody back."), **told)
    if account.email.lower() != person.email:
        sentence = _("In this cohort already, as %(email)s. Whoever has an account changes its address themselves.")
        return Verdict(line, KNOWN, sentence % {"email": account.email}, **told)
    return Verdict(line, KNOWN, _("In this cohort already."), **told)


def _once(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    """What two lines with different words turn out to say of one person is to be mended."""
    first: dict[tuple, int] = {}
    for one in verdicts:
        line = min((first.setdefault(key, one.line) for key in _keys(one)), default=one.line)
        if line != one.line:
            told = _("Line %(line)s is about the same person. Keep one of the two.") % {"line": line}
            one = Verdict(one.line, ERROR, told, one.email, one.name, about="email")
        yield one


def _keys(verdict: Verdict) -> Iterator[tuple]:
    if verdict.person:
        yield verdict.person.cohort.pk, verdict.email
    if verdict.invitation:
        yield ("asked", verdict.invitation.pk)


def _account(person: Person, known: _Known) -> User | None:
    """The account a line is about: that of its external id, else that of its address."""
    by_id = known.by_id.get(person.external_id) if person.external_id else None
    by_email = known.by_email.get(person.email)
    if by_id and by_email and by_id.pk != by_email.pk:
        told = _("The external id %(id)s is that of %(email)s. Correct it, or the address.")
        raise Mend("external_id", told % {"id": person.external_id, "email": by_id.email})
    if by_email and person.external_id and by_email.external_id not in ("", person.external_id):
        told = _("%(name)s has the external id %(id)s. Correct it, or leave it empty.")
        raise Mend("external_id", told % {"name": by_email, "id": by_email.external_id})
    return by_id or by_email


def _of_invitation(line: int, person: Person, known: _Known, at: datetime) -> Verdict:
    """For somebody who is not in the cohort: asked already, or not yet."""
    account = _account(person, known)
    if account and account.email.lower() != person.email:
        person = Person(account.email.lower(), person.name, person.zone, person.external_id, person.cohort)
    asked = _asked(person, known)
    told: dict[str, Any] = {"email": person.email, "name": person.name, "person": person, "invitation": asked}
    if asked is None:
        return Verdict(line, NEW, _new(person, account), **told)
    if asked.is_waiting:
        return Verdict(line, KNOWN, _("Put down already; the letter goes when the invitations are opened."), **told)
    if asked.email != person.email:
        sentence = _("Was invited as %(old)s. That link is withdrawn, and %(new)s gets one.")
        return Verdict(line, CHANGED, sentence % {"old": asked.email, "new": person.email}, **told)
    if asked.expires_at <= at:
        sentence = _("The invitation ended on %(day)s; a new one is sent.") % {"day": _day(asked.expires_at)}
        return Verdict(line, NEW, sentence, **told)
    if changes := changes_of(asked, person):
        sentence = _("Invited already; no second mail is sent. %(changes)s") % {"changes": _said(asked, changes)}
        return Verdict(line, CHANGED, sentence, **told)
    return Verdict(line, KNOWN, _("Invited already, until %(day)s.") % {"day": _day(asked.expires_at)}, **told)


def _asked(person: Person, known: _Known) -> Invitation | None:
    by_id = known.asked_by_id.get((person.cohort.pk, person.external_id)) if person.external_id else None
    by_email = known.asked_by_email.get((person.cohort.pk, person.email))
    if by_id and by_email and by_id.pk != by_email.pk:
        told = _("%(email)s was invited with the external id %(id)s. Correct it, or withdraw that invitation first.")
        raise Mend("external_id", told % {"email": by_id.email, "id": person.external_id})
    return by_id or by_email


def _new(person: Person, account: User | None) -> str:
    if account:
        return _("Has an account as %(email)s, and joins after signing in.") % {"email": account.email}
    return _("Is invited to %(cohort)s.") % {"cohort": person.cohort}


def changes_of(asked: Invitation, person: Person) -> dict[str, str]:
    """What a line says otherwise than the open invitation; what it leaves empty stays."""
    says = {"name": person.name, "zone": person.zone, "external_id": person.external_id}
    return {name: value for name, value in says.items() if value and getattr(asked, name) != value}


def _said(asked: Invitation, changes: dict[str, str]) -> str:
    words = {"name": _("Name"), "zone": _("Time zone"), "external_id": _("External id")}
    told = _("%(what)s: %(old)s becomes %(new)s.")
    return " ".join(
        told % {"what": words[name], "old": getattr(asked, name) or "–", "new": value}
        for name, value in changes.items()
    )


def _day(instant: datetime) -> str:
    return date_format(instant, "j F")
