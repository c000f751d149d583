"""Shapes of the cohort board."""

from rest_framework import serializers

from clients.api.base import Instant, Query, Shape
from coaching.board import Show

from .names import CohortNamed


class BoardQuery(Query):
    """Which window of a cohort too large to be shown whole, and what its cells are about."""

    show = serializers.ChoiceField([str(one) for one in Show], required=False, default=str(Show.MAIN))
    page = serializers.IntegerField(required=False, min_value=1, max_value=1000, default=1)


class Column(Shape):
    """One week."""

    number = serializers.IntegerField()
    title = serializers.CharField()
    is_open = serializers.BooleanField()
    is_now = serializers.BooleanField()
    handed_in = serializers.IntegerField(help_text="how many have handed in what the week asks for")


class Cell(Shape):
    """One client's main piece of one week."""

    state = serializers.CharField(
        help_text="locked, open, draft, late, excused, handed_in, in_review, returned, accepted, done"
    )
    submission = serializers.IntegerField(allow_null=True)
    mean = serializers.FloatField(allow_null=True, help_text="the mean level; null for an admin")
    minutes = serializers.IntegerField(allow_null=True, help_text="left on the promise of a piece that waits")
    late_days = serializers.IntegerField()
    parts = serializers.ListField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="handed in, all: of a week of several pieces; logged, asked for: of a log",
    )
    reader = serializers.CharField(help_text="who has it in hand; empty for an admin", allow_blank=True)
    translation = serializers.BooleanField(allow_null=True, help_text="whether the week's translation is in")
    more_until = serializers.DateField(
        allow_null=True, help_text="the client's day to which an open piece has more time"
    )


class Attended(Shape):
    """What a client came to, of the live sessions that took place since they joined."""

    came = serializers.IntegerField(help_text="here or late")
    held = serializers.IntegerField(help_text="came to or missed; what was declined is missed")
    excused = serializers.IntegerField()
    unmarked = serializers.IntegerField(help_text="nobody marked them; counted nowhere else")


class Row(Shape):
    """One client, a cell for every column."""

    enrolment = serializers.IntegerField()
    name = serializers.CharField()
    seen_at = Instant(allow_null=True)
    on_hold_since = Instant(allow_null=True)
    cells = Cell(many=True)
    sessions = Attended()


class Facts(Shape):
    """What the rows come to."""

    clients = serializers.IntegerField()
    to_review = serializers.IntegerField()
    longest_wait = serializers.SerializerMethodField(help_text="in minutes")
    first = serializers.IntegerField(allow_null=True, help_text="the submission to take first")
    first_promised_at = Instant(allow_null=True)
    late = serializers.IntegerField()
    late_clients = serializers.IntegerField()

    def get_longest_wait(self, facts) -> int | None:
        return facts.longest_wait and int(facts.longest_wait.total_seconds() // 60)


class Board(Shape):
    """Clients by weeks at this instant. For an admin it holds states and times only."""

    cohort = CohortNamed()
    at = Instant()
    week = serializers.IntegerField(source="board.week", allow_null=True, help_text="the last week that is open")
    levels = serializers.BooleanField(source="board.levels")
    show = serializers.ChoiceField([str(one) for one in Show], source="board.show")
    columns = Column(source="board.columns", many=True)
    rows = Row(source="board.rows", many=True)
    facts = Facts(source="board.facts")
    next = serializers.URLField(allow_null=True, help_text="the address of the next window, null on the last")
