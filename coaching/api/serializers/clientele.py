"""Shapes of a coach's clients, and of what came of one so far."""

from rest_framework import serializers

from clients.api.base import Instant, Shape

from .boards import Cell
from .names import CohortNamed
from .notes import NoteKept
from .risks import Risk


class Next(Shape):
    """What comes next: homework that is due, or a live session, which has a title."""

    at = Instant()
    week = serializers.IntegerField()
    session = serializers.CharField(allow_blank=True)


class Client(Shape):
    """One client of an open cohort."""

    enrolment = serializers.IntegerField()
    name = serializers.CharField()
    cohort = CohortNamed()
    week = serializers.IntegerField(allow_null=True, help_text="the one that is walked; null before the first")
    cell = Cell(allow_null=True, help_text="where that week stands, as on the board")
    is_through = serializers.BooleanField()
    on_hold_since = Instant(allow_null=True)
    next = Next(allow_null=True)
    risks = Risk(many=True, help_text="reasons that nobody has seen to, the longest first")


class SetOut(Shape):
    """In the client's own words; empty where they said nothing yet."""

    charter = serializers.CharField(allow_blank=True, help_text="what they want to keep")
    picture = serializers.CharField(allow_blank=True, help_text="what is to be true in eight weeks")
    target = serializers.CharField(allow_blank=True, help_text="the role they want next")
    role = serializers.CharField(allow_blank=True)
    meeting = serializers.CharField(allow_blank=True, help_text="where they want to be heard")


class NamedLevel(Shape):
    """The level of one criterion, with its name."""

    criterion = serializers.CharField()
    rank = serializers.IntegerField()
    name = serializers.CharField()


class PieceLevels(Shape):
    """A piece with the levels of the newest answer to it."""

    submission = serializers.IntegerField(source="number")
    title = serializers.CharField()
    levels = NamedLevel(many=True)


class WeekLevels(Shape):
    """What was answered of one week, and the mean of all its levels."""

    week = serializers.IntegerField(source="number")
    mean = serializers.FloatField()
    pieces = PieceLevels(many=True)


class Step(Shape):
    """What one answer says of a competency."""

    submission = serializers.IntegerField(source="answered.piece")
    week = serializers.IntegerField(source="answered.week")
    title = serializers.CharField(source="answered.title")
    attempt = serializers.IntegerField(source="answered.attempt")
    mean = serializers.FloatField()


class Growth(Shape):
    """One competency over all answers, the first one first."""

    competency = serializers.CharField()
    steps = Step(many=True)


class Told(Shape):
    """One feedback as its client reads it."""

    submission = serializers.IntegerField(source="piece")
    attempt = serializers.IntegerField()
    week = serializers.IntegerField()
    title = serializers.CharField()
    keep = serializers.CharField()
    try_next = serializers.CharField()
    coach = serializers.CharField()
    shown_from = Instant()
    used_at = Instant(allow_null=True, help_text="since when they say that it was of use")


class Dated(Shape):
    """Something agreed about one client's dates."""

    kind = serializers.CharField(help_text="hold, asked, granted, declined or excused")
    title = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    until = serializers.DateField(allow_null=True)
    since = Instant()
    ended_at = Instant(allow_null=True)


class SoFar(Shape):
    """What a client set out with, and what came of it; the last three of what was said and of the notes."""

    enrolment = serializers.IntegerField(source="enrolment.pk")
    name = serializers.CharField(source="enrolment.client.name")
    set_out = SetOut()
    weeks = WeekLevels(source="so_far.weeks", many=True)
    growth = Growth(source="so_far.grown.competencies", many=True)
    told = Told(source="so_far.said", many=True)
    risks = Risk(source="so_far.reasons", many=True, help_text="those that rest with until when")
    notes = NoteKept(source="so_far.notes", many=True)
    dates = Dated(source="so_far.dates", many=True)
