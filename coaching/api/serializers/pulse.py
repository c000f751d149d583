"""Shapes of the pulse: whom a client asks, what they are asked, what they said."""

from rest_framework import serializers

from clients.api.base import Answer, Instant, Shape


class RaterToAsk(Shape):
    """Somebody to ask. `group` is manager or peer, `wording` one of the edition's; `again`: at the end as well."""

    group = serializers.CharField()
    name = serializers.CharField()
    address = serializers.CharField()
    wording = serializers.CharField()
    own_words = serializers.CharField(required=False, allow_blank=True)
    again = serializers.BooleanField(required=False)


class Rater(Shape):
    """Somebody who was asked. Whether they have answered is not told."""

    id = serializers.IntegerField(source="rater.pk")
    group = serializers.CharField(source="rater.group")
    name = serializers.CharField(source="rater.name")
    address = serializers.CharField(source="rater.address")
    moments = serializers.ListField(child=serializers.CharField())
    is_asked = serializers.BooleanField(source="rater.is_asked")


class PulseItem(Shape):
    """One statement with the mean of those who could say, or without one where they were too few."""

    text = serializers.CharField()
    mean = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()
    words = serializers.CharField()


class PulseGroup(Shape):
    """What a group said; `why` where nothing of it is shown."""

    key = serializers.CharField()
    asked = serializers.IntegerField()
    answered = serializers.IntegerField(allow_null=True)
    items = PulseItem(many=True)
    keep = serializers.ListField(child=serializers.CharField())
    try_next = serializers.ListField(child=serializers.CharField())
    why = serializers.CharField()


class PulseSaid(Shape):
    """One moment; its groups are there once it is closed."""

    moment = serializers.CharField()
    closes_at = Instant(source="closes")
    is_closed = serializers.BooleanField()
    asked = serializers.IntegerField()
    groups = PulseGroup(many=True)


class PulseStatement(Shape):
    """One statement to rate from 1 to 5; 0 where one has not seen enough."""

    key = serializers.CharField()
    text = serializers.CharField()


class PulseAsked(Shape):
    """What a rater is asked, who sees it, until when."""

    closes_at = Instant()
    who_sees = serializers.CharField()
    items = PulseStatement(many=True)
    lines = PulseStatement(many=True)


class PulseAnswers(Shape):
    """Statement or line → answer; besides `named`, where a manager agrees to be shown as one."""

    answers = Answer()
