"""A planned moment and its single firing. Truth is these rows; the broker only says "look now"."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from clients.models import Cohort, Enrolment, User


class Milestone(models.Model):
    """Materialised from the plan and re-planned with every schedule change until it fires.

    `wall` and `zone` say what was meant, `due_at` the instant that follows from it. `object_id` names the
    thing it is about (a week number's exercise, an attempt) where a kind needs one. A fired row is never
    touched again: a later due time is the next occurrence.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        FIRED = "fired"
        SKIPPED = "skipped"
        CANCELLED = "cancelled"
        DEAD = "dead"

    kind = models.CharField(max_length=40)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, null=True, related_name="milestones")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, null=True, related_name="milestones")
    person = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="milestones")
    week = models.PositiveSmallIntegerField(null=True)
    object_id = models.BigIntegerField(null=True)
    occurrence = models.PositiveSmallIntegerField(default=1)
    wall = models.DateTimeField(null=True, help_text="the wall-clock time, stored as if it were UTC")
    zone = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField()
    plan_version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    reason = models.CharField(max_length=200, blank=True)
    fired_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="milestones_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                F("kind"),
                Coalesce(F("cohort"), Value(0)),
                Coalesce(F("enrolment"), Value(0)),
                Coalesce(F("person"), Value(0)),
                Coalesce(F("week"), Value(-1)),
                Coalesce(F("object_id"), Value(0)),
                F("occurrence"),
                name="a_milestone_is_planned_once",
            ),
            models.CheckConstraint(
                condition=Q(state="fired", fired_at__isnull=False) | (~Q(state="fired") & Q(fired_at__isnull=True)),
                name="fired_means_fired_at",
            ),
            models.CheckConstraint(
                condition=Q(cohort__isnull=True, enrolment__isnull=False, person__isnull=True),
                name="every_kind_so_far_is_about_an_enrolment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["skipped", "cancelled", "dead"]) | ~Q(reason=""),
                name="what_did_not_fire_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.kind} for {self.enrolment}"


class Heartbeat(models.Model):
    """When a part of the engine last worked, by the database's clock."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return f"{self.name} at {self.at:%H:%M:%S}"
