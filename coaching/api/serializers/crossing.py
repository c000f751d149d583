"""Shapes of a cohort that goes over to another edition: what is asked for, what it would do, what it did."""

from rest_framework import serializers

from clients.api.base import Instant, Shape
from curriculum.models import Edition

from .cohorts import EditionNamed
from .dates import Effect
from .names import CohortNamed
from .transfers import PieceOfTransfer


class EditionToLookAt(Shape):
    """The edition a cohort would go over to."""

    edition = serializers.IntegerField(help_text="its number as a row, `id`")


class WhichEdition(EditionToLookAt):
    """The edition a cohort goes over to. `seen` is what the effect said; where something breaks it is asked for."""

    seen = serializers.CharField(required=False, allow_blank=True, max_length=64, default="")


class Crossing(Shape):
    """A cohort that went over to another edition."""

    cohort = CohortNamed()
    left = EditionNamed()
    entered = EditionNamed()
    change = serializers.ChoiceField(choices=Edition.Change.choices)
    at = Instant()
    undone_at = Instant(allow_null=True)


class CrossoverOfClient(Shape):
    """What one client finds."""

    name = serializers.CharField()
    along = serializers.IntegerField(help_text="how many begun pieces keep their place")
    moved = PieceOfTransfer(many=True, help_text="are in another week now")
    stays = PieceOfTransfer(many=True, help_text="begun and fit no more; go on in their own form")
    gone = PieceOfTransfer(many=True, help_text="not begun, and not asked for any more")
    fresh = PieceOfTransfer(many=True, help_text="come")


class Crossover(Shape):
    """What going over would do. Nothing of it has happened."""

    edition = EditionNamed()
    change = serializers.ChoiceField(choices=Edition.Change.choices)
    seen = serializers.CharField(help_text="send it along to say yes to exactly this")
    clients = CrossoverOfClient(many=True)
    effect = Effect()
