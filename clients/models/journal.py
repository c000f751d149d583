"""The journal: who did what, in text, append-only."""

from django.db import models


class JournalEntry(models.Model):
    """One line. Text and plain numbers instead of foreign keys, so that it outlives what it speaks of."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    actor_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    cohort_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "journal entries"
        indexes = [models.Index(fields=["subject", "at"], name="journal_of_a_subject")]

    def __str__(self):
        return f"{self.actor} {self.action} {self.subject}"
