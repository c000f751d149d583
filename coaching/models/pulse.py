"""Whom a client asks what working with them is like, the links those people hold, and what they said.

What was said names no rater and has no time: nobody, whoever looks at the tables, finds there who said what.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from clients.models import Enrolment, Visibility


class Rater(models.Model):
    """Somebody without an account whom a client asks. `wording` is one of the edition's, `own_words` the client's."""

    class Group(models.TextChoices):
        MANAGER = "manager"
        PEER = "peer"

    VISIBILITY = Visibility.PRIVATE

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="raters")
    group = models.CharField(max_length=10, choices=Group)
    name = models.CharField(max_length=80)
    address = models.EmailField(help_text="in small letters")
    wording = models.CharField(max_length=20)
    own_words = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["enrolment", "asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "address"], name="a_client_asks_somebody_at_one_address_once"),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(group="manager", withdrawn_at__isnull=True),
                name="a_client_asks_one_manager_at_a_time",
            ),
            models.CheckConstraint(condition=Q(group__in=["manager", "peer"]), name="a_rater_is_a_manager_or_a_peer"),
            models.CheckConstraint(
                condition=Q(address=Lower("address")), name="a_rater_has_an_address_in_small_letters"
            ),
        ]

    def __str__(self):
        return f"rater {self.pk}"

    @property
    def is_asked(self) -> bool:
        """Whether they may still be written to."""
        return self.withdrawn_at is None and self.declined_at is None


class PulseLink(models.Model):
    """One rater asked at one moment. Only the token's SHA-256 is stored. `is_planned`: its mails come when the moment
    begins by the cohort's calendar; the others were sent at once."""

    class Moment(models.TextChoices):
        START = "p-start"
        END = "p-end"

    VISIBILITY = Visibility.PRIVATE

    rater = models.ForeignKey(Rater, on_delete=models.CASCADE, related_name="links")
    moment = models.CharField(max_length=10, choices=Moment)
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    is_planned = models.BooleanField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["rater", "asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["rater", "moment"], name="a_rater_is_asked_once_a_moment"),
            models.CheckConstraint(
                condition=Q(moment__in=["p-start", "p-end"]), name="raters_are_asked_at_two_moments"
            ),
        ]

    def __str__(self):
        return f"link {self.pk} of rater {self.rater_id}"


class PulseAnswer(models.Model):
    """What one of a group said: points by item, two lines. Frozen. A manager says whether it may be shown as theirs."""

    VISIBILITY = Visibility.PRIVATE

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="pulse_answers")
    moment = models.CharField(max_length=10, choices=PulseLink.Moment)
    group = models.CharField(max_length=10, choices=Rater.Group)
    points = models.JSONField(help_text="{item: 1 to 5}; what somebody has not seen enough of is left out")
    keep = models.CharField(max_length=300, blank=True)
    try_next = models.CharField(max_length=300, blank=True)
    is_named = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(group="manager") | Q(group="peer", is_named=False), name="only_a_manager_is_named"
            ),
            models.CheckConstraint(condition=Q(moment__in=["p-start", "p-end"]), name="raters_answer_at_two_moments"),
        ]

    def __str__(self):
        return f"answer of a {self.group}"
