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


class Candidate(Shape):
    """A client, and what stands between them and having finished."""

    enrolment = serializers.IntegerField(source="enrolment.pk")
    client = serializers.CharField(source="name")
    state = serializers.CharField(source="enrolment.state")
    finished_at = Instant(source="enrolment.left_at", allow_null=True)
    is_ready = serializers.BooleanField(help_text="only an admin’s confirmation is left")
    waiting = serializers.IntegerField(help_text="pieces that wait for feedback")
    missing = serializers.ListField(child=serializers.CharField(), source="standing.missing")


class Candidates(Shape):
    """Everybody in a cohort who has not left, and from when on finishing is confirmed."""

    over_at = Instant()
    clients = Candidate(many=True)


class ToWaive(Shape):
    """A condition not to be asked for, and why."""

    condition = serializers.CharField(max_length=LONGEST, help_text="its key")
    reason = serializers.CharField(allow_blank=True, max_length=200, help_text="for coaches and admins")
