"""Copies of their own things that clients release to whoever pays."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models import Enrolment, Visibility


class Release(models.Model):
    """A copy as it was at one moment, for the sponsors of the cohort. Frozen by trigger.

    Withdrawn it has no words and no source any more: that there was one, of which kind and when, is all that stays.
    """

    class Kind(models.TextChoices):
        PIECE = "piece", _("a piece handed in")
        ANSWERED = "answered", _("a piece with its feedback")
        MEETING = "meeting", _("an entry of the meeting log")
        LINE = "line", _("a line of the ledger")
        ONE = "oneonone", _("a 1:1 as it was planned")
        NOTE = "note", _("a note")

    VISIBILITY = Visibility.RELEASED
    EXPORTED = ("kind", "title", "text", "released_at", "withdrawn_at")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="releases")
    kind = models.CharField(max_length=8, choices=Kind)
    source = models.PositiveBigIntegerField(null=True, blank=True, help_text="the number of the row it is a copy of")
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    released_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-released_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "kind", "source"],
                condition=Q(withdrawn_at__isnull=True),
                name="something_is_released_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, source__isnull=False) & ~Q(title="") & ~Q(text="")
                | Q(withdrawn_at__gte=F("released_at"), source__isnull=True, title="", text=""),
                name="a_copy_has_its_words_until_it_is_withdrawn",
            ),
        ]

    def __str__(self):
        return f"{self.kind} released by {self.enrolment.client}"
