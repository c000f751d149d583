"""Shapes of an edition, of what it is made from, and of what changed between two."""

from rest_framework import serializers

from clients.api.base import Instant, Shape
from curriculum.models import Edition
from curriculum.unpacking import LARGEST

from .cohorts import EditionNamed


class EditionChange(Shape):
    """One difference: where it is, and what it is, as a sentence."""

    place = serializers.CharField()
    what = serializers.CharField()


class EditionChanges(Shape):
    """Everything, by its class; `change` is the class of the whole."""

    old = EditionNamed()
    new = EditionNamed()
    change = serializers.ChoiceField(choices=Edition.Change.choices)
    breaking = EditionChange(many=True)
    additive = EditionChange(many=True)
    cosmetic = EditionChange(many=True)


class Archive(Shape):
    """The folder of an edition, packed."""

    archive = serializers.CharField(max_length=2 * LARGEST, help_text="a zip archive of at most 5 MB, in base64")


class Signature(Shape):
    """Who answers for it."""

    signed_by = serializers.CharField(max_length=120, allow_blank=True)


class EditionWeek(Shape):
    """One week in figures."""

    number = serializers.IntegerField()
    title = serializers.CharField()
    lessons = serializers.IntegerField()
    words = serializers.IntegerField()
    exercises = serializers.IntegerField()


class EditionOpened(Shape):
    """An edition, and what it changes: a draft against what is published, a published one against the one before."""

    id = serializers.IntegerField(source="edition.pk")
    number = serializers.IntegerField(source="edition.number", allow_null=True, help_text="null while it is a draft")
    title = serializers.CharField(source="edition.title")
    version = serializers.CharField(source="edition.version")
    published_at = Instant(source="edition.published_at", allow_null=True)
    signed_by = serializers.CharField(source="edition.signed_by")
    weeks = EditionWeek(many=True)
    since = EditionChanges(allow_null=True, help_text="null for the first edition of a programme")
