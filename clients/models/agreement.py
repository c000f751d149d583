"""The coaching agreement: who sees what, where confidentiality ends, how long what is kept; and who accepted it."""

from django.db import models
from django.db.models import Q

LONGEST = 20_000  # characters


class CoachingAgreement(models.Model):
    """One version, in Markdown. Never changed, by trigger too: a change is the next version, and asks everybody again.

    `sha256` is of the text, in UTF-8, which the database checks: by it an acceptance says which words were read.
    """

    number = models.PositiveIntegerField(unique=True)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.CharField(
        max_length=120, blank=True, help_text="a name; empty for the one that comes with the product"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="an_agreement_has_words"),
            models.UniqueConstraint(fields=["id", "sha256"], name="a_version_and_its_hash"),
        ]

    def __str__(self):
        return f"coaching agreement, version {self.number}"


class Acceptance(models.Model):
    """A client accepted one version. Never changed and never taken back: whoever does not want it leaves."""

    EXPORTED = ("agreement", "sha256", "accepted_at")

    enrolment = models.ForeignKey("clients.Enrolment", on_delete=models.PROTECT, related_name="acceptances")
    agreement = models.ForeignKey(CoachingAgreement, on_delete=models.PROTECT, related_name="acceptances")
    sha256 = models.CharField(max_length=64, help_text="of the text as it was shown")
    accepted_at = models.DateTimeField()

    class Meta:
        ordering = ["enrolment", "accepted_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "agreement"], name="a_version_is_accepted_once"),
        ]

    def __str__(self):
        return f"{self.agreement}, accepted by {self.enrolment.client}"
