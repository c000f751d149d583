"""Shapes of what clients and coaches write to each other."""

from rest_framework import serializers

from clients.api.base import BIGGEST, Instant, Query, Shape

from .names import Person


class ConversationQuery(Query):
    """Where the list goes on."""

    after = serializers.IntegerField(required=False, min_value=1, max_value=2**62)


class Conversation(Shape):
    """One client and one coach."""

    id = serializers.IntegerField(source="conversation.pk")
    enrolment = serializers.IntegerField(source="conversation.enrolment_id")
    client = Person(source="conversation.enrolment.client")
    coach = Person(source="conversation.coach")
    last_at = Instant(source="conversation.last_at")
    waits_since = Instant(
        source="conversation.waits_since", allow_null=True, help_text="since when the client waits for an answer"
    )
    is_new = serializers.BooleanField(help_text="whether something in it is new to you")


class Word(Shape):
    """What one of them wrote, or whoever stood in for the coach."""

    id = serializers.IntegerField(source="pk")
    author = Person()
    exercise = serializers.CharField(
        source="piece.exercise.key", default=None, allow_null=True, help_text="the key of the exercise it is about"
    )
    text = serializers.CharField()
    written_at = Instant()


class ConversationInFull(Conversation):
    """With its words, the newest hundred, oldest first."""

    words = Word(many=True)


class WordToWrite(Shape):
    """A client with several coaches says to which; a question says about which exercise."""

    to = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST, help_text="the coach, by a client")
    exercise = serializers.SlugField(required=False)
    text = serializers.CharField(allow_blank=True, max_length=6000)
