"""Shapes of what is said under feedback."""

from rest_framework import serializers

from clients.api.base import Instant, Query, Shape
from coaching import models

from .names import Person


class ThreadQuery(Query):
    """The feedback on which attempt; the newest that shows unless said."""

    attempt = serializers.IntegerField(required=False, min_value=1, max_value=3)


class Reply(Shape):
    """A few words, or one press."""

    id = serializers.IntegerField(source="pk")
    author = Person()
    quick = serializers.ChoiceField(
        [("", "in words"), *models.Reply.Quick.choices], help_text="empty where it has words"
    )
    text = serializers.CharField(allow_blank=True)
    written_at = Instant()


class Thread(Shape):
    """What stands under one feedback, oldest first."""

    attempt = serializers.IntegerField(source="feedback.attempt.number")
    used_at = Instant(allow_null=True, help_text="since when its client has used it")
    replies = Reply(many=True)
    offered = serializers.ListField(child=serializers.CharField(), help_text="presses its client has not made yet")


class ReplyToWrite(Shape):
    """Words or one press; under the last attempt unless another is named."""

    attempt = serializers.IntegerField(required=False, min_value=1, max_value=3)
    text = serializers.CharField(required=False, allow_blank=True, max_length=6000)
    quick = serializers.ChoiceField(models.Reply.Quick.choices, required=False)


class Used(Shape):
    """Since when."""

    at = Instant()


class Heard(Shape):
    """Of how many pieces answered in four weeks the client used the answer, and pressed which reply."""

    sent = serializers.IntegerField()
    used = serializers.IntegerField()
    lost = serializers.IntegerField(help_text="I did not understand this")
    otherwise = serializers.IntegerField(help_text="I see it differently")
    tried = serializers.IntegerField(help_text="I tried it")
