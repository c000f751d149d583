"""Shapes of a change of cohort: what is asked for, what it would do, what it did."""

from rest_framework import serializers

from clients.api.base import Instant, Shape

from .dates import Letter, Moved, Single
from .names import CohortNamed, Person


class WhereTo(Shape):
    """The cohort a client goes on in, and why."""

    cohort = serializers.IntegerField(help_text="its number")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class Transfer(Shape):
    """A client who goes on in another cohort."""

    client = Person(source="left.client")
    left = serializers.IntegerField(source="left_id", help_text="the enrolment they left")
    left_cohort = CohortNamed(source="left.cohort")
    enrolment = serializers.IntegerField(source="entered_id", help_text="the one they go on in")
    cohort = CohortNamed(source="entered.cohort")
    at = Instant()
    undone_at = Instant(allow_null=True)


class PieceOfTransfer(Shape):
    """An exercise, and the state of its piece; empty where there is none."""

    title = serializers.CharField()
    week = serializers.IntegerField()
    state = serializers.CharField()


class Transferral(Shape):
    """What a change of cohort would do. Nothing of it has happened."""

    coaches = serializers.ListField(child=serializers.CharField(), help_text="who will read what comes along")
    along = PieceOfTransfer(many=True, help_text="comes along")
    records = serializers.IntegerField(help_text="meetings, ledger lines and 1:1s, all of which come along")
    ratings = serializers.BooleanField(help_text="whether how they rated themselves comes along")
    stays = PieceOfTransfer(many=True, help_text="has no place there and stays readable")
    excused = PieceOfTransfer(many=True, help_text="not asked for there, because it was handed in before")
    fresh = PieceOfTransfer(many=True, help_text="what their edition did not have")
    dues = Moved(many=True, help_text="every week, before and after")
    messages = Single(many=True, source="told", help_text="every planned message, before and after")
    letters = Letter(many=True, help_text="messages the change itself writes")
    ends_hold = serializers.BooleanField()
