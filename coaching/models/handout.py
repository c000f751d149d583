"""A snapshot that an admin handed to a sponsor, from when on, and whether it was taken back."""

from django.db import models
from django.db.models import F, Q

from clients.models import User

from .snapshot import Snapshot


class Handout(models.Model):
    """A frozen snapshot for sponsors in the hands of one. A trigger refuses any other, and every change but one: that
    it is taken back."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="handouts")
    sponsor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="handouts")
    handed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-handed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "sponsor"],
                condition=Q(taken_back_at__isnull=True),
                name="a_snapshot_is_handed_to_somebody_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True) | Q(taken_back_at__gte=F("handed_at")),
                name="a_handout_is_taken_back_after_it_was_handed_over",
            ),
        ]

    def __str__(self):
        return f"{self.snapshot} for {self.sponsor}"
