"""Shapes of a record that an admin opens for a reason."""

from rest_framework import serializers

from clients.api.base import Instant, Shape
from coaching.models import Inspection as Row

from .names import CohortNamed, Person


class ToInspect(Shape):
    """Which part of a record, and why. The client is told at once."""

    about = serializers.ChoiceField(Row.About.values)
    reason = serializers.CharField(max_length=300, allow_blank=True)


class ThingRead(Shape):
    """One thing that was opened."""

    title = serializers.CharField()
    at = Instant()


class Inspection(Shape):
    """One hour in which an admin could read one part of a client's record, with what was read."""

    id = serializers.IntegerField(source="pk")
    admin = Person()
    client = Person(source="enrolment.client")
    cohort = CohortNamed(source="enrolment.cohort")
    about = serializers.CharField()
    reason = serializers.CharField()
    began_at = Instant()
    ends_at = Instant()
    ended_at = Instant(allow_null=True)
    reads = ThingRead(many=True, source="reads.all")


class ReadableItem(Shape):
    """Something that can be read, by its number."""

    number = serializers.IntegerField()
    title = serializers.CharField()


class HeardSound(Shape):
    """Something that can be heard at `recordings/{key}/sound/` as long as the hour lasts."""

    key = serializers.UUIDField()
    seconds = serializers.FloatField()


class ReadPart(Shape):
    """Some words of it."""

    heading = serializers.CharField()
    text = serializers.CharField()
    at = Instant()
    sounds = HeardSound(many=True)


class ReadForReason(Shape):
    """What was opened. That it was is written down."""

    title = serializers.CharField()
    parts = ReadPart(many=True)
