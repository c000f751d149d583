"""People. Everyone with an account is a `User`, and this is the floor of people.

Being a client, a coach, a lead coach or an admin is something a person *does* (an enrolment, an
assignment, a group), never what a person *is*: there is no role column here, on purpose.
"""

from datetime import time

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from curriculum import moments

ADMINS = "programme-admins"
LEAD_COACHES = "lead-coaches"
SPONSORS = "sponsors"
MOST_A_WEEK = 20  # reminders; more is no limit
EXTERNAL_ID_LENGTH = 64


class UserManager(BaseUserManager):
    """Creates people by e-mail address; addresses are stored in lower case."""

    def create_user(self, email, password=None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractUser):
    """A person with an account: how they sign in, which clock they live by, when to leave them alone."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("as my device")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    username = None  # type: ignore[assignment]  # people sign in by e-mail address
    first_name = None  # type: ignore[assignment]  # one name, as people write it
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=8, default="en")
    quiet_from = models.TimeField(_("quiet from"), default=time(21, 0))
    quiet_until = models.TimeField(_("quiet until"), default=time(7, 30))
    theme = models.CharField(_("theme"), max_length=8, choices=Theme, default=Theme.SYSTEM)
    texts_in_mail = models.BooleanField(_("texts in mail"), default=False)
    subject_only = models.BooleanField(_("subject only"), default=False)
    weekly_budget = models.PositiveSmallIntegerField(_("reminders a week"), default=4)
    letter_keys = models.BooleanField(_("single-letter keys"), default=True)
    known_words = models.JSONField(default=list, blank=True, help_text="team words this person's listeners know")
    external_id = models.CharField(
        max_length=EXTERNAL_ID_LENGTH, blank=True, help_text="how whoever sends lists of people knows them"
    )
    demo = models.BooleanField(default=False, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()  # type: ignore[misc,assignment]  # made by e-mail address, not by user name

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_an_address"),
            models.UniqueConstraint(
                fields=["external_id"], condition=~models.Q(external_id=""), name="one_account_an_external_id"
            ),
            models.CheckConstraint(condition=~models.Q(zone=""), name="a_person_has_a_time_zone"),
            models.CheckConstraint(
                condition=models.Q(weekly_budget__lte=MOST_A_WEEK), name="reminders_a_week_stay_countable"
            ),
        ]

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return self.first

    @property
    def first(self):
        """The name to greet with."""
        return str(self).split()[0]

    def zones(self) -> tuple[moments.ZoneFrom, ...]:
        """Where this person's clock has stood, oldest first; see `moments` for what a change moves."""
        changes = sorted(self.zone_changes.all(), key=lambda change: change.at)
        if not changes:
            return (moments.ZoneFrom(None, self.zone),)
        first = moments.ZoneFrom(None, changes[0].old_zone)
        return (first, *(moments.ZoneFrom(change.at, change.new_zone) for change in changes))


class ZoneChange(models.Model):
    """A person moved zone. Kept because a due time already past stays where it was."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="zone_changes")
    at = models.DateTimeField()
    old_zone = models.CharField(max_length=64)
    new_zone = models.CharField(max_length=64)

    class Meta:
        ordering = ["person", "at"]

    def __str__(self):
        return f"{self.old_zone} → {self.new_zone}"
