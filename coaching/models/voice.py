"""A coach's spoken answer: up to a minute, beside what they write."""

import uuid

from django.db import models
from django.db.models import Q

from clients.models import Attempt, User


class Voice(models.Model):
    """What a coach said about an attempt. Nobody but its speaker hears it before the feedback shows."""

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="voices")
    coach = models.ForeignKey(User, on_delete=models.PROTECT, related_name="voices")
    digest = models.CharField(max_length=64)
    playable = models.CharField(max_length=64)
    milliseconds = models.PositiveIntegerField()
    peaks = models.JSONField(default=list)
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["-said_at"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "coach"], name="one_voice_a_coach_and_attempt"),
            models.CheckConstraint(condition=~Q(digest="") & ~Q(playable=""), name="a_voice_can_be_played"),
            models.CheckConstraint(
                condition=Q(milliseconds__gte=1, milliseconds__lte=62_000), name="a_voice_is_at_most_a_minute"
            ),
        ]

    def __str__(self):
        return f"voice on {self.attempt}"

    @property
    def seconds(self) -> float:
        return self.milliseconds / 1000
