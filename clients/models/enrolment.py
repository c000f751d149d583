"""How a person comes into a cohort (invitation) and being in it (enrolment)."""

from django.db import models
from django.db.models import F, Q

from .agreement import CoachingAgreement
from .cohort import Cohort
from .user import EXTERNAL_ID_LENGTH, User


class Invitation(models.Model):
    """A single-use, expiring invitation. Only the token's SHA-256 is stored, so the table opens no door."""

    class Role(models.TextChoices):
        CLIENT = "client"
        COACH = "coach"
        ADMIN = "admin"
        SPONSOR = "sponsor"

    email = models.EmailField(blank=True, help_text="empty only for the first admin's one-time link")
    name = models.CharField(max_length=120, blank=True)
    zone = models.CharField(max_length=64, blank=True, help_text="where whoever invites says that they live")
    external_id = models.CharField(
        max_length=EXTERNAL_ID_LENGTH, blank=True, help_text="goes to the account that accepts"
    )
    role = models.CharField(max_length=8, choices=Role)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, null=True, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=120)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="invitations_accepted"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    is_waiting = models.BooleanField(default=False, help_text="put down; no letter goes before they are opened")

    class Meta:
        ordering = ["-invited_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_waiting=False) | Q(accepted_at__isnull=True),
                name="nobody_accepts_an_invitation_that_waits",
            ),
            models.CheckConstraint(
                condition=Q(cohort__isnull=False) | Q(role="admin"), name="only_admins_are_invited_to_no_cohort"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="an_accepted_invitation_is_not_revoked",
            ),
            models.UniqueConstraint(
                fields=["email", "cohort", "role"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True, cohort__isnull=False),
                name="one_open_invitation_a_person_and_cohort",
            ),
            models.UniqueConstraint(
                fields=["external_id", "cohort", "role"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True) & ~Q(external_id=""),
                name="one_open_invitation_an_external_id_and_cohort",
            ),
        ]

    def __str__(self):
        return f"{self.email or 'first admin'} as {self.role}"


class EnrolmentQuerySet(models.QuerySet):
    def active(self):
        return self.filter(state=Enrolment.State.ACTIVE)


class Enrolment(models.Model):
    """A client in a cohort. Everything they hand in there hangs on this row."""

    class State(models.TextChoices):
        ACTIVE = "active"
        WITHDRAWN = "withdrawn"
        COMPLETED = "completed"
        TRANSFERRED = "transferred"

    LEFT = (State.WITHDRAWN, State.TRANSFERRED)

    client = models.ForeignKey(User, on_delete=models.PROTECT, related_name="enrolments")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="enrolments")
    state = models.CharField(max_length=11, choices=State, default=State.ACTIVE)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    went_on_in = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="came_from", help_text="where they go on"
    )
    seen_at = models.DateTimeField(null=True, blank=True)
    focus = models.CharField(max_length=200, blank=True, help_text="one sentence agreed at the midpoint")
    focus_competency = models.SlugField(blank=True)
    focus_at = models.DateTimeField(null=True, blank=True)
    agreement = models.ForeignKey(
        CoachingAgreement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="the version accepted last; there is an acceptance of it, by foreign key",
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["cohort", "client__name", "pk"]
        indexes = [
            models.Index(
                fields=["cohort"], condition=Q(state__in=["withdrawn", "transferred"]), name="who_left_a_cohort"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["client", "cohort"], name="once_in_a_cohort"),
            models.CheckConstraint(
                condition=Q(state="active", left_at__isnull=True) | (~Q(state="active") & Q(left_at__isnull=False)),
                name="left_at_says_when_an_enrolment_ended",
            ),
            models.CheckConstraint(
                condition=Q(state="transferred", went_on_in__isnull=False)
                | (~Q(state="transferred") & Q(went_on_in__isnull=True)),
                name="who_is_transferred_goes_on_somewhere",
            ),
            models.CheckConstraint(condition=~Q(went_on_in=F("id")), name="nobody_goes_on_where_they_left"),
            models.CheckConstraint(
                condition=Q(focus="", focus_at__isnull=True) | (~Q(focus="") & Q(focus_at__isnull=False)),
                name="a_focus_says_when_it_was_agreed",
            ),
        ]

    def __str__(self):
        return f"{self.client} in {self.cohort}"

    @property
    def has_accepted(self) -> bool:
        """Whether the coaching agreement the cohort asks for now is accepted. Reads `cohort`."""
        return self.cohort.agreement_id in (None, self.agreement_id)

    @property
    def is_active(self):
        return self.state == self.State.ACTIVE

    @property
    def is_on_hold(self):
        """Reads `holds`, so prefetch them for a list."""
        return any(hold.ended_at is None for hold in self.holds.all())
