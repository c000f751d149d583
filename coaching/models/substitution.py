"""Who reads while a coach is away."""

from datetime import date, datetime, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from clients.models import Cohort, User
from curriculum import moments

MOMENT = timedelta(microseconds=1)


class SubstitutionQuerySet(models.QuerySet):
    def at(self, at: datetime):
        """Those whose window is open at an instant."""
        return self.not_over(at).filter(starts_at__lte=at)

    def not_over(self, at: datetime):
        """Open or still to come."""
        return self.filter(ends_at__gt=at, called_off_at=None)


def itself(name: str) -> Func:
    """A number as a range of itself, which an exclusion can compare without an extension."""
    return Func(F(name), F(name), Value("[]"), function="int8range")


class Substitution(models.Model):
    """A colleague reads what is open in one cohort while its coach is away: from one instant to another, no longer.

    The coach stays its coach. Nothing has to happen at either end: who may read what is asked with every request.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="substitutions")
    away = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    substitute = models.ForeignKey(User, on_delete=models.PROTECT, related_name="substitutions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    set_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True, blank=True)

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["substitute", "ends_at"], name="substitutions_of_a_person")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_window_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(away=F("substitute")), name="nobody_stands_in_for_themselves"),
            ExclusionConstraint(
                name="a_substitute_has_one_window_at_a_time",
                expressions=[
                    (itself("cohort"), RangeOperators.OVERLAPS),
                    (itself("substitute"), RangeOperators.OVERLAPS),
                    (Func(F("starts_at"), F("ends_at"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(called_off_at__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.substitute} for {self.away} in {self.cohort}"

    def is_open(self, at: datetime) -> bool:
        """Whether the colleague stands in at an instant."""
        return self.called_off_at is None and self.starts_at <= at < self.ends_at

    @property
    def first_day(self) -> date:
        """By the clock of whoever is away, as they set it."""
        return moments.to_wall(self.starts_at, self.away.zone).date()

    @property
    def last_day(self) -> date:
        """The last whole day of it, by the same clock."""
        return moments.to_wall(self.ends_at - MOMENT, self.away.zone).date()
