"""The midpoint call: times a coach offers, and the one call of a client."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from clients.models import Cohort, Enrolment, User

from .substitution import itself

SHORTEST, LONGEST = 10, 60  # minutes


class CallSlot(models.Model):
    """A time at which a coach can talk to one client of a cohort. Not offered any more once it is withdrawn."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="call_slots")
    coach = models.ForeignKey(User, on_delete=models.PROTECT, related_name="call_slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    link = models.URLField(max_length=300, blank=True, help_text="where the two meet")
    offered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["cohort", "starts_at"], name="call_slots_of_a_cohort")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_call_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(starts_at__gt=F("offered_at")), name="a_call_is_offered_ahead"),
            ExclusionConstraint(
                name="a_coach_has_one_call_at_a_time",
                expressions=[
                    (itself("coach"), RangeOperators.OVERLAPS),
                    (Func(F("starts_at"), F("ends_at"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self):
        return f"a call with {self.coach} at {self.starts_at}"

    @property
    def minutes(self):
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class Call(models.Model):
    """The midpoint call of a client. One row however often it is moved, cancelled and booked again, so that calendars
    know it by one name; `version` rises each time. A cancelled one keeps its slot to say when it would have been.
    """

    class State(models.TextChoices):
        BOOKED = "booked"
        CANCELLED = "cancelled"

    MOVES = {State.BOOKED: {State.CANCELLED}, State.CANCELLED: {State.BOOKED}}
    EXPORTED = ("state", "reason", "booked_at", "changed_at")

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="call")
    slot = models.ForeignKey(CallSlot, on_delete=models.PROTECT, related_name="calls")
    state = models.CharField(max_length=10, choices=State, default=State.BOOKED)
    reason = models.CharField(max_length=200, blank=True, help_text="why it was last moved or cancelled")
    version = models.PositiveIntegerField(default=1)
    booked_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["slot__starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot"], condition=Q(state="booked"), name="a_time_is_booked_by_one_client"
            ),
            models.CheckConstraint(condition=Q(state__in=["booked", "cancelled"]), name="a_call_has_a_known_state"),
            models.CheckConstraint(condition=Q(state="booked") | ~Q(reason=""), name="a_cancelled_call_says_why"),
        ]

    def __str__(self):
        return f"midpoint call of {self.enrolment}"

    @property
    def is_booked(self):
        return self.state == self.State.BOOKED
