"""Notes, each for exactly one class of readers, named on the button that saved it."""

from django.db import models
from django.db.models import Q

from clients.models import Cohort, Enrolment, User
from clients.models.visibility import Visibility

LONGEST = 5000  # characters


class Note(models.Model):
    """A few words about a client, or about a cohort where it names none. Never changed; its author may take it away.

    One that is released has a copy, which a sponsor reads; see `Release`.
    """

    EXPORTED = ("text", "visibility", "written_at")

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="notes")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, null=True, blank=True, related_name="notes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notes")
    visibility = models.CharField(max_length=13, choices=Visibility)
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["cohort", "enrolment", "-written_at"], name="notes_of_somebody")]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_note_says_something"),
            models.CheckConstraint(
                condition=Q(visibility__in=["private", "pair", "coaching_team", "programme", "cohort", "released"]),
                name="a_note_is_of_one_class",
            ),
            models.CheckConstraint(
                condition=~Q(visibility__in=["pair", "released"]) | Q(enrolment__isnull=False),
                name="what_a_pair_shares_or_releases_has_a_client",
            ),
            models.CheckConstraint(
                condition=~Q(visibility="cohort") | Q(enrolment__isnull=True),
                name="a_note_to_everybody_is_about_nobody",
            ),
        ]

    def __str__(self):
        return f"{self.visibility} note by {self.author}"
