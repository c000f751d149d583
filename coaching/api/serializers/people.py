"""Shapes of people and of tables of people."""

from typing import Any

from rest_framework import serializers

from clients import newcomers, tables
from clients.api.base import BIGGEST, Flag, Instant, Query, Shape
from coaching import brought, people


class PeopleQuery(Query):
    """What of the list is asked for."""

    words = serializers.CharField(
        required=False, max_length=120, help_text="in a name or an address, or an external id"
    )
    cohort = serializers.SlugField(required=False, help_text="the last part of its address")
    role = serializers.ChoiceField(list(people.ROLES), required=False)
    state = serializers.ChoiceField(list(people.STATES), required=False)
    after = serializers.CharField(required=False, max_length=300)


class PersonInARole(Shape):
    """A person in one role."""

    name = serializers.CharField()
    email = serializers.EmailField()
    role = serializers.CharField()
    cohort = serializers.CharField(allow_null=True)
    state = serializers.CharField()
    seen_at = Instant(allow_null=True)
    zone = serializers.CharField(help_text="empty where nobody has said it")
    external_id = serializers.CharField()


class Columns(Shape):
    """Field → the name of its column; "column 1" and so on where the table names none."""

    email = serializers.CharField(required=False)
    name = serializers.CharField(required=False)
    family_name = serializers.CharField(required=False)
    time_zone = serializers.CharField(required=False)
    cohort = serializers.CharField(required=False)
    external_id = serializers.CharField(required=False)


class TableToBring(Shape):
    """A table as text, with commas, semicolons or tabs."""

    table = serializers.CharField(trim_whitespace=False, allow_blank=True, max_length=tables.MOST_LETTERS)
    columns = Columns(required=False, help_text="guessed where it is left out")
    cohort = serializers.IntegerField(
        required=False, min_value=1, max_value=BIGGEST, help_text="of whoever names none: the id of a cohort"
    )
    invite = Flag(default=False, help_text="true invites whoever is new; without it nothing is written")


class Verdict(Shape):
    """What becomes of a line."""

    line = serializers.IntegerField()
    kind = serializers.ChoiceField(list(newcomers.KINDS))
    column = serializers.CharField(source="about", help_text="the field to mend, empty where nothing is wrong")
    sentence = serializers.CharField()
    email = serializers.CharField()
    name = serializers.CharField()


class Counts(Shape):
    """How many lines of each kind."""

    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    known = serializers.IntegerField()
    error = serializers.IntegerField()


class Verdicts(Shape):
    """Every line's verdict, and how the table was read."""

    columns = Columns()
    counts = Counts()
    invited = serializers.BooleanField(help_text="whether anything was written")
    waits_as = serializers.IntegerField(allow_null=True, help_text="the id of a table that waits for a worker")
    rows = Verdict(many=True)


class BroughtTable(Shape):
    """A table that waits for a worker or was read by one: all of it was invited, or nobody yet.

    `counts` is empty until it was looked at; `left` are its lines to mend, for a day, below the header they had.
    """

    id = serializers.IntegerField(source="pk")
    cohort = serializers.IntegerField(source="cohort_id", allow_null=True)
    lines = serializers.IntegerField()
    brought_at = Instant()
    state = serializers.ChoiceField(["waiting", "running", "done", "failed"])
    percent = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    sentence = serializers.SerializerMethodField()
    left = serializers.SerializerMethodField()
    ended_at = Instant(allow_null=True)

    def get_sentence(self, table: Any) -> str:
        return brought.says(table)

    def get_left(self, table: Any) -> str:
        return "" if table.is_open else table.text
