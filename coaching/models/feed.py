"""The secret address of a person's calendar feed."""

from django.db import models
from django.db.models import Q

from clients.models import User


class CalendarAddress(models.Model):
    """One a person. Only the SHA-256 of its token is stored, so the table opens no calendar."""

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_address")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(token_hash__regex=r"^[0-9a-f]{64}$"),  # noqa: S106  the shape of a hash
                name="of_a_calendar_address_the_hash_is_kept",
            ),
        ]

    def __str__(self):
        return f"calendar of {self.person}"
