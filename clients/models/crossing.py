"""A cohort that goes over to another edition while it is under way: from which to which, and whether it was undone."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from curriculum.models import Edition

from .cohort import Cohort
from .user import User

UNDONE_WITHIN = timedelta(days=14)


class Crossing(models.Model):
    """One step of a cohort to a newer edition. What was handed in stays with the edition it answered."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="crossings")
    left = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    entered = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    change = models.CharField(max_length=8, choices=Edition.Change, help_text="the class of one against the other")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["cohort", "at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(left=F("entered")), name="a_crossing_leads_elsewhere"),
            models.CheckConstraint(
                condition=Q(change__in=["cosmetic", "additive", "breaking"]), name="a_crossing_has_a_class"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(
                    undone_at__isnull=False,
                    undone_at__gte=F("at"),
                    undone_at__lte=F("at") + UNDONE_WITHIN,
                    undone_by__isnull=False,
                ),
                name="a_crossing_is_undone_within_two_weeks",
            ),
        ]

    def __str__(self):
        return f"{self.cohort} from {self.left} to {self.entered}"
