"""A client's own evidence ledger. Somebody else's is not there: 404, whatever role asks."""

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response

from clients import deadlines, evidence, evidencing
from clients.models import Enrolment, LedgerLine, Visibility

from .base import BIGGEST, Instant, Query, Shape, View, address_of_next, body, documented, page_of, query

PAGE = 100
FREE: dict[str, Any] = {"required": False, "allow_blank": True}


class Names(serializers.ListField):
    """A list of names."""

    child = serializers.CharField(max_length=1000, allow_blank=True)

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=200, **kwargs)


# --- In -------------------------------------------------------------------------------------------


class LineToKeep(Shape):
    """One line. What is left out is asked for where it is needed, in the same words as on the page."""

    date = serializers.CharField(max_length=40, help_text="such as 2026-11-30; not in the future", **FREE)
    what = serializers.CharField(max_length=20_000, help_text="what happened, as an outcome: 5 to 50 words", **FREE)
    for_whom = serializers.CharField(max_length=1000, **FREE)
    my_part = serializers.CharField(max_length=20_000, help_text="one clause: 3 to 30 words", **FREE)
    factor = serializers.CharField(max_length=40, help_text="stakeholder, influence, presence or upward", **FREE)
    who_saw = Names(help_text="roles or names, at most five; empty is nobody yet")
    credit = Names(help_text="names of others, at most five")
    trace = serializers.CharField(max_length=20_000, help_text="a link or a place; kept as text, never fetched", **FREE)
    quote = serializers.CharField(max_length=20_000, **FREE)
    visibility = serializers.CharField(max_length=40, help_text="pair, or private: nobody but you", **FREE)


class NewLine(LineToKeep):
    """One line for one ledger."""

    enrolment = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    client_key = serializers.CharField(
        max_length=64, help_text="made where the line is written: the same key again is the same line, not a second one"
    )


class LedgerQuery(Query):
    """Which lines; all of one's own unless named."""

    enrolment = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST)
    factor = serializers.ChoiceField(LedgerLine.Factor.choices, required=False)
    unseen = serializers.BooleanField(required=False, help_text="true: only what nobody saw yet")
    after = serializers.IntegerField(required=False, min_value=0, max_value=2**62)


# --- Out ------------------------------------------------------------------------------------------


class Line(Shape):
    """One line. `strength` follows from the rest: an outcome, somebody who saw it, a trace."""

    id = serializers.IntegerField(source="pk")
    enrolment = serializers.IntegerField(source="enrolment_id")
    date = serializers.DateField()
    what = serializers.CharField()
    for_whom = serializers.CharField()
    my_part = serializers.CharField()
    factor = serializers.CharField()
    who_saw = serializers.ListField(child=serializers.CharField())
    credit = serializers.ListField(child=serializers.CharField())
    trace = serializers.CharField()
    quote = serializers.CharField()
    strength = serializers.IntegerField()
    visibility = serializers.CharField()
    readers = serializers.SerializerMethodField(help_text="who can read it, in words")
    written_at = Instant()
    changed_at = Instant()

    def get_readers(self, row) -> str:
        return str(Visibility(row.visibility).label)


LinePage = page_of(Line)


def own_enrolment(request, pk: int) -> Enrolment:
    """An enrolment of the person who asks, or 404."""
    return get_object_or_404(deadlines.with_calendar(Enrolment.objects.filter(client=request.user)), pk=pk)


class LedgerLines(View):
    """The ledger."""

    @documented("ledger_list", "The lines of your ledger", filters=LedgerQuery, returns=LinePage)
    def get(self, request):
        wanted = query(LedgerQuery, request)
        rows = evidence.own(request.user.pk).filter(pk__gt=wanted.pop("after", 0)).order_by("pk")
        if "enrolment" in wanted:
            rows = rows.filter(enrolment=own_enrolment(request, wanted.pop("enrolment")))
        if wanted.pop("unseen", False):
            rows = rows.filter(who_saw=[])
        found = list(rows.filter(**wanted)[:PAGE])
        last = found[-1].pk if len(found) == PAGE else None
        return Response(LinePage({"next": address_of_next(request, last), "results": found}).data)

    @documented(
        "ledger_add",
        "Add a line, once however often it is sent",
        takes=NewLine,
        returns=Line,
        status=201,
        also=[200],
        refuses=[409, 422],
    )
    def post(self, request):
        sent = body(NewLine, request)
        enrolment, key = own_enrolment(request, sent.pop("enrolment")), sent.pop("client_key")
        row = evidencing.add_line(enrolment, line=sent, client_key=key, by=request.user, at=self.at)
        return Response(Line(row).data, status=201 if row.written_at == self.at else 200)


class OneLine(View):
    """One line of the ledger."""

    @documented("ledger_line", "One line of your ledger", returns=Line)
    def get(self, request, pk):
        return Response(Line(self.own(request, pk)).data)

    @documented("ledger_change", "Put a line right", takes=LineToKeep, returns=Line, refuses=[409, 422])
    def put(self, request, pk):
        sent = body(LineToKeep, request)
        return Response(
            Line(evidencing.change_line(self.own(request, pk), line=sent, by=request.user, at=self.at)).data
        )

    @documented("ledger_remove", "Remove a line; what was handed in keeps its copy", status=204, refuses=[409])
    def delete(self, request, pk):
        evidencing.remove_line(self.own(request, pk), by=request.user, at=self.at)
        return Response(status=204)

    def own(self, request, pk: int) -> LedgerLine:
        return get_object_or_404(evidence.own(request.user.pk), pk=pk)
