"""People and cohorts, by name."""

from rest_framework import serializers

from clients.api.base import Shape


class Person(Shape):
    """Somebody, by name."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="__str__")


class CohortNamed(Shape):
    """A cohort, by name."""

    id = serializers.IntegerField(source="pk")
    slug = serializers.CharField()
    name = serializers.CharField()
