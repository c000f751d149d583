"""Shapes of who is proposed as an admin."""

from rest_framework import serializers

from clients.api.base import Instant, Shape

from .names import Person


class ToPropose(Shape):
    """Somebody with an account, and why."""

    email = serializers.EmailField()
    reason = serializers.CharField(allow_blank=True, max_length=200)


class Proposal(Shape):
    """Somebody who waits for a second admin, or has been decided on."""

    id = serializers.IntegerField(source="pk")
    person = Person()
    reason = serializers.CharField()
    proposed_by = Person()
    proposed_at = Instant()
    ends_at = Instant(help_text="until when it can be confirmed")
    confirmed_by = Person(allow_null=True)
    confirmed_at = Instant(allow_null=True)
    ended_at = Instant(allow_null=True)
