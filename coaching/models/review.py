"""Reading an attempt and answering it: the claim, the draft of the feedback, the feedback and its marks."""

from django.db import models
from django.db.models import Q

from clients.models import Attempt, User
from curriculum.models import Criterion


class Claim(models.Model):
    """One coach has this attempt in hand, by name. `touched_at` moves with every saved draft."""

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="claim")
    coach = models.ForeignKey(User, on_delete=models.PROTECT, related_name="claims")
    claimed_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        ordering = ["-claimed_at"]

    def __str__(self):
        return f"{self.coach} has {self.attempt}"


class FeedbackDraft(models.Model):
    """What a coach has written so far. Nobody but its author reads it; nothing is sent from here by itself."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="feedback_drafts")
    coach = models.ForeignKey(User, on_delete=models.PROTECT, related_name="feedback_drafts")
    keep = models.TextField(blank=True)
    try_next = models.TextField(blank=True)
    levels = models.JSONField(default=dict, help_text="criterion id → 1…4")
    another = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "coach"], name="one_feedback_draft_a_coach"),
        ]

    def __str__(self):
        return f"draft on {self.attempt}"


class Feedback(models.Model):
    """One thing to keep, one to try, and what happens next. It shows at `shown_from`, which leaves time to undo."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted"
        ANOTHER = "another"

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="feedback")
    coach = models.ForeignKey(User, on_delete=models.PROTECT, related_name="feedback_given")
    keep = models.TextField()
    try_next = models.TextField()
    verdict = models.CharField(max_length=8, choices=Verdict)
    sent_at = models.DateTimeField()
    shown_from = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at"]
        verbose_name_plural = "feedback"
        constraints = [
            models.CheckConstraint(condition=~Q(keep="") & ~Q(try_next=""), name="keep_and_try_are_both_there"),
            models.CheckConstraint(
                condition=Q(shown_from__gte=models.F("sent_at")), name="feedback_shows_after_it_is_sent"
            ),
        ]

    def __str__(self):
        return f"feedback on {self.attempt}"


class Mark(models.Model):
    """The level given for one criterion."""

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="marks")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["feedback", "criterion__position"]
        constraints = [
            models.UniqueConstraint(fields=["feedback", "criterion"], name="one_level_a_criterion"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="a_mark_is_between_1_and_4"),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.level}"
