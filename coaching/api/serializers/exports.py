"""Exports, as they go out and come in."""

from typing import Any

from rest_framework import serializers

from clients.api.base import Instant, Shape
from coaching.exports import shelf


class Export(Shape):
    """One export; `is_there` says whether its file can be fetched, `until` for how long."""

    id = serializers.IntegerField(source="pk")
    cohort = serializers.IntegerField(source="cohort_id", allow_null=True)
    names = serializers.BooleanField()
    reason = serializers.CharField()
    joins = serializers.IntegerField(source="joins_id", allow_null=True)
    asked_at = Instant()
    state = serializers.CharField()
    percent = serializers.IntegerField()
    size = serializers.IntegerField(allow_null=True)
    is_there = serializers.SerializerMethodField()
    until = serializers.SerializerMethodField()

    def get_is_there(self, export: Any) -> bool:
        return shelf.is_there(export, at=self.context["at"])

    def get_until(self, export: Any) -> str | None:
        ends = shelf.ends_at(export)
        return Instant().to_representation(ends) if ends else None


class ExportToAsk(Shape):
    """What is wanted. Without a cohort it is all of them; `joins` is an earlier export whose codes it shall have."""

    cohort = serializers.IntegerField(required=False, allow_null=True)
    names = serializers.BooleanField(default=False)
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    joins = serializers.IntegerField(required=False, allow_null=True)
