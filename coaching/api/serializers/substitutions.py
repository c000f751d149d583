"""Shapes of windows in which a colleague stands in, and of their handover."""

from rest_framework import serializers

from clients.api.base import BIGGEST, Instant, Shape

from .names import CohortNamed, Person
from .notes import NoteKept
from .risks import Risk


class WindowToSet(Shape):
    """Who is away, who reads meanwhile, over which days."""

    away = serializers.IntegerField(
        required=False, min_value=1, max_value=BIGGEST, help_text="a coach of the cohort; oneself unless an admin says"
    )
    substitute = serializers.IntegerField(min_value=1, max_value=BIGGEST, help_text="one of those offered")
    first_day = serializers.DateField(help_text="whole days, by the clock of whoever is away")
    last_day = serializers.DateField()


class Colleague(Person):
    """Somebody who could stand in."""


class Window(Shape):
    """A colleague reads what is open in a cohort while its coach is away."""

    id = serializers.IntegerField(source="pk")
    cohort = CohortNamed()
    away = Person()
    substitute = Person()
    starts_at = Instant()
    ends_at = Instant()
    called_off_at = Instant(allow_null=True)


class OpenPiece(Shape):
    """Something that waits for an answer."""

    submission = serializers.IntegerField()
    title = serializers.CharField()
    week = serializers.IntegerField()
    attempt = serializers.IntegerField()
    promised_at = Instant(source="promise.due_at")
    clock_stands = serializers.BooleanField(source="promise.stands")
    with_whom = serializers.CharField(help_text="who has it in hand; empty when nobody has", allow_blank=True)


class Awaited(Shape):
    """Another attempt that is not in."""

    title = serializers.CharField()
    week = serializers.IntegerField()
    try_next = serializers.CharField()
    asks = serializers.ListField(child=serializers.CharField(), help_text="what is asked of it, by number from 1")


class TimeAsked(Shape):
    """More time that was asked for and not answered."""

    id = serializers.IntegerField(source="pk")
    title = serializers.CharField(source="exercise.title")
    until = serializers.DateField()


class HandedOver(Shape):
    """One client, as whoever stands in meets them."""

    enrolment = serializers.IntegerField()
    name = serializers.CharField()
    zone = serializers.CharField()
    focus = serializers.CharField(allow_blank=True)
    held_since = Instant(allow_null=True)
    held_because = serializers.CharField(allow_blank=True)
    pieces = OpenPiece(many=True)
    asked = Awaited(many=True)
    waits_since = Instant(allow_null=True, help_text="since when they wait for an answer to what they wrote")
    more_time = TimeAsked(many=True)
    risks = Risk(many=True)
    notes = NoteKept(many=True, help_text="of the coaches and of the programme; never a private one")


class Handover(Shape):
    """A window, and what is open in its cohort. No private note is in it."""

    window = Window()
    clients = HandedOver(many=True)
