"""Snapshots of the outcomes report: computed once, frozen, and the same ever after.

What is frozen is `data`: canonical JSON, whose SHA-256 is `sha256`. Who stands behind its numbers is kept beside it,
for one reason: so that a later snapshot gives nobody away by what is different. Those rows go with the person.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models import Cohort, Enrolment, User
from curriculum.small_groups import LEAST_FOR_ADMINS, LEAST_FOR_SPONSORS

TITLE_LENGTH = 160


class Snapshot(models.Model):
    """One report of some cohorts. An admin asks, a worker computes; frozen, triggers refuse every change.

    Whoever computes holds the row by a lease, and `tries` tells holders apart. `title` empty: the finding, by rule.
    `shown` has, by measure, which numbers were shown, so that later ones can be held beside it.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waiting")
        COMPUTING = "computing", _("being computed")
        FROZEN = "frozen", _("frozen")
        FAILED = "failed", _("failed")

    class Audience(models.TextChoices):
        ADMIN = "admin", _("admins")
        SPONSOR = "sponsor", _("a sponsor")

    MOVES = {
        State.ASKED: {State.COMPUTING},
        State.COMPUTING: {State.ASKED, State.FROZEN, State.FAILED},
        State.FAILED: {State.ASKED},
        State.FROZEN: set(),
    }
    LEAST = {Audience.ADMIN: LEAST_FOR_ADMINS, Audience.SPONSOR: LEAST_FOR_SPONSORS}

    cohorts = models.ManyToManyField(Cohort, related_name="snapshots")
    of = models.CharField(max_length=500, help_text="the numbers of its cohorts, in order")
    audience = models.CharField(max_length=10, choices=Audience)
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0, help_text="0 before it is known how many there are")
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=40, blank=True, help_text="why it failed, as a code")
    data = models.TextField(blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    data_at = models.DateTimeField(null=True, blank=True, help_text="when its numbers were read")
    frozen_at = models.DateTimeField(null=True, blank=True)
    shown = models.JSONField(default=dict, editable=False)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["of", "audience"],
                condition=Q(state__in=["asked", "computing"]),
                name="a_snapshot_is_asked_for_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="frozen", data_at__isnull=False, frozen_at__isnull=False)
                & Q(sha256__regex=r"^[0-9a-f]{64}$")
                & ~Q(data="")
                & ~Q(title="")
                | ~Q(state="frozen") & Q(data="", sha256="", frozen_at__isnull=True),
                name="what_is_frozen_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="computing", lease_until__isnull=False)
                | ~Q(state="computing") & Q(lease_until__isnull=True),
                name="whoever_computes_holds_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") & ~Q(error="") | ~Q(state="failed") & Q(error=""),
                name="a_snapshot_that_failed_says_why",
            ),
            models.CheckConstraint(condition=Q(step__lte=F("steps")), name="no_more_steps_than_there_are"),
            models.CheckConstraint(condition=~Q(of=""), name="a_snapshot_is_of_some_cohort"),
        ]

    def __str__(self):
        return self.title or f"snapshot {self.pk}"

    @property
    def least(self) -> int:
        """The fewest people a number may come from."""
        return self.LEAST[self.Audience(self.audience)]

    @property
    def is_frozen(self) -> bool:
        return self.state == self.State.FROZEN

    @property
    def is_on_the_way(self) -> bool:
        return self.state in (self.State.ASKED, self.State.COMPUTING)


class SnapshotPart(models.Model):
    """One client's part in a snapshot: by measure their group, and what is added up of them, without their answers."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="parts")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    places = models.JSONField()

    class Meta:
        ordering = ["snapshot", "enrolment"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "enrolment"], name="a_client_has_one_part_in_a_snapshot"),
        ]

    def __str__(self):
        return f"part of {self.enrolment_id} in {self.snapshot_id}"
