"""Shapes of who needs their coach."""

from rest_framework import serializers

from clients.api.base import Instant, Shape
from coaching.models import Rule


class ToFlag(Shape):
    """Why, in a sentence for the coaches of the cohort."""

    reason = serializers.CharField(allow_blank=True, max_length=200)


class Flag(Shape):
    """A flag of a coach."""

    id = serializers.IntegerField(source="pk")
    enrolment = serializers.IntegerField(source="enrolment_id")
    reason = serializers.CharField()
    raised_at = Instant()


class ToSee(Shape):
    """Which reason was seen to."""

    rule = serializers.ChoiceField(Rule.values)


class Rests(ToSee):
    """A reason that rests."""

    enrolment = serializers.IntegerField(source="enrolment_id")
    until = Instant()


class Risk(Shape):
    """One reason, in words."""

    rule = serializers.ChoiceField(Rule.values)
    since = Instant()
    reason = serializers.CharField()
    evidence = serializers.CharField()
    message = serializers.CharField(help_text="a draft of what to write")
    flag = serializers.IntegerField(allow_null=True, help_text="the flag it is, to lower it by")
    rests_until = Instant(allow_null=True)


class AtRisk(Shape):
    """One client with everything there is to know."""

    enrolment = serializers.IntegerField()
    name = serializers.CharField()
    cohort = serializers.IntegerField(source="cohort.pk")
    zone = serializers.CharField()
    last_contact = Instant(allow_null=True, help_text="when a coach last answered them")
    risks = Risk(many=True)
    resting = Risk(many=True)
