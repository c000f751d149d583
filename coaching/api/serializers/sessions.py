"""Shapes of live sessions and of the rule they follow."""

from datetime import datetime

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clients.api.base import BIGGEST, ClockTime, Instant, Shape

from .me import Wall


@extend_schema_field({"type": "string", "example": "2026-11-26T17:00:00"})
class WallClock(serializers.CharField):
    """A day and a time by some clock, ISO 8601 without an offset."""

    default_error_messages = {"no_wall": "Send a day and a time without an offset, such as 2026-11-26T17:00."}

    def to_internal_value(self, data):
        text = super().to_internal_value(data)
        try:
            wall = datetime.fromisoformat(text)
        except ValueError:
            self.fail("no_wall")
        if wall.tzinfo is not None or wall.microsecond:
            self.fail("no_wall")
        return wall


class Rule(Shape):
    """When the live sessions of a cohort are, by its own clock."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 is Monday")
    time = ClockTime()
    minutes = serializers.IntegerField(min_value=0, max_value=BIGGEST, help_text="15 to 240")
    link = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")


class Session(Shape):
    """One live session. `declined` is your own answer; `absent` is told to whoever leads it."""

    id = serializers.IntegerField(source="row.pk")
    cohort = serializers.IntegerField(source="row.cohort_id")
    week = serializers.IntegerField(source="row.week")
    title = serializers.CharField(source="row.title")
    starts_at = Instant()
    ends_at = Instant()
    wall = Wall(help_text="`starts_at` as your clock shows it")
    cohort_wall = Wall(help_text="`starts_at` as the cohort's clock shows it")
    minutes = serializers.IntegerField(source="row.minutes")
    link = serializers.CharField(source="row.link", allow_blank=True)
    state = serializers.ChoiceField(["planned", "held", "cancelled"], source="row.state")
    reason = serializers.CharField(source="row.reason", allow_blank=True, help_text="why it was cancelled")
    version = serializers.IntegerField(source="row.version", help_text="rises with every change")
    declined = serializers.BooleanField()
    absent = serializers.ListField(child=serializers.CharField(), help_text="who cannot come, by name")
    clashes = serializers.ListField(
        child=serializers.CharField(), help_text="booked calls at that time, in words, for whoever leads it"
    )


class RollLine(Shape):
    """One client in the roll of a session. `presence` is empty while nobody has marked them."""

    enrolment = serializers.IntegerField()
    name = serializers.CharField()
    presence = serializers.ChoiceField(["here", "late", "absent", "excused", ""])
    declined = serializers.BooleanField(help_text="they said that they cannot come")
    is_on_hold = serializers.BooleanField()


class AttendanceMark(Shape):
    """How to mark one client: here, late, absent or excused; empty takes their mark away."""

    enrolment = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    presence = serializers.CharField(allow_blank=True, max_length=20)


class AttendanceMarks(Shape):
    """All of them or none."""

    marks = AttendanceMark(many=True, allow_empty=False)

    def validate_marks(self, sent):
        """By enrolment; of two for the same client the last one counts."""
        return {mark["enrolment"]: mark["presence"] for mark in sent}


class PlanPart(Shape):
    """One part of the plan of a session, and when it is by that plan."""

    number = serializers.IntegerField(help_text="0 is the first")
    what = serializers.CharField()
    minutes = serializers.IntegerField()
    begins_at = Instant()
    ends_at = Instant()


class Pace(Shape):
    """A session beside the clock: `now` is the part it is at, `left` its minutes (negative: over)."""

    parts = PlanPart(many=True)
    now = PlanPart(allow_null=True)
    left = serializers.IntegerField()
    behind = serializers.IntegerField(help_text="minutes behind the plan, negative when ahead")
    is_said = serializers.BooleanField(help_text="somebody said which part began; else it goes by the plan")
    is_running = serializers.BooleanField()


class PartToBegin(Shape):
    """Which part begins, by its number."""

    part = serializers.IntegerField(min_value=0, max_value=BIGGEST)


class SessionToMove(Shape):
    """The new time by the cohort's clock. What is left out stays; `version` is the state you looked at."""

    wall = WallClock()
    minutes = serializers.IntegerField(required=False, min_value=0, max_value=BIGGEST, help_text="15 to 240")
    link = serializers.CharField(required=False, allow_blank=True, max_length=300)
    version = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=BIGGEST)


class Why(Shape):
    """Why it is cancelled; everybody in the cohort reads it."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
