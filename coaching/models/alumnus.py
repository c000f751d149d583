"""What a graduate allows, and how they say things stand three, six and twelve months later."""

from django.db import models
from django.db.models import F, Q

from clients.models import Enrolment, Visibility


class Consent(models.Model):
    """Something a client has agreed to, in the words they read. Taken back, it stays on record."""

    class Scope(models.TextChoices):
        CHECK_INS = "check_ins"
        CERTIFICATE = "certificate"
        SPONSOR_NOTES = "sponsor_notes"
        PULSE = "pulse"

    VISIBILITY = Visibility.PROGRAMME
    EXPORTED = ("scope", "text", "given_at", "withdrawn_at")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="consents")
    scope = models.CharField(max_length=20, choices=Scope)
    text = models.TextField()
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["enrolment", "given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "scope"],
                condition=Q(withdrawn_at__isnull=True),
                name="something_is_agreed_to_once_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="what_is_agreed_to_has_its_words"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="what_is_agreed_to_ends_after_it_began",
            ),
        ]

    def __str__(self):
        return f"{self.scope} of {self.enrolment.client}"


class CheckIn(models.Model):
    """One of the three. Without an answer nothing is known: that is neither a yes nor a no.

    Only the token's SHA-256 is stored. `proof` says how what is told could be seen by somebody else.
    """

    class Proof(models.TextChoices):
        TOLD = "told"
        SEEN = "seen"
        CONFIRMED = "confirmed"

    VISIBILITY = Visibility.PAIR
    EXPORTED = ("months", "answers", "points", "proof", "shares_what_helped", "answered_at")
    MONTHS = (3, 6, 12)

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="check_ins")
    months = models.PositiveSmallIntegerField()
    token_hash = models.CharField(max_length=64, unique=True)
    answers = models.JSONField(default=dict)
    points = models.JSONField(default=dict, help_text="{item: 1 to 5}, by the anchors coaches rate by")
    proof = models.CharField(max_length=10, choices=Proof, blank=True)
    shares_what_helped = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["enrolment", "months"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "months"], name="a_graduate_is_asked_once_a_time"),
            models.CheckConstraint(condition=Q(months__in=(3, 6, 12)), name="check_ins_come_after_3_6_and_12_months"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=False) | Q(answers={}, points={}, proof=""),
                name="what_was_said_says_when",
            ),
        ]

    def __str__(self):
        return f"check-in of {self.enrolment.client} after {self.months} months"


class Certificate(models.Model):
    """That somebody has finished, by a number of its own. Goes when that is taken back."""

    VISIBILITY = Visibility.PRIVATE
    EXPORTED = ("code", "given_at")

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="certificate")
    code = models.CharField(max_length=14, unique=True, help_text="its number, as it is printed; drawn")
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["given_at", "pk"]

    def __str__(self):
        return f"certificate {self.code}"

    @property
    def number(self) -> str:
        return self.code
