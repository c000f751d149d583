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
    link = serializers.CharField(help_text="where the two meet; may be empty")


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
    link = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


class TimeToBook(Shape):
    """Which of the offered times."""

    slot = serializers.IntegerField(min_value=1, max_value=BIGGEST)


class TimeToMoveTo(TimeToBook):
    """Which of the offered times, and why; the other one reads it."""

    reason = serializers.CharField(allow_blank=True, max_length=400, required=False, default="")


class CurveOfCompetency(Shape):
    """One competency from both sides, then and now; null is what is not there, or does not show to you yet."""

    competency = serializers.CharField()
    name = serializers.CharField()
    own_then = serializers.FloatField(allow_null=True)
    own_now = serializers.FloatField(allow_null=True)
    coach_then = serializers.IntegerField(allow_null=True)
    coach_now = serializers.IntegerField(allow_null=True)


class MeanOfWeek(Shape):
    """The mean level of what was answered of one week's pieces."""

    week = serializers.IntegerField()
    mean = serializers.FloatField()
    pieces = serializers.IntegerField()


class AskOpen(Shape):
    """Another attempt that is not in, and what was asked of it."""

    title = serializers.CharField()
    key = serializers.CharField()
    week = serializers.IntegerField()
    try_next = serializers.CharField()
    asks = serializers.ListField(child=serializers.CharField())


class Agenda(Shape):
    """The curve since week 0, the rubric means over the weeks, what is asked and not in, and the focus."""

    enrolment = serializers.IntegerField(source="enrolment.pk")
    curve = CurveOfCompetency(many=True)
    is_under_way = serializers.BooleanField(help_text="an assessment of yours is not finished: the curve waits for it")
    weeks = MeanOfWeek(many=True)
    asked = AskOpen(many=True)
    focus = serializers.CharField(help_text="one sentence; empty until there is one")
    focus_competency = serializers.CharField()
    focus_at = Instant(allow_null=True)


class FocusOfCall(Shape):
    """One sentence, and which competency it is about."""

    sentence = serializers.CharField(allow_blank=True, max_length=400)
    competency = serializers.CharField(allow_blank=True, max_length=50)


class WhyNot(Shape):
    """Why it does not take place; the other one reads it."""

    reason = serializers.CharField(allow_blank=True, max_length=400, required=False, default="")
