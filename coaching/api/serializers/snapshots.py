"""Shapes of snapshots of the outcomes report."""

from rest_framework import serializers

from clients.api.base import BIGGEST, Instant, Shape
from coaching import snapshots
from coaching.models import Snapshot as Row


class SnapshotToAsk(Shape):
    """Of which cohorts, for whom; without a title the finding becomes it."""

    cohorts = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=BIGGEST), allow_empty=True)
    audience = serializers.ChoiceField(choices=Row.Audience.choices)
    title = serializers.CharField(required=False, allow_blank=True, default="")


class SnapshotTitle(Shape):
    """A title; empty is the finding."""

    title = serializers.CharField(allow_blank=True)


class SnapshotStatus(Shape):
    """How far it is; `sentence` says why it failed."""

    state = serializers.ChoiceField(choices=Row.State.choices)
    step = serializers.IntegerField()
    steps = serializers.IntegerField()
    percent = serializers.SerializerMethodField()
    sentence = serializers.SerializerMethodField()

    def get_percent(self, row) -> int:
        return snapshots.percent(row)

    def get_sentence(self, row) -> str:
        return snapshots.sentence(row)


class Snapshot(Shape):
    """One in the list."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    audience = serializers.ChoiceField(choices=Row.Audience.choices)
    state = serializers.ChoiceField(choices=Row.State.choices)
    cohorts = serializers.SerializerMethodField()
    asked_at = Instant()
    data_at = Instant(allow_null=True)
    frozen_at = Instant(allow_null=True)
    sha256 = serializers.CharField()

    def get_cohorts(self, row) -> list[int]:
        return [one.pk for one in row.cohorts.all()]


class SnapshotNumber(Shape):
    """One number, by its place in every form of the snapshot. Not shown: no value, and why."""

    number = serializers.IntegerField()
    key = serializers.CharField()
    section = serializers.CharField()
    about = serializers.CharField()
    what = serializers.CharField()
    unit = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    people = serializers.IntegerField(allow_null=True)
    of = serializers.IntegerField(allow_null=True)
    why = serializers.CharField()


class SnapshotParagraph(Shape):
    """What it says in words, under a heading."""

    heading = serializers.CharField()
    sentences = serializers.ListField(child=serializers.CharField())


class WholeSnapshot(Snapshot):
    """A frozen one says everything; of a draft the last four are empty. `sha256` is of `document`, in UTF-8."""

    least = serializers.IntegerField()
    said = SnapshotParagraph(many=True)
    numbers = SnapshotNumber(many=True)
    document = serializers.CharField()
