"""What the dates of one client hang on, in one statement: seven lists, most of them empty for most clients."""

from collections import defaultdict
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, Model, QuerySet, Value
from django.db.models.functions import JSONObject

from curriculum.prepared import Question

from .models import BreakWeek, CohortPause, CohortShift, Enrolment, Excusal, Extension, Hold, ZoneChange

# As `deadlines.OF_AN_ENROLMENT` names them: the rows of each list, and whose they are.
LISTS: dict[str, tuple[type[Model], str]] = {
    "pauses": (CohortPause, "cohort"),
    "breaks": (BreakWeek, "cohort"),
    "shifts": (CohortShift, "cohort"),
    "zone_changes": (ZoneChange, "person"),
    "holds": (Hold, "enrolment"),
    "extensions": (Extension, "enrolment"),
    "excusals": (Excusal, "enrolment"),
}


def read(enrolment: Enrolment) -> None:
    """Known from then on as if each list had been prefetched."""
    holders: dict[str, Any] = {"cohort": enrolment.cohort, "person": enrolment.client, "enrolment": enrolment}
    found: dict[str, list[Model]] = defaultdict(list)
    for name, told in _rows.all(**{f"of_{whose}": holder.pk for whose, holder in holders.items()}):
        found[name].append(_row(LISTS[name][0], told))
    for name, (model, whose) in LISTS.items():
        in_order = sorted(found[name], key=attrgetter(*_order(model)))
        _keep(holders[whose], whose, name, in_order)


def _order(model: type[Model]) -> list[str]:
    """Within one list, of which each is somebody's own."""
    return [str(name) for name in model._meta.ordering if name not in ("cohort", "person", "enrolment")]


def _row(model: type[Model], told: dict[str, Any]) -> Model:
    fields = model._meta.concrete_fields
    values = [field.to_python(told[field.attname]) for field in fields]
    return model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in fields], values)


def _keep(holder: Model, whose: str, name: str, rows: list[Model]) -> None:
    for row in rows:
        setattr(row, whose, holder)
    listed = getattr(holder, name).all()
    listed._result_cache, listed._prefetch_done = rows, True
    vars(holder).setdefault("_prefetched_objects_cache", {})[name] = listed


@Question
def _rows(*, of_cohort: int, of_person: int, of_enrolment: int) -> QuerySet:
    keys = {"cohort": of_cohort, "person": of_person, "enrolment": of_enrolment}
    each = [_told(name, model, {whose: keys[whose]}) for name, (model, whose) in LISTS.items()]
    return each[0].union(*each[1:], all=True)


def _told(name: str, model: type[Model], whose: dict[str, int]) -> QuerySet:
    columns = JSONObject(**{field.attname: field.attname for field in model._meta.concrete_fields})
    rows = model._default_manager.filter(**whose).order_by()
    rows = rows.annotate(listed_as=Value(name, output_field=CharField()), told=columns)
    return rows.values_list("listed_as", "told")
