"""What reaches the person who asks: kinds by channel, quiet hours, how many reminders, how much a mail says."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from clients import choices, choosing
from clients.models import User

from .base import BIGGEST, ClockTime, Flag, Shape, View, body, documented


class WishToSet(Shape):
    """One group of kinds. A channel that is left out stays as it is."""

    mail = Flag(required=False)
    app = Flag(required=False)


class PreferencesToSet(Shape):
    """Only what is sent changes."""

    groups = serializers.DictField(
        child=WishToSet(), required=False, help_text="name of a group → what is wanted of it, by channel"
    )
    weekly_budget = serializers.IntegerField(required=False, min_value=-BIGGEST, max_value=BIGGEST)
    quiet_from = ClockTime(required=False)
    quiet_until = ClockTime(required=False)
    subject_only = Flag(required=False)
    texts_in_mail = Flag(required=False)


class Wish(Shape):
    """A group of kinds that are switched together."""

    name = serializers.CharField(source="group.name")
    label = serializers.CharField(source="group.label")  # type: ignore[assignment]  # a field of that name
    meaning = serializers.CharField(source="group.meaning")
    mail = serializers.BooleanField(help_text="comes by mail")
    app = serializers.BooleanField(help_text="stands in the bell")


class Preferences(Shape):
    """What reaches a person. What is in no group always comes."""

    groups = Wish(many=True)
    weekly_budget = serializers.IntegerField(
        source="person.weekly_budget", help_text="reminders by mail from Monday to Sunday, at most"
    )
    quiet_from = ClockTime(source="person.quiet_from")
    quiet_until = ClockTime(source="person.quiet_until")
    subject_only = serializers.BooleanField(
        source="person.subject_only", help_text="mails say only that something is waiting"
    )
    texts_in_mail = serializers.BooleanField(source="person.texts_in_mail", help_text="feedback stands in its mail")


class MyPreferences(View):
    """One's own, and nobody else's."""

    @documented("my_preferences", "What reaches you", returns=Preferences)
    def get(self, request):
        return Response(_shown(request.user))

    @documented(
        "my_preferences_change",
        "Change what reaches you",
        takes=PreferencesToSet,
        returns=Preferences,
        refuses=[422],
    )
    def patch(self, request):
        sent = body(PreferencesToSet, request, partial=True)
        groups = sent.pop("groups", {})
        wishes = {(name, channel): wanted for name, wish in groups.items() for channel, wanted in wish.items()}
        return Response(_shown(choosing.choose(request.user, at=self.at, wishes=wishes, **sent)))


def _shown(person: User) -> dict[str, Any]:
    return Preferences({"person": person, "groups": choices.wishes_of(person)}).data
