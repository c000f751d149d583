"""The evidence ledger and the 1:1 planner, asked at both doors."""

from datetime import timedelta

from django.urls import reverse

from clients.models import LedgerLine
from tests import keeping
from tests.cast import Cast
from tests.doors.cases import ALLOWED, UNASKED, Ask, case, close, leave
from tests.keeping import LINE, WEEK_2

YEARS_LATER = WEEK_2 + timedelta(days=400)


def _form(line: dict) -> dict:
    return line | {name: "\n".join(line[name]) for name in ("who_saw", "credit")}


def add(cast: Cast, who: str = "mina", at=WEEK_2, **changes) -> Ask:
    line = LINE | changes
    sent = line | {"enrolment": cast.enrolment(cast.mina).pk, "client_key": "one"}
    return Ask(who, reverse("ledger-new"), _form(line) | {"client_key": "one"}, "post", "ledger/", sent, at)


def _kept(cast: Cast) -> int:
    row = LedgerLine.objects.filter(enrolment__client=cast.mina).first() or keeping.line(cast.mina)
    return row.pk


def change(cast: Cast, who: str = "mina", at=WEEK_2, pk: int = 0, **changes) -> Ask:
    line, pk = LINE | changes, pk or _kept(cast)
    return Ask(who, reverse("ledger-line", args=[pk]), _form(line), "put", f"ledger/{pk}/", line, at)


def remove(cast: Cast, who: str = "mina", at=WEEK_2, pk: int = 0) -> Ask:
    pk = pk or _kept(cast)
    return Ask(who, reverse("ledger-remove", args=[pk]), {}, "delete", f"ledger/{pk}/", {}, at)


DOORS = {"evidencing.add_line": add, "evidencing.change_line": change, "evidencing.remove_line": remove}
GONE = "only where two windows act at one moment; a line that is gone is not there at either door"
UNASKED |= {
    ("evidencing.add_line", "homework.not_yours"): "somebody else's enrolment is not there: theirs is meant"
} | {(operation, "ledger.gone"): GONE for operation in ("evidencing.change_line", "evidencing.remove_line")}

for operation, doors in DOORS.items():

    @case(operation, "record.left")
    def _left(cast, doors=doors):
        ask = doors(cast)
        leave(cast)
        return ask

    @case(operation, "cohort.closed")
    def _closed(cast, doors=doors):
        ask = doors(cast)
        close(cast.spring)
        return ask

    @case(operation, "record.over")
    def _over(cast, doors=doors):
        ask = doors(cast, at=YEARS_LATER)
        keeping.finished(cast.mina, at=WEEK_2)
        return ask

    @case(operation, "ledger.locked")
    def _locked(cast, doors=doors):
        return doors(cast, at=WEEK_2 - timedelta(days=7))


for operation, doors in {"evidencing.change_line": change, "evidencing.remove_line": remove}.items():

    @case(operation, "homework.not_yours", 404)
    def _not_yours(cast, doors=doors):
        return doors(cast, who="noor")


for operation, doors in {"evidencing.add_line": add, "evidencing.change_line": change}.items():

    @case(operation, "ledger.incomplete", 422)
    def _incomplete(cast, doors=doors):
        return doors(cast, what="It is done", factor="")


ALLOWED |= DOORS
