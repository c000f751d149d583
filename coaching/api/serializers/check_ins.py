"""Shapes of check-ins and of what a client agrees to."""

from rest_framework import serializers

from clients.api.base import Answer, Instant, Shape


class CheckInQuestion(Shape):
    """One question of a check-in."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, as the page has it
    kind = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    options = serializers.SerializerMethodField()

    def get_options(self, field) -> list[dict[str, str]]:
        return [{"value": value, "label": label} for value, label in field.options]


class CheckInRated(Shape):
    """One competency to rate from 1 to 5."""

    key = serializers.CharField()
    text = serializers.CharField()
    anchors = serializers.DictField(child=serializers.CharField())


class CheckInAsked(Shape):
    """What a check-in asks, and until when. `proof` is told, seen or confirmed, where something changed."""

    closes_at = Instant(allow_null=True)
    questions = CheckInQuestion(many=True, source="asked.questions")
    items = CheckInRated(many=True, source="asked.items")


class CheckInAnswers(Shape):
    """Question or competency → answer; besides `proof`, and `shares` for what helped."""

    answers = Answer()


class CheckInSaid(Shape):
    """One answered check-in."""

    months = serializers.IntegerField()
    answered_at = Instant()
    lines = serializers.SerializerMethodField()
    points = serializers.SerializerMethodField()

    def get_lines(self, said) -> list[dict[str, str]]:
        return [{"question": question, "answer": answer} for question, answer in said.lines]

    def get_points(self, said) -> list[dict[str, str | int]]:
        return [{"competency": name, "point": point} for name, point in said.points]


class Consent(Shape):
    """Whether it is agreed to, in which words, since when."""

    agreed = serializers.BooleanField()
    text = serializers.CharField()
    since = Instant(allow_null=True)


class Confirmed(Shape):
    """What a certificate's number tells."""

    name = serializers.CharField()
    programme = serializers.CharField()


class Certificate(Shape):
    """One's own certificate."""

    number = serializers.CharField()
    given_at = Instant()
