"""Somebody is to become an admin: one admin proposes it, another confirms it."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from .user import User
from .visibility import Visibility

CONFIRMED_WITHIN = timedelta(days=7)


class AdminProposal(models.Model):
    """One proposal. Open until another admin confirms it, somebody takes it back, or seven days are over."""

    VISIBILITY = Visibility.PROGRAMME
    EXPORTED = ("reason", "proposed_at", "confirmed_at", "ended_at")

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="admin_proposals")
    reason = models.CharField(max_length=200)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="when it was taken back, or made anew")

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_proposal_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("proposed_by")) & ~Q(confirmed_by=F("person")),
                name="whoever_confirms_is_neither_proposer_nor_proposed",
            ),
            models.CheckConstraint(condition=~Q(person=F("proposed_by")), name="nobody_proposes_themselves"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                    confirmed_at__gte=F("proposed_at"),
                    confirmed_at__lte=F("proposed_at") + CONFIRMED_WITHIN,
                    ended_at__isnull=True,
                ),
                name="a_proposal_is_confirmed_within_seven_days",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(confirmed_at__isnull=True, ended_at__isnull=True),
                name="one_open_proposal_a_person",
            ),
        ]

    def __str__(self):
        return f"{self.person} as an admin"

    @property
    def ends_at(self):
        """Until when it can be confirmed."""
        return self.proposed_at + CONFIRMED_WITHIN
