"""The comment bank: lines coaches keep for another time, and where a line was used."""

from django.db import models
from django.db.models import Q

from clients.models import User, Visibility
from curriculum.models import Criterion

from .review import Feedback


class BankLine(models.Model):
    """A line with slots such as {quote}, about a criterion at a level ("r-write.know", 2) or about everything.

    Its author's alone until they share it with everybody who coaches.
    """

    class Kind(models.TextChoices):
        KEEP = "keep"
        TRY = "try"

    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="bank_lines")
    kind = models.CharField(max_length=4, choices=Kind)
    text = models.CharField(max_length=500)
    about = models.CharField(max_length=101, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    visibility = models.CharField(max_length=13, choices=Visibility, default=Visibility.PRIVATE)
    kept_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "about", "level", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_bank_line_says_something"),
            models.CheckConstraint(condition=Q(kind__in=["keep", "try"]), name="a_bank_line_is_to_keep_or_to_try"),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__gte=1, level__lte=4) & ~Q(about=""),
                name="a_bank_line_is_for_a_level_of_its_criterion",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=["private", "coaching_team"]), name="a_bank_line_is_for_coaches_only"
            ),
        ]

    def __str__(self):
        return self.text


class BankUse(models.Model):
    """A feedback that was sent with the words of a line: a coach's, or a starter line of the edition by its key."""

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="bank_uses")
    line = models.ForeignKey(BankLine, on_delete=models.CASCADE, null=True, blank=True, related_name="uses")
    starter = models.SlugField(blank=True)
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["feedback"]
        constraints = [
            models.UniqueConstraint(fields=["feedback", "line"], name="a_line_is_used_once_a_feedback"),
            models.UniqueConstraint(
                fields=["feedback", "starter"], condition=~Q(starter=""), name="a_starter_is_used_once_a_feedback"
            ),
            models.CheckConstraint(
                condition=Q(line__isnull=False, starter="") | Q(line__isnull=True) & ~Q(starter=""),
                name="a_use_is_of_one_line",
            ),
        ]

    def __str__(self):
        return f"{self.starter or self.line_id} in {self.feedback_id}"
