"""A client who goes on in another cohort: where they left, where they go on, and whether it was undone."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from .enrolment import Enrolment
from .user import User
from .visibility import Visibility

UNDONE_WITHIN = timedelta(days=14)


class Transfer(models.Model):
    """One step from an enrolment to another. What came along hangs on the other one; what had no place stays here."""

    VISIBILITY = Visibility.PROGRAMME
    EXPORTED = ("at", "reason", "undone_at")

    left = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="transfers")
    entered = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="arrivals")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(left=F("entered")), name="a_transfer_leads_elsewhere"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(
                    undone_at__isnull=False,
                    undone_at__gte=F("at"),
                    undone_at__lte=F("at") + UNDONE_WITHIN,
                    undone_by__isnull=False,
                ),
                name="a_transfer_is_undone_within_two_weeks",
            ),
        ]

    def __str__(self):
        return f"{self.left.client} from {self.left.cohort} to {self.entered.cohort}"
