"""An export: a zip of tables somebody asked for, made in the background. The row is the work."""

import secrets
import uuid

from django.db import models
from django.db.models import F, Q

from clients.models import Cohort, User

OPEN = ("waiting", "running")


def drawn() -> str:
    """256 bits: by them the people of one export have their codes, and by no other's."""
    return secrets.token_hex(32)


class Export(models.Model):
    """`secret` makes the codes people have in it; one that `joins` another has the same. `cohort` None is all of them.

    Whoever makes it holds the row by a lease that is renewed, and counts the tries, so that what a killed worker left
    is taken up and nobody writes over a later holder. The file is named by `key` and goes a day after it was ready.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        READY = "ready"
        FAILED = "failed"
        GONE = "gone"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    secret = models.CharField(max_length=64, default=drawn, editable=False)
    joins = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exports")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    names = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0, help_text="rows written")
    total = models.PositiveIntegerField(default=0, help_text="rows there were when it began")
    ready_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True, help_text="bytes")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by"], condition=Q(state__in=OPEN), name="one_export_of_a_person_at_a_time"
            ),
            models.CheckConstraint(condition=Q(names=False) | ~Q(reason=""), name="names_have_their_reason"),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False) | (~Q(state="running") & Q(lease_until=None)),
                name="an_export_is_held_while_it_is_made",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "gone"]) | Q(ready_at__isnull=False, size__isnull=False),
                name="an_export_that_was_ready_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "ready", "failed", "gone"]),
                name="an_export_has_a_known_state",
            ),
            models.CheckConstraint(condition=Q(ready_at=None) | Q(ready_at__gte=F("asked_at")), name="asked_then_made"),
        ]

    def __str__(self):
        return f"export of {self.cohort or 'all cohorts'} for {self.asked_by}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to come."""
        return self.state in OPEN

    @property
    def percent(self) -> int:
        """How far it is, from 0 to 100."""
        return min(100, self.done * 100 // self.total) if self.total else 0
