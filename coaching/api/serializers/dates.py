"""Shapes of dates that give way: weeks off, shifts, holds, more time, what is excused, and what a change would do."""

from rest_framework import serializers

from clients.api.base import Instant, Shape

from .names import Person

KEY = 40


class BreakToSet(Shape):
    """A week off."""

    first_day = serializers.DateField(help_text="its Monday")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class Break(BreakToSet):
    """A week off that stands."""

    id = serializers.IntegerField(source="pk")
    set_at = Instant()


class ShiftToMake(Shape):
    """By how many days everything still to come moves; earlier where it is negative."""

    days = serializers.IntegerField(min_value=-999, max_value=999)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class ClientDates(Shape):
    """A client's own dates as they stand. Why is told to their coaches, and to nobody else."""

    enrolment = serializers.IntegerField(source="pk")
    client = Person()
    on_hold_since = Instant(allow_null=True)
    on_hold_because = serializers.CharField(help_text="empty for whoever does not coach them")
    excused = serializers.ListField(child=serializers.CharField(), help_text="keys of exercises")
    excused_because = serializers.DictField(
        child=serializers.CharField(), help_text="key → why; empty for whoever does not coach them"
    )


class ToExcuse(Shape):
    """An exercise not to be asked for, and why."""

    exercise = serializers.CharField(max_length=KEY, help_text="its key")
    reason = serializers.CharField(
        allow_blank=True, max_length=200, help_text="for the client and their coaches, never for admins"
    )


class TimeToAsk(Shape):
    """More time for a piece."""

    until = serializers.DateField(help_text="by the client's clock, to the end of that day")
    note = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class Extension(Shape):
    """More time, asked for, granted or declined."""

    id = serializers.IntegerField(source="pk")
    client = Person(source="enrolment.client")
    exercise = serializers.CharField(source="exercise.key")
    week = serializers.IntegerField(source="exercise.week.number")
    until = serializers.DateField()
    days = serializers.IntegerField()
    note = serializers.CharField()
    state = serializers.ChoiceField(["asked", "granted", "declined"])
    by_itself = serializers.SerializerMethodField(help_text="whether it held at once")
    asked_at = Instant()
    decided_at = Instant(allow_null=True)

    def get_by_itself(self, extension) -> bool:
        return extension.by_itself is not None


class ZoneToLiveBy(Shape):
    """Where you live from now on."""

    zone = serializers.CharField(max_length=64)


class Answer(Shape):
    """Yes or no."""

    grant = serializers.BooleanField()


class Moved(Shape):
    """A week that opens or is due at another time."""

    week = serializers.IntegerField()
    was = Instant(allow_null=True, help_text="null where nothing of it was asked for")
    now = Instant(allow_null=True, help_text="null where nothing of it is asked for any more")
    zone = serializers.CharField()


class Single(Shape):
    """An exercise with a due time of its own, a live session, a call, or a planned message."""

    title = serializers.CharField()
    week = serializers.IntegerField(allow_null=True)
    was = Instant(allow_null=True, help_text="null where it was not asked for, or comes anew")
    now = Instant(allow_null=True, help_text="null where it is asked for no more, or falls away")
    zone = serializers.CharField()


class PersonMoved(Shape):
    """What a change would do to one client."""

    name = serializers.CharField()
    zone = serializers.CharField()
    dues = Moved(many=True)
    pieces = Single(many=True, help_text="exercises with a due time of their own")
    calls = Single(many=True, help_text="their midpoint call, for whoever may see it")
    messages = Single(many=True, source="told", help_text="one by one, where the change is about one client")
    moved = serializers.IntegerField(help_text="planned messages that move")
    cancelled = serializers.IntegerField(help_text="planned messages that fall away")
    added = serializers.IntegerField(help_text="messages that come, or come again")
    waiting = serializers.IntegerField(help_text="messages that do not leave while everything stands still")


class SharedMoved(Shape):
    """What a change would do to planned messages for a whole cohort, its coaches or admins, each counted once."""

    moved = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    added = serializers.IntegerField()
    waiting = serializers.IntegerField()


class Letter(Shape):
    """Who hears of the change itself."""

    to = serializers.CharField()
    title = serializers.CharField()


class Effect(Shape):
    """What a change would do. Nothing of it has happened."""

    opens = Moved(many=True)
    sessions = Single(many=True)
    people = PersonMoved(many=True)
    shared = SharedMoved()
    letters = Letter(many=True, help_text="messages the change itself writes, by whom they are to")
    moved = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    added = serializers.IntegerField()
    waiting = serializers.IntegerField()
