"""The plan of a milestone: "week 3, Thursday 09:00, the client's time, nudge"."""

from django.db import models
from django.db.models import Q

from .edition import Edition


class MilestonePlan(models.Model):
    """A rule of the edition, never an instant: a wall-clock time in a week, or hours after a hand-in."""

    class Zone(models.TextChoices):
        COHORT = "cohort"
        CLIENT = "client"
        COACH = "coach"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="milestone_plans")
    kind = models.CharField(max_length=40)
    weeks = models.JSONField(default=list)
    weeks_later = models.PositiveSmallIntegerField(default=0)
    day = models.PositiveSmallIntegerField(null=True, help_text="0 is Monday")
    time = models.TimeField(null=True)
    zone = models.CharField(max_length=8, choices=Zone, blank=True)
    hours = models.PositiveSmallIntegerField(null=True, help_text="hours after the hand-in")
    repeat_hours = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["edition", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "kind"], name="one_plan_a_kind"),
            models.CheckConstraint(
                condition=Q(day__isnull=False, time__isnull=False, hours__isnull=True)
                | Q(day__isnull=True, time__isnull=True, hours__isnull=False),
                name="a_plan_is_a_wall_clock_time_or_a_wait",
            ),
        ]

    def __str__(self):
        return self.kind
