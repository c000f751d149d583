"""What is said under the feedback on an attempt, and that its client used it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models import Attempt, User
from clients.models.visibility import Visibility

from .review import Feedback

LONGEST = 1000  # characters


class Reply(models.Model):
    """A few words under the feedback on an attempt, by its client or by whoever reads them there. Never changed.

    It hangs on the attempt: feedback that is taken back takes no word with it, and what was said shows again with
    the next one.
    """

    VISIBILITY = Visibility.PAIR
    EXPORTED = ("quick", "text", "written_at")

    class Quick(models.TextChoices):
        """What a client says with one press, each once an attempt."""

        LOST = "lost", _("I did not understand this")
        OTHERWISE = "otherwise", _("I see it differently")
        TRIED = "tried", _("I tried it")

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="replies")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="replies")
    quick = models.CharField(max_length=9, choices=Quick, blank=True)
    text = models.CharField(max_length=LONGEST, blank=True)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["attempt", "written_at", "pk"]
        verbose_name_plural = "replies"
        constraints = [
            models.CheckConstraint(
                condition=Q(quick="") & ~Q(text="") | ~Q(quick="") & Q(text=""), name="a_reply_is_words_or_one_press"
            ),
            models.CheckConstraint(
                condition=Q(quick__in=["", "lost", "otherwise", "tried"]), name="a_press_is_one_of_three"
            ),
            models.UniqueConstraint(
                fields=["attempt", "quick"], condition=~Q(quick=""), name="each_is_pressed_once_an_attempt"
            ),
        ]

    def __str__(self):
        return f"reply by {self.author}"


class Used(models.Model):
    """A client has used what was said. No line of the journal: it is counted for its coach and for nobody else."""

    VISIBILITY = Visibility.PAIR
    EXPORTED = ("at",)

    feedback = models.OneToOneField(Feedback, on_delete=models.CASCADE, related_name="used")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "used"

    def __str__(self):
        return f"{self.feedback}, used"
