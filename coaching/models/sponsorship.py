"""Who pays for a cohort, and from when until when they may see what sponsors see of it."""

from django.db import models
from django.db.models import F, Q

from clients.models import Cohort, User
from clients.models.user import SPONSORS


class SponsorshipQuerySet(models.QuerySet):
    def of_person(self, person):
        """Those that stand for whoever is a sponsor at all; `person` may be a column."""
        return self.filter(sponsor=person, ended_at=None, sponsor__groups__name=SPONSORS)


class Sponsorship(models.Model):
    """A person stands for whoever pays for a cohort, from an instant and until further notice or an end."""

    sponsor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sponsorships")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="sponsorships")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SponsorshipQuerySet.as_manager()

    class Meta:
        ordering = ["cohort", "since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sponsor", "cohort"], condition=Q(ended_at__isnull=True), name="a_sponsor_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("since")),
                name="a_sponsorship_ends_after_it_began",
            ),
        ]

    def __str__(self):
        return f"{self.sponsor} is a sponsor of {self.cohort}"
