"""A cohort: people walking one edition from one date in one zone."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from curriculum import moments
from curriculum.models import Edition

from .agreement import CoachingAgreement

CAN_BE_LEFT_OUT = ("due", "last-call", "nudges", "record", "sessions")  # groups of reminders, see `choices.GROUPS`


class CohortQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at__isnull=True)


class Cohort(models.Model):
    """On a published edition, until it goes over to a newer one (see `crossing`). What is open, due and late in it is
    computed from these rows."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True, max_length=80)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="cohorts")
    starts_on = models.DateField(help_text="the Monday of week 1")
    zone = models.CharField(max_length=64)
    plan_version = models.PositiveIntegerField(default=1)
    plan_changed_at = models.DateTimeField(null=True, blank=True, help_text="when its dates last moved")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    mail_stopped_at = models.DateTimeField(
        null=True, blank=True, help_text="from then on nothing is sent; no date moves"
    )
    left_out = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, help_text="groups of reminders that are not sent"
    )
    agreement = models.ForeignKey(
        CoachingAgreement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="the version its clients are asked to accept; of no version nothing is asked",
    )
    demo = models.BooleanField(default=False, editable=False)

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__iso_week_day=1), name="a_cohort_starts_on_a_monday"),
            models.CheckConstraint(
                condition=Q(left_out__contained_by=list(CAN_BE_LEFT_OUT)), name="only_reminders_are_left_out"
            ),
        ]

    def __str__(self):
        return self.name

    def keep_calendar(self, known: moments.Calendar | None = None) -> None:
        """Put the dates together once, where nobody changes them as long as this row is held."""
        vars(self)["calendar_kept"] = known or self.calendar()

    def calendar(self) -> moments.Calendar:
        """The cohort's dates as plain data. Reads `pauses`, `breaks` and `shifts`, so prefetch them for a list."""
        return vars(self).get("calendar_kept") or self._calendar()

    def _calendar(self) -> moments.Calendar:
        return moments.Calendar(
            starts_on=self.starts_on,
            zone=self.zone,
            pauses=tuple(moments.Pause(pause.began_at, pause.ended_at) for pause in self.pauses.all()),
            breaks=tuple(each.first_day for each in self.breaks.all()),
            shifts=tuple(moments.Shift(shift.at, shift.days) for shift in self.shifts.all()),
        )

    @property
    def is_paused(self):
        return any(pause.ended_at is None for pause in self.pauses.all())

    @property
    def is_closed(self):
        return self.closed_at is not None


class CohortPause(models.Model):
    """A stretch in which nothing is sent; when it ends everything still to come moves by its days."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="pauses")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["cohort", "began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(ended_at__isnull=True), name="one_open_pause_a_cohort"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
                name="a_pause_ends_after_it_began",
            ),
        ]

    def __str__(self):
        return f"{self.cohort} paused {self.began_at:%Y-%m-%d}"
