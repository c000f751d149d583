"""Calibration, as it goes out and comes in."""

from rest_framework import serializers

from clients.api.base import Answer, Instant, Shape


class Levels(serializers.DictField):
    """Criterion key → level."""

    child = serializers.IntegerField(min_value=1, max_value=4)


class CalibrationSheet(Shape):
    """How far a coach has come with the exemplars of one rubric."""

    rubric = serializers.SlugField()
    title = serializers.CharField()
    scored = serializers.SerializerMethodField()
    exemplars = serializers.SerializerMethodField()
    done = serializers.BooleanField(source="is_done")

    def get_scored(self, sheet) -> int:
        return len(sheet.scored)

    def get_exemplars(self, sheet) -> int:
        return len(sheet.cards)


class Anchored(Shape):
    """A criterion with what its four levels mean."""

    key = serializers.SlugField()
    title = serializers.CharField()
    essential = serializers.BooleanField()
    anchors = serializers.SerializerMethodField()

    def get_anchors(self, criterion) -> list[str]:
        return [level.anchor for level in criterion.levels.all()]


class ExemplarCard(Shape):
    """An exemplar; the reference, and why, once one's own levels are given."""

    key = serializers.SlugField(source="exemplar.key")
    about = serializers.CharField(source="exemplar.about")
    exercise = serializers.SlugField(source="exemplar.exercise.key")
    answer = Answer(source="exemplar.answer")
    asked = serializers.SerializerMethodField(help_text="keys of the criteria to give a level")
    levels = Levels()
    reference = serializers.SerializerMethodField()
    why = serializers.SerializerMethodField()

    def get_asked(self, card) -> list[str]:
        return list(card.exemplar.reference)

    def get_reference(self, card) -> dict[str, int]:
        return card.exemplar.reference if card.is_scored else {}

    def get_why(self, card) -> dict[str, str]:
        return card.exemplar.why if card.is_scored else {}


class CalibrationDistance(Shape):
    """Mean absolute difference to the reference, and the mean with its sign: above zero is milder."""

    title = serializers.CharField()
    n = serializers.IntegerField()
    off = serializers.FloatField()
    lean = serializers.FloatField()
    words = serializers.CharField()


class CalibrationOfRubric(Shape):
    """The exemplars of a rubric, as far as one has come. One's own, and nobody else's."""

    rubric = serializers.SlugField(source="sheet.rubric")
    title = serializers.CharField(source="sheet.title")
    done = serializers.BooleanField(source="sheet.is_done")
    criteria = Anchored(many=True)
    exemplars = ExemplarCard(source="sheet.cards", many=True)
    distances = CalibrationDistance(many=True, help_text="of everything together first")


class ToScore(Shape):
    """The levels of one exemplar."""

    exemplar = serializers.SlugField()
    levels = Levels()


class ToLetOff(Shape):
    """Why a coach need not calibrate."""

    reason = serializers.CharField(max_length=200, allow_blank=True)


class OffNow(Shape):
    """Since when a coach is let off, and why."""

    reason = serializers.CharField()
    since = Instant(source="let_off_at")


class CalibrationStanding(Shape):
    """What admins know of a coach: done or not yet, by rubric."""

    id = serializers.IntegerField(source="coach.pk")
    name = serializers.CharField(source="coach.name")
    done = serializers.ListField(child=serializers.CharField())
    not_yet = serializers.ListField(child=serializers.CharField())
    let_off = OffNow(allow_null=True)
