"""What reaches a person: notices in the app, what they want of it, and addresses that take no mail."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from .cohort import Cohort
from .message import Message
from .user import User
from .visibility import Visibility


class Channel(models.TextChoices):
    """The two ways in which something reaches a person."""

    MAIL = "mail", _("by mail")
    APP = "app", _("here")


class Notice(models.Model):
    """One line in a person's bell. Written with the message of the same key, and for nobody else to see.

    Like a message it holds ids only: its words and its link are made when it is read. It stands from `at` on; one
    nobody has read is gone after `until`, and as soon as its guard speaks against it (`withdrawn` says why).
    """

    VISIBILITY = Visibility.PRIVATE

    key = models.CharField(max_length=200)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices", db_index=False)
    kind = models.CharField(max_length=40)
    group = models.SlugField(
        max_length=20, blank=True, db_index=False, help_text="by which it can be switched off; empty where not"
    )
    cohort = models.ForeignKey(
        Cohort, on_delete=models.CASCADE, null=True, blank=True, related_name="notices", db_index=False
    )
    about = models.JSONField(default=dict, help_text="ids only")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    withdrawn = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-at"], name="notices_of_a_person"),
            models.Index(fields=["person"], condition=Q(read_at=None, withdrawn=""), name="notices_nobody_read"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="a_notice_stands_once"),
            models.CheckConstraint(condition=Q(read_at=None) | Q(withdrawn=""), name="what_was_read_is_not_withdrawn"),
            models.CheckConstraint(
                condition=Q(read_at=None) | Q(read_at__gte=F("at")), name="a_notice_is_read_once_it_is_there"
            ),
        ]

    def __str__(self):
        return f"{self.kind} for {self.person}"


class Preference(models.Model):
    """Whether one person wants one group of kinds by one channel. Without a row the group's own rule holds."""

    VISIBILITY = Visibility.PRIVATE

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="preferences")
    group = models.SlugField(max_length=20)
    channel = models.CharField(max_length=4, choices=Channel)
    wanted = models.BooleanField()

    class Meta:
        ordering = ["person", "group", "channel"]
        constraints = [
            models.UniqueConstraint(fields=["person", "group", "channel"], name="one_wish_a_group_and_channel"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="a_wish_is_about_a_channel_there_is"),
        ]

    def __str__(self):
        return f"{self.person}: {self.group} {self.channel} {'on' if self.wanted else 'off'}"


class Suppression(models.Model):
    """An address that took no mail for good. Until it is lifted nothing goes there; a lifted one stays as a record."""

    class Cause(models.TextChoices):
        BOUNCE = "bounce", _("mail came back")
        COMPLAINT = "complaint", _("marked as unwanted")

    address = models.EmailField()
    cause = models.CharField(max_length=10, choices=Cause)
    detail = models.CharField(max_length=300, blank=True, help_text="what the other mail server said")
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("address"), condition=Q(lifted_at=None), name="an_address_is_suppressed_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | Q(lifted_at__gte=F("since")),
                name="a_suppression_is_lifted_after_it_began",
            ),
        ]

    def __str__(self):
        return f"{self.address}: {self.get_cause_display()}"
