"""What happens to a plan besides pauses: weeks off, a start that moves, and what is agreed with one client.

Dates are computed from these rows (see `deadlines`), never written into others.
"""

from django.db import models
from django.db.models import F, Q

from curriculum.models import Exercise

from .cohort import Cohort
from .enrolment import Enrolment
from .user import User
from .visibility import Visibility

MOST_DAYS = 364  # a cohort moves by, at once
GRANTED_BY_ITSELF = 2  # times in a programme


class BreakWeek(models.Model):
    """A week off, set ahead: nothing opens, is due or is asked in it, and all later weeks come seven days later."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="breaks")
    first_day = models.DateField(help_text="its Monday")
    reason = models.CharField(max_length=200, blank=True)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["cohort", "first_day"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "first_day"], name="one_break_a_week"),
            models.CheckConstraint(condition=Q(first_day__iso_week_day=1), name="a_break_begins_on_a_monday"),
        ]

    def __str__(self):
        return f"{self.cohort}, week off from {self.first_day}"


class CohortShift(models.Model):
    """From an instant on, everything of a cohort that was still to come lies so many days later, or earlier."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="shifts")
    at = models.DateTimeField()
    days = models.SmallIntegerField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["cohort", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(days=0) & Q(days__gte=-MOST_DAYS, days__lte=MOST_DAYS), name="a_shift_moves_something"
            ),
        ]

    def __str__(self):
        return f"{self.cohort} moved by {self.days} days"


class Hold(models.Model):
    """One client stands still: nothing reaches them, and when it ends their due times have moved by its days.

    The reason is for their coaches; nobody else is shown it.
    """

    VISIBILITY = Visibility.TEAM
    EXPORTED = ("began_at", "ended_at", "reason")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="holds")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["enrolment", "began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(ended_at__isnull=True), name="one_open_hold_a_client"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")), name="a_hold_ends_after_it_began"
            ),
        ]

    def __str__(self):
        return f"{self.enrolment} on hold since {self.began_at:%Y-%m-%d}"


class Extension(models.Model):
    """More time for one exercise of one client, asked for by them: granted by itself, or asked of their coach.

    `until` is a date by the client's clock; it holds to the end of that day. `by_itself` numbers what was granted
    without a coach, of which a programme has two.
    """

    VISIBILITY = Visibility.PAIR
    EXPORTED = ("until", "days", "note", "state", "asked_at", "decided_at")

    class State(models.TextChoices):
        ASKED = "asked"
        GRANTED = "granted"
        DECLINED = "declined"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="extensions")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="+")
    until = models.DateField()
    days = models.PositiveSmallIntegerField(help_text="how many more that was, when it was asked")
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    by_itself = models.PositiveSmallIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["enrolment", "asked_at", "pk"]
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="asked"), name="extensions_asked")]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "exercise"], condition=Q(state="asked"), name="one_open_question_an_exercise"
            ),
            models.UniqueConstraint(
                fields=["enrolment", "exercise"],
                condition=Q(by_itself__isnull=False),
                name="an_exercise_is_extended_by_itself_once",
            ),
            models.UniqueConstraint(fields=["enrolment", "by_itself"], name="extensions_by_themselves_are_counted"),
            models.CheckConstraint(
                condition=Q(by_itself__isnull=True)
                | Q(by_itself__gte=1, by_itself__lte=GRANTED_BY_ITSELF, state="granted"),
                name="two_extensions_by_themselves_a_programme",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at__isnull=True)
                | Q(state__in=["granted", "declined"], decided_at__isnull=False),
                name="an_extension_is_decided_or_asked",
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="an_extension_is_more_time"),
        ]

    def __str__(self):
        return f"{self.exercise} of {self.enrolment.client} until {self.until}"


class Excusal(models.Model):
    """One exercise of one client is not asked for. Kept when it ends: what is asked for again is due in two days.

    The reason stays with the coaches and their client; an admin's board has the state alone.
    """

    VISIBILITY = Visibility.PAIR
    EXPORTED = ("reason", "excused_at", "ended_at")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="excusals")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    excused_at = models.DateTimeField()
    excused_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["enrolment", "excused_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "exercise"], condition=Q(ended_at__isnull=True), name="excused_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_excusal_has_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("excused_at")),
                name="an_excusal_ends_after_it_began",
            ),
        ]

    def __str__(self):
        return f"{self.exercise} of {self.enrolment.client}, excused"
