"""What a client and one of their coaches write to each other."""

from django.db import models
from django.db.models import F, Q

from clients.models import Enrolment, Submission, User
from clients.models.visibility import Visibility

LONGEST = 2000  # characters of a word


class Conversation(models.Model):
    """One client and one coach of their cohort. What waits and what nobody has read yet is kept with it."""

    VISIBILITY = Visibility.PAIR

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="conversations")
    coach = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conversations")
    begun_at = models.DateTimeField()
    last_at = models.DateTimeField()
    waits_since = models.DateTimeField(null=True, blank=True, help_text="since when the client waits for an answer")
    new_to_client_since = models.DateTimeField(null=True, blank=True, help_text="the first word they have not read")
    new_to_coach_since = models.DateTimeField(null=True, blank=True, help_text="the first word they have not read")

    class Meta:
        ordering = ["-last_at", "-pk"]
        indexes = [models.Index(fields=["coach"], condition=Q(waits_since__isnull=False), name="who_waits_for_a_coach")]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "coach"], name="one_conversation_a_pair"),
            models.CheckConstraint(
                condition=Q(last_at__gte=F("begun_at")), name="a_conversation_goes_on_from_its_start"
            ),
        ]

    def __str__(self):
        return f"{self.enrolment.client} and {self.coach}"


class Word(models.Model):
    """What one of them wrote, or whoever stood in for the coach. Never changed. `piece` is what it is about."""

    VISIBILITY = Visibility.PAIR
    EXPORTED = ("text", "written_at")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="words")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="words")
    piece = models.ForeignKey(Submission, on_delete=models.PROTECT, null=True, blank=True, related_name="words")
    text = models.CharField(max_length=LONGEST)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["conversation", "written_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_word_says_something")]

    def __str__(self):
        return f"word by {self.author}"
