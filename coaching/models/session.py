"""Live sessions: the rule of a cohort, the sessions that follow from it, and who said that they cannot come."""

from django.db import models
from django.db.models import F, Q

from clients.models import Cohort, Enrolment

SHORTEST, LONGEST = 15, 240  # minutes


class SessionRule(models.Model):
    """On which weekday, by the cohort's own clock, its live sessions are, for how long and where."""

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="session_rule")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday")
    time = models.TimeField(help_text="by the cohort's clock")
    minutes = models.PositiveSmallIntegerField()
    link = models.URLField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="a_weekday_is_between_0_and_6"),
            models.CheckConstraint(
                condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST), name="a_rule_plans_15_to_240_minutes"
            ),
        ]

    def __str__(self):
        return f"live sessions of {self.cohort}"


class LiveSession(models.Model):
    """One live session of a cohort, as its edition plans one for the week.

    `day` and `time` are the plan, on the wall of the cohort's zone: so many days after the Monday of its week.
    `starts_at` is what they came to when they were last looked at; `version` rises with every such change. `title`
    is the edition's, which is frozen.
    """

    class State(models.TextChoices):
        PLANNED = "planned"
        HELD = "held"
        CANCELLED = "cancelled"

    # A cancelled session that gets a new time is planned again; so is one marked as held by mistake.
    MOVES = {
        State.PLANNED: {State.HELD, State.CANCELLED},
        State.HELD: {State.PLANNED},
        State.CANCELLED: {State.PLANNED},
    }

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="sessions")
    week = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    day = models.SmallIntegerField(help_text="days after the Monday of its week")
    time = models.TimeField(help_text="by the cohort's clock")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    link = models.URLField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=200, blank=True, help_text="why it was cancelled")
    settled_at = models.DateTimeField(null=True, blank=True, help_text="when it was marked as held or cancelled")
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    part = models.PositiveSmallIntegerField(null=True, blank=True, help_text="of its plan, begun; 0 is the first")
    part_began_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["cohort", "starts_at", "pk"]
        indexes = [models.Index(fields=["cohort", "starts_at"], name="sessions_of_a_cohort")]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "week"], name="one_session_a_week_of_a_cohort"),
            models.CheckConstraint(
                condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST), name="a_session_lasts_15_to_240_minutes"
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled") & ~Q(reason="") | ~Q(state="cancelled") & Q(reason=""),
                name="a_cancelled_session_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state="planned", settled_at__isnull=True)
                | (~Q(state="planned") & Q(settled_at__isnull=False)),
                name="settled_at_says_when_a_session_was_held_or_cancelled",
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(settled_at__gte=F("starts_at")),
                name="a_session_is_held_once_it_has_begun",
            ),
            models.CheckConstraint(
                condition=Q(part__isnull=True, part_began_at__isnull=True)
                | Q(part__isnull=False, part_began_at__isnull=False),
                name="a_part_of_a_session_says_when_it_began",
            ),
        ]

    def __str__(self):
        return f"{self.title} of {self.cohort}"

    @property
    def is_kick_off(self):
        return self.week == 0


class Decline(models.Model):
    """A client said that they cannot come. Gone again when they can after all."""

    session = models.ForeignKey(LiveSession, on_delete=models.CASCADE, related_name="declines")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="declines")
    at = models.DateTimeField()

    class Meta:
        ordering = ["session", "at"]
        constraints = [
            models.UniqueConstraint(fields=["session", "enrolment"], name="a_session_is_declined_once_a_client"),
        ]

    def __str__(self):
        return f"{self.enrolment} cannot come to {self.session}"
