"""The outbox: everything that leaves the house leaves through this table."""

from django.db import models
from django.db.models import Q

from .cohort import Cohort
from .user import User


class Message(models.Model):
    """One message to one person. Written in the transaction it reports, rendered and sent later.

    `key` is unique and stable, so an effect that runs twice posts once and a provider can recognise a
    repeat. The row holds ids only; words are rendered at send time, after the kind's guard has been
    asked on live rows. `seeded` messages belong to a made-up past and never leave.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        HELD = "held"
        CANCELLED = "cancelled"
        UNKNOWN = "unknown"
        DEAD = "dead"
        SEEDED = "seeded"

    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    person = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="messages")
    address = models.EmailField(blank=True, help_text="for people who have no account yet")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, null=True, related_name="messages", db_index=False)
    about = models.JSONField(default=dict, help_text="ids only")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    reason = models.CharField(max_length=200, blank=True)
    posted_at = models.DateTimeField()
    available_at = models.DateTimeField()
    not_after = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    first_try_at = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True, help_text="when a mail server without keys was last tried")
    maybe_twice = models.BooleanField(
        default=False, db_default=False, help_text="it was sent again and may have arrived before"
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-posted_at", "-pk"]
        indexes = [
            models.Index(fields=["available_at"], condition=Q(state="queued"), name="messages_due"),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="messages_leased"),
            models.Index(fields=["sent_at"], condition=Q(state="sent"), name="messages_sent"),
            models.Index(fields=["cohort", "-posted_at"], name="messages_of_a_cohort"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="a_message_is_posted_once"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="sent_means_sent_at",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(state="sending") & Q(lease_token__isnull=True, lease_until__isnull=True)),
                name="a_message_being_sent_has_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "unknown", "dead"]) | ~Q(reason=""), name="what_stays_says_why"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(address=""), name="a_message_has_somebody_to_go_to"
            ),
        ]

    def __str__(self):
        return f"{self.kind} to {self.person or self.address}"
