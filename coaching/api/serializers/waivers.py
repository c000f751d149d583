"""Shapes of what finishing asks for, and of waiving it."""

from rest_framework import serializers

from clients.api.base import Instant, Shape

LONGEST = 20


class Waived(Shape):
    """That a condition is not asked of this client, and why."""

    reason = serializers.CharField()
    by = serializers.CharField(source="waived_by")
    at = Instant(source="waived_at")


class Condition(Shape):
    """One thing finishing asks for."""

    key = serializers.CharField()
    words = serializers.CharField(help_text="what of it is missing")
    is_done = serializers.BooleanField()
    waiver = Waived(allow_null=True)


class Standing(Shape):
    """Where a client stands with what finishing asks for."""

    is_complete = serializers.BooleanField()
    conditions = Condition(many=True)


class ToWaive(Shape):
    """A condition not to be asked for, and why."""

    condition = serializers.CharField(max_length=LONGEST, help_text="its key")
    reason = serializers.CharField(allow_blank=True, max_length=200, help_text="for coaches and admins")
