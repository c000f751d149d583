"""Everybody in one list, and a table of people: what becomes of every line, and then inviting them. For admins."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from clients import inviting, newcomers, tables
from clients.api.base import View, address_of_next, body, documented, page_of, query
from coaching import bringing, brought, caseload, people, roster
from coaching.models import BroughtTable
from coaching.people import Chosen, Place

from .serializers import people as shapes

PeoplePage = page_of(shapes.PersonInARole)


class People(View):
    """Clients, coaches and admins, and who was asked and has not come, by name."""

    @documented("people_list", "Everybody, a role a row", filters=shapes.PeopleQuery, returns=PeoplePage)
    def get(self, request):
        if not caseload.is_admin(request.user):
            raise Http404
        wanted = query(shapes.PeopleQuery, request)
        after = _place(wanted.pop("after", ""))
        found = people.page(request.user, Chosen(**wanted), after=after, at=self.at)
        return Response(PeoplePage({"next": address_of_next(request, found.next), "results": found.rows}).data)


class Import(View):
    """The text of a table. Without `invite` nothing is written.

    With it, a long table waits for a worker, and the answer is what is to be expected: `waits_as` says how to ask on.
    """

    @documented(
        "people_import",
        "Bring a table of people",
        takes=shapes.TableToBring,
        returns=shapes.Verdicts,
        refuses=[409, 422],
    )
    def post(self, request):
        cohorts = roster.cohorts_set_up_by(request.user)
        if not caseload.is_admin(request.user):
            raise Http404
        sent = body(shapes.TableToBring, request)
        default = get_object_or_404(cohorts, pk=sent["cohort"]) if sent.get("cohort") else None
        table = tables.read(sent["table"])
        columns = _columns(table, sent.get("columns"))
        done: newcomers.Verdicts | BroughtTable | None = None
        if sent["invite"]:
            done = bringing.bring(table, columns, default=default, by=request.user, at=self.at)
        elif refusal := inviting.listed_refusal(table, columns):
            raise refusal
        waits = done if isinstance(done, BroughtTable) else None
        verdicts = done if isinstance(done, newcomers.Verdicts) else None
        verdicts = verdicts or newcomers.look(table, columns, cohorts=cohorts, default=default, at=self.at)
        return Response(_told(table, columns, verdicts, is_written=sent["invite"] and not waits, waits=waits))


class OneTable(View):
    """A table that waits for a worker, or was read by one."""

    @documented("people_table", "How far a table of people is", returns=shapes.BroughtTable)
    def get(self, request, pk):
        found = get_object_or_404(brought.visible_to(request.user), pk=pk)
        return Response(shapes.BroughtTable(found).data)


def _place(said: str) -> Place | None:
    found = Place.of(said) if said else None
    if said and found is None:
        raise ValidationError({"after": [_("Use the address in `next` as it is.")]})
    return found


def _columns(table: tables.Table, named: dict[str, str] | None) -> tables.Columns:
    """Columns by their names; guessed where none is named. A name that is not there stands for no column."""
    if named is None:
        return tables.guessed(table)
    places = {name: place for place, name in enumerate(table.columns)}
    return {field: places.get(name, -1) for field, name in named.items()}


def _told(
    table: tables.Table,
    columns: tables.Columns,
    verdicts: newcomers.Verdicts,
    *,
    is_written: bool,
    waits: BroughtTable | None,
) -> dict:
    told = {field: table.columns[place] for field, place in columns.items()}
    shown = {"columns": told, "counts": verdicts.counts, "invited": is_written, "rows": verdicts.rows}
    shown["waits_as"] = waits.pk if waits else None
    return shapes.Verdicts(shown).data
