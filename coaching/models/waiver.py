"""What an admin does not ask of one client who wants to finish."""

from django.db import models
from django.db.models import F, Q

from clients.models import Enrolment, User
from clients.models.visibility import Visibility


class Waiver(models.Model):
    """One condition of finishing that does not count for one client, and why. Kept when it is taken back."""

    VISIBILITY = Visibility.PROGRAMME
    EXPORTED = ("condition", "reason", "waived_at", "ended_at")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="waivers")
    condition = models.CharField(max_length=20, help_text="its key in the edition's rule: see `graduation`")
    reason = models.CharField(max_length=200)
    waived_at = models.DateTimeField()
    waived_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["enrolment", "waived_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "condition"], condition=Q(ended_at__isnull=True), name="waived_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_waiver_has_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("waived_at")),
                name="a_waiver_ends_after_it_began",
            ),
        ]

    def __str__(self):
        return f"{self.condition} of {self.enrolment.client}, waived"
