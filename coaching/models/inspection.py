"""An admin reads part of one client's record for an hour, for a reason that the client is told at once."""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from clients.models import Enrolment, User
from clients.models.visibility import Visibility

from .substitution import itself

LASTS = timedelta(minutes=60)
OWN = {
    "work": _("what you handed in, and the feedback on it"),
    "talk": _("what you and your coaches write to each other"),
    "notes": _("notes that only you and your coaches read"),
}


class Inspection(models.Model):
    """One hour, one client, one part of their record. It ends by itself; nothing has to happen for that."""

    VISIBILITY = Visibility.PROGRAMME
    EXPORTED = ("about", "reason", "began_at", "ends_at", "ended_at")

    class About(models.TextChoices):
        WORK = "work", _("what they handed in, and the feedback on it")
        TALK = "talk", _("what they and their coaches write to each other")
        NOTES = "notes", _("notes that only they and their coaches read")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="inspections")
    admin = models.ForeignKey(User, on_delete=models.PROTECT, related_name="inspections")
    about = models.CharField(max_length=8, choices=About)
    reason = models.CharField(max_length=300)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="where the admin was done before the hour was")

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(about__in=["work", "talk", "notes"]), name="an_inspection_is_of_a_part"),
            models.CheckConstraint(condition=~Q(reason=""), name="an_inspection_has_a_reason"),
            models.CheckConstraint(condition=Q(ends_at=F("began_at") + LASTS), name="an_inspection_lasts_an_hour"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at"), ended_at__lte=F("ends_at")),
                name="an_inspection_ends_within_its_hour",
            ),
            ExclusionConstraint(
                name="one_inspection_of_a_client_at_a_time",
                expressions=[
                    (itself("admin"), RangeOperators.OVERLAPS),
                    (itself("enrolment"), RangeOperators.OVERLAPS),
                    (
                        Func(F("began_at"), Coalesce(F("ended_at"), F("ends_at")), function="tstzrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.admin} reads of {self.enrolment}"

    @property
    def about_own(self):
        """The part, as its client is told of it."""
        return OWN[self.about]

    def is_open(self, at) -> bool:
        return self.ended_at is None and self.began_at <= at < self.ends_at


class InspectionRead(models.Model):
    """One thing that was opened. Never changed, and never outside the hour, by trigger too."""

    VISIBILITY = Visibility.PROGRAMME
    EXPORTED = ("title", "at")

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="reads")
    number = models.BigIntegerField(help_text="of the piece, conversation or note")
    title = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.title}, opened"
