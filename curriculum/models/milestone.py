"""The plan of a milestone: "week 3, Thursday 09:00, the client's time, nudge"."""

from django.db import models
from django.db.models import Q

from .edition import Edition


class MilestonePlan(models.Model):
    """A rule of the edition, never an instant.

    A wall-clock time in a week; hours after or before something happens; or months after it, at the next such
    wall-clock time. A kind with several moments has several rules, counted by `rung`.
    """

    class Event(models.TextChoices):
        HAND_IN = "hand_in"
        ASKED_AGAIN = "asked_again"
        SESSION = "session"
        CALL = "call"
        GRADUATION = "graduation"

    class Zone(models.TextChoices):
        COHORT = "cohort"
        CLIENT = "client"
        COACH = "coach"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="milestone_plans")
    kind = models.CharField(max_length=40)
    rung = models.PositiveSmallIntegerField(default=1)
    event = models.CharField(max_length=12, choices=Event, blank=True)
    before = models.BooleanField(default=False, help_text="hours before the event, not after it")
    weeks = models.JSONField(default=list)
    weeks_later = models.PositiveSmallIntegerField(default=0)
    day = models.PositiveSmallIntegerField(null=True, help_text="0 is Monday")
    time = models.TimeField(null=True)
    zone = models.CharField(max_length=8, choices=Zone, blank=True)
    hours = models.PositiveSmallIntegerField(null=True, help_text="hours from the event")
    months = models.PositiveSmallIntegerField(null=True, help_text="months after the event")
    repeat_hours = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["edition", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "kind", "rung"], name="one_plan_a_moment_of_a_kind"),
            models.CheckConstraint(
                condition=Q(day__isnull=False, time__isnull=False, hours__isnull=True)
                | Q(day__isnull=True, time__isnull=True, hours__isnull=False),
                name="a_plan_is_a_wall_clock_time_or_a_wait",
            ),
            models.CheckConstraint(
                condition=Q(months__isnull=True) | (~Q(event="") & Q(day__isnull=False)),
                name="months_are_counted_from_something_to_a_day",
            ),
            models.CheckConstraint(condition=Q(rung__gte=1), name="moments_of_a_kind_count_from_one"),
        ]

    def __str__(self):
        return self.kind

    @property
    def starts_from(self) -> str:
        """The event it is counted from, empty for a week of the calendar. Editions of before count from a hand-in."""
        return self.event or (self.Event.HAND_IN if self.hours is not None else "")
