"""What the engine remembers from one look to the next, whoever drives it."""

from django.db import models
from django.db.models import Q


class Engine(models.Model):
    """One row. Every instant in it is of the database's clock.

    `latest_at` is the latest instant that clock ever showed: behind it, the clock is not to be believed.
    While `catching_up_since` is set, what came due before it is gathered into one mail a person.
    `restored_to` is the instant of the copy this database was restored from, until a person has decided.
    """

    looked_at = models.DateTimeField(null=True, help_text="the last look, of any driver")
    latest_at = models.DateTimeField(null=True)
    behind_since = models.DateTimeField(null=True, help_text="since when the clock shows less than it once did")
    catching_up_from = models.DateTimeField(null=True, help_text="the last look before the time without one")
    catching_up_since = models.DateTimeField(null=True)
    restored_to = models.DateTimeField(null=True)
    restored_at = models.DateTimeField(null=True)
    reconciled_at = models.DateTimeField(null=True)
    reconciled_by = models.CharField(max_length=80, default="", help_text="which version did, with which zones' rules")
    drift = models.PositiveIntegerField(default=0, help_text="planned moments that differed from their rules")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_engine"),
            models.CheckConstraint(
                condition=Q(catching_up_since=None) | Q(catching_up_from__isnull=False),
                name="catching_up_begins_where_looking_ended",
            ),
            models.CheckConstraint(
                condition=Q(restored_to=None, restored_at=None)
                | Q(restored_to__isnull=False, restored_at__isnull=False),
                name="restored_means_restored_to_an_instant",
            ),
        ]

    def __str__(self):
        return f"the engine, last at {self.looked_at}"
