"""Shapes of what changed between two editions."""

from rest_framework import serializers

from clients.api.base import Shape

from .cohorts import EditionNamed


class EditionChange(Shape):
    """One difference: where it is, and what it is, as a sentence."""

    place = serializers.CharField()
    what = serializers.CharField()


class EditionChanges(Shape):
    """Everything, by its class."""

    old = EditionNamed()
    new = EditionNamed()
    breaking = EditionChange(many=True)
    additive = EditionChange(many=True)
    cosmetic = EditionChange(many=True)
