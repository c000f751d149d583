"""What the lines of a table say of people, each by itself and beside the others: a person, or what to mend first."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from curriculum import moments

from . import tables
from .invitations import CLOSED
from .models import Cohort, Invitation
from .models.user import EXTERNAL_ID_LENGTH
from .tables import Columns, Row, Table

LONGEST_NAME = 120
ZONES = {name.casefold(): name for name in moments.zone_names()}


class Mend(Exception):
    """What is wrong with a line: the field it is about, and a sentence that says what to do."""

    def __init__(self, about: str, sentence: str):
        super().__init__(sentence)
        self.about, self.sentence = about, sentence


@dataclass(frozen=True)
class Person:
    """What a line says of somebody. What it leaves empty is left as it is."""

    email: str
    name: str
    zone: str
    external_id: str
    cohort: Cohort


Read = list[tuple[Row, Person | Mend | str]]  # a sentence is that of a line that says a second time what another says


def read_all(table: Table, columns: Columns, *, cohorts: QuerySet[Cohort], default: Cohort | None) -> Read:
    """Every line, in the order of the table."""
    named = _named(cohorts)
    read = [_read(row, columns, named, default) for row in table.rows]
    _compare_lines(read)
    return read


def cohorts_in(table: Table, columns: Columns, *, cohorts: QuerySet[Cohort], default: Cohort | None) -> set[int]:
    """The cohorts a table names."""
    named = _named(cohorts)
    said = (tables.cell(row, columns, "cohort") for row in table.rows)
    found = (_found(name, named, default) for name in {*said})
    return {cohort.pk for cohort in found if cohort}


def _named(cohorts: QuerySet[Cohort]) -> dict[str, Cohort]:
    """By name and by address, the name first."""
    rows = list(cohorts)
    return {row.slug: row for row in rows} | {_key(row.name): row for row in rows}


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _read(
    row: Row, columns: Columns, cohorts: dict[str, Cohort], default: Cohort | None
) -> tuple[Row, Person | Mend | str]:
    says = {name: tables.cell(row, columns, name) for name in tables.FIELDS}
    try:
        return row, Person(
            email=_address(says["email"]),
            name=_name(f"{says['name']} {says['family_name']}".strip()),
            zone=_zone(says["time_zone"]),
            external_id=_external_id(says["external_id"]),
            cohort=_cohort(says["cohort"], cohorts, default),
        )
    except Mend as complaint:
        return row, complaint


def _address(said: str) -> str:
    if not said:
        raise Mend("email", _("There is no address here. Add one, or take the line out."))
    email = said.removeprefix("mailto:").strip("<>").lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Mend("email", _("“%(said)s” is no address a mail could reach. Correct it.") % {"said": said}) from None
    if len(email) > Invitation._meta.get_field("email").max_length:
        raise Mend("email", _("This address is too long to be one. Correct it."))
    return email


def _name(said: str) -> str:
    if len(said) > LONGEST_NAME:
        raise Mend("name", _("A name has at most %(limit)s letters here. Shorten it.") % {"limit": LONGEST_NAME})
    return said


def _zone(said: str) -> str:
    """However it is written; empty stays empty."""
    zone = ZONES.get(said.replace(" ", "_").casefold(), "")
    if said and not zone:
        told = _("“%(said)s” is no time zone. Write one like Europe/Berlin, or leave it empty.")
        raise Mend("time_zone", told % {"said": said})
    return zone


def _external_id(said: str) -> str:
    if len(said) > EXTERNAL_ID_LENGTH:
        told = _("An external id has at most %(limit)s letters. Shorten it.")
        raise Mend("external_id", told % {"limit": EXTERNAL_ID_LENGTH})
    return said


def _cohort(said: str, cohorts: dict[str, Cohort], default: Cohort | None) -> Cohort:
    if not said and default is None:
        raise Mend("cohort", _("No cohort is named here. Name one, or choose one for all who name none."))
    cohort = _found(said, cohorts, default)
    if cohort is None:
        told = _("There is no cohort “%(said)s”. Write its name as it stands in the list of cohorts, or open it first.")
        raise Mend("cohort", told % {"said": said})
    if cohort.is_closed:
        raise Mend("cohort", str(CLOSED))
    return cohort


def _found(said: str, cohorts: dict[str, Cohort], default: Cohort | None) -> Cohort | None:
    return cohorts.get(_key(said)) or cohorts.get(slugify(said)) if said else default


def _compare_lines(read: Read) -> None:
    """The same person in two lines: known the second time, and to be mended where the two disagree."""
    by_email: dict[tuple[int, str], tuple[int, Person]] = {}
    by_id: dict[str, tuple[int, Person]] = {}
    for place, (row, person) in enumerate(read):
        if not isinstance(person, Person):
            continue
        line, same = by_email.setdefault((person.cohort.pk, person.email), (row.line, person))
        if line != row.line:
            read[place] = (row, _twice(line, same, person))
            continue
        if person.external_id:
            line, other = by_id.setdefault(person.external_id, (row.line, person))
            if other.email != person.email:
                told = _("Line %(line)s has the external id %(id)s too, for %(email)s. Give each their own.")
                about = {"line": line, "id": person.external_id, "email": other.email}
                read[place] = (row, Mend("external_id", told % about))


def _twice(line: int, first: Person, second: Person) -> Mend | str:
    if first == second:
        return _("The same as line %(line)s.") % {"line": line}
    differs = next(name for name in ("name", "zone", "external_id") if getattr(first, name) != getattr(second, name))
    told = _("Line %(line)s is for this address too and says something else. Keep one of the two.")
    return Mend({"zone": "time_zone"}.get(differs, differs), told % {"line": line})
