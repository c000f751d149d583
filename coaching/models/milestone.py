"""A planned moment and its single firing. Truth is these rows; the broker only says "look now"."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from clients.models import Cohort, Enrolment, User


class MilestoneQuerySet(models.QuerySet):
    def of_cohort(self, cohort: Cohort):
        """Everything planned for a cohort: for all of it, for one of its clients, for one of its coaches."""
        return self.filter(Q(cohort=cohort) | Q(enrolment__cohort=cohort))

    def walking(self):
        """Where the cohort goes on: neither closed nor standing still. What names a person alone always does."""
        still = Cohort.objects.filter(Q(closed_at__isnull=False) | Q(pauses__isnull=False, pauses__ended_at=None))
        return self.exclude(cohort__in=still).exclude(enrolment__cohort__in=still)


class Milestone(models.Model):
    """Materialised from the plan and re-planned with every schedule change until it fires.

    It names whom it is for: a client's enrolment, a cohort, a coach in a cohort, or a person alone. `wall` and
    `zone` say what was meant, `due_at` the instant that follows from it. `object_id` names the thing it is about
    (an attempt, a feedback, a session, a day) where a kind needs one; `rung` counts the moments of a kind that has
    several. A fired row is never touched again: a later due time is the next occurrence. Whoever
    fires it leases it first and counts the try, so that a row which ends its worker is known for it.
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
    rung = models.PositiveSmallIntegerField(default=1)
    occurrence = models.PositiveSmallIntegerField(default=1)
    wall = models.DateTimeField(null=True, help_text="the wall-clock time, stored as if it were UTC")
    zone = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField()
    plan_version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    reason = models.CharField(max_length=200, blank=True)
    fired_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="milestones_due"),
            models.Index(fields=["due_at"], condition=Q(state="pending", attempts__gt=0), name="milestones_tried"),
        ]
        constraints = [
            models.UniqueConstraint(
                F("kind"),
                Coalesce(F("cohort"), Value(0)),
                Coalesce(F("enrolment"), Value(0)),
                Coalesce(F("person"), Value(0)),
                Coalesce(F("week"), Value(-1)),
                Coalesce(F("object_id"), Value(0)),
                F("rung"),
                F("occurrence"),
                name="a_milestone_is_planned_once",
            ),
            models.CheckConstraint(
                condition=Q(state="fired", fired_at__isnull=False) | (~Q(state="fired") & Q(fired_at__isnull=True)),
                name="fired_means_fired_at",
            ),
            models.CheckConstraint(
                condition=Q(enrolment__isnull=False, cohort__isnull=True, person__isnull=True)
                | Q(enrolment__isnull=True) & (Q(cohort__isnull=False) | Q(person__isnull=False)),
                name="a_milestone_is_for_a_client_or_a_cohort_or_a_person",
            ),
            models.CheckConstraint(condition=Q(rung__gte=1), name="rungs_count_from_one"),
            models.CheckConstraint(
                condition=~Q(state__in=["skipped", "cancelled", "dead"]) | ~Q(reason=""),
                name="what_did_not_fire_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.kind} for {self.enrolment or self.person or self.cohort}"

    @property
    def home(self) -> Cohort | None:
        """The cohort whose pauses and dates it follows; None where it names a person alone."""
        return self.enrolment.cohort if self.enrolment else self.cohort

    @property
    def reader(self) -> User | None:
        """Whose clock is meant by “their own time”; None for a whole cohort."""
        return self.enrolment.client if self.enrolment else self.person


class Heartbeat(models.Model):
    """When a part of the engine last worked, by the database's clock."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return f"{self.name} at {self.at:%H:%M:%S}"
