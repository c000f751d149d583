"""Who coaches whom."""

from django.db import models
from django.db.models import Q

from clients.models import Cohort, User


class Assignment(models.Model):
    """A person coaches a cohort, from an instant and until further notice or an end."""

    coach = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="assignments")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["cohort", "since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["coach", "cohort"], condition=Q(ended_at__isnull=True), name="assigned_once_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.coach} coaches {self.cohort}"
