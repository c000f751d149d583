"""That a coach and a client have talked about a piece that was to be discussed live."""

from django.db import models

from clients.models import User
from clients.models.visibility import Visibility

from .review import Feedback

LONGEST = 200  # characters


class Talk(models.Model):
    """They talked about it, on which day by the coach's own calendar, and a line of it if there is one. A correction
    takes the place of what stood; feedback that is taken back takes it with it."""

    VISIBILITY = Visibility.PAIR
    EXPORTED = ("day", "line", "marked_at")

    feedback = models.OneToOneField(Feedback, on_delete=models.CASCADE, related_name="talk")
    coach = models.ForeignKey(User, on_delete=models.PROTECT, related_name="talks")
    day = models.DateField()
    line = models.CharField(max_length=LONGEST, blank=True)
    marked_at = models.DateTimeField()

    class Meta:
        ordering = ["day", "pk"]

    def __str__(self):
        return f"talk about {self.feedback.attempt}"
