"""What a coach says about who needs them: a flag of their own, and that they have seen to a reason."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from clients.models import Enrolment, User
from clients.models.visibility import Visibility

SNOOZE = timedelta(days=7)


class Rule(models.TextChoices):
    """Why somebody may be at risk. All but the flag are computed, so a reason is gone when its cause is."""

    OVERDUE = "overdue", "two weeks overdue in a row"
    QUIET = "quiet", "nothing opened for ten days"
    SESSIONS = "sessions", "two live sessions missed in a row"
    CONFIDENCE = "confidence", "little confidence at the midpoint"
    LEVELS = "levels", "the mean of the rubric fell"
    FLAG = "flag", "a coach's own flag"


class Flag(models.Model):
    """A coach is worried about a client, in words for the coaches of the cohort."""

    VISIBILITY = Visibility.TEAM
    EXPORTED = ("reason", "raised_at", "lowered_at")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="flags")
    coach = models.ForeignKey(User, on_delete=models.PROTECT, related_name="flags")
    reason = models.CharField(max_length=200)
    raised_at = models.DateTimeField()
    lowered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["enrolment", "raised_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(lowered_at__isnull=True), name="one_flag_a_client_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_flag_says_why"),
            models.CheckConstraint(
                condition=Q(lowered_at__isnull=True) | Q(lowered_at__gte=F("raised_at")),
                name="a_flag_is_lowered_after_it_was_raised",
            ),
        ]

    def __str__(self):
        return f"flag for {self.enrolment}"


class SeenTo(models.Model):
    """A coach has seen a reason and spoken to the client: it stays off the list for seven days."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="seen_to")
    rule = models.CharField(max_length=10, choices=Rule)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        ordering = ["enrolment", "at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(rule__in=[rule.value for rule in Rule]), name="a_reason_is_a_known_one"),
            models.CheckConstraint(condition=Q(until=F("at") + SNOOZE), name="what_was_seen_to_rests_seven_days"),
            models.UniqueConstraint(fields=["enrolment", "rule", "at"], name="seen_to_once_at_an_instant"),
        ]

    def __str__(self):
        return f"{self.rule} of {self.enrolment}, seen to"
