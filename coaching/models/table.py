"""A table of people that somebody brought and that is too long to wait for. The row is the work."""

from django.db import models
from django.db.models import F, Q

from clients.models import Cohort, User

OPEN = ("waiting", "running")


class BroughtTable(models.Model):
    """`text` is the table while it waits, then the lines of it that are to be mended; a day later it is empty.

    Whoever reads it holds the row by a lease, and `tries` tells holders apart. `counts` says how many lines are of
    which kind: as they were looked at while it is being read, as they were done once it is.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    brought_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="brought_tables")
    cohort = models.ForeignKey(Cohort, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True, editable=False)
    columns = models.JSONField(help_text="which column holds what, by its place")
    lines = models.PositiveIntegerField(help_text="of people")
    brought_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-brought_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["brought_by"], condition=Q(state__in=OPEN), name="one_table_of_a_person_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False) | (~Q(state="running") & Q(lease_until=None)),
                name="a_table_is_held_while_it_is_read",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed"]), name="a_table_has_a_known_state"
            ),
            models.CheckConstraint(condition=~Q(state__in=OPEN) | ~Q(text=""), name="a_table_that_waits_is_there"),
            models.CheckConstraint(
                condition=Q(state="done", ended_at__isnull=False) | (~Q(state="done") & Q(ended_at=None)),
                name="a_table_that_is_done_says_when",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("brought_at")), name="brought_then_done"
            ),
        ]

    def __str__(self):
        return f"table of {self.lines} people of {self.brought_by}"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done with it."""
        return self.state in OPEN

    @property
    def percent(self) -> int:
        """How far it is, from 0 to 100: waiting, looked at line by line, written all at once."""
        if self.state == self.State.DONE:
            return 100
        return 50 if self.state == self.State.RUNNING and self.counts else 0
