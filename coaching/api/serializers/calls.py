"""Shapes of midpoint calls."""

from rest_framework import serializers

from clients.api.base import BIGGEST, Instant, Shape

from .me import Wall
from .sessions import WallClock


class CallTime(Shape):
    """A time for a call."""

    slot = serializers.IntegerField()
    coach = serializers.CharField()
    starts_at = Instant()
    ends_at = Instant()
    minutes = serializers.IntegerField()
    wall = Wall(help_text="`starts_at` as your clock shows it")
    coach_wall = Wall(help_text="`starts_at` as the coach's clock shows it")


class CallBooked(Shape):
    """A call. `version` rises with every change, as the SEQUENCE of its event in both calendars does."""

    id = serializers.IntegerField(source="row.pk")
    enrolment = serializers.IntegerField(source="row.enrolment_id")
    client = serializers.CharField()
    state = serializers.ChoiceField(["booked", "cancelled"], source="row.state")
    reason = serializers.CharField(source="row.reason", help_text="why it was last moved or cancelled")
    version = serializers.IntegerField(source="row.version")
    time = CallTime()


class CallsOfCoach(Shape):
    """A coach's calls in a cohort, and the times nobody has booked yet."""

    calls = CallBooked(many=True)
    offered = CallTime(many=True)


class CallOfClient(Shape):
    """A client's call, and the times to choose from."""

    call = CallBooked(allow_null=True)
    offered = CallTime(many=True)


class TimesToOffer(Shape):
    """Two to ten times by your own clock, and how many minutes each takes."""

    walls = serializers.ListField(child=WallClock(), max_length=100)
    minutes = serializers.IntegerField(min_value=0, max_value=BIGGEST, help_text="10 to 60")


class TimeToBook(Shape):
    """Which of the offered times."""

    slot = serializers.IntegerField(min_value=1, max_value=BIGGEST)


class TimeToMoveTo(TimeToBook):
    """Which of the offered times, and why; the other one reads it."""

    reason = serializers.CharField(allow_blank=True, max_length=400, required=False, default="")


class WhyNot(Shape):
    """Why it does not take place; the other one reads it."""

    reason = serializers.CharField(allow_blank=True, max_length=400, required=False, default="")
