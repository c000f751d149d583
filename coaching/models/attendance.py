"""Who was at a live session."""

from django.db import models
from django.db.models import F, Q

from clients.models import Enrolment, User

from .session import LiveSession


class Attendance(models.Model):
    """One client at one live session, as whoever leads it marked it. A correction takes the place of what stood.

    `began_at` is when the session began, so that the database can see that nobody was marked before.
    """

    class Presence(models.TextChoices):
        HERE = "here"
        LATE = "late"
        ABSENT = "absent"
        EXCUSED = "excused"

    EXPORTED = ("presence", "began_at", "marked_at")

    session = models.ForeignKey(LiveSession, on_delete=models.PROTECT, related_name="attendance")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attendance")
    presence = models.CharField(max_length=8, choices=Presence)
    began_at = models.DateTimeField()
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["session", "enrolment"]
        constraints = [
            models.UniqueConstraint(fields=["session", "enrolment"], name="a_client_is_marked_once_a_session"),
            models.CheckConstraint(
                condition=Q(presence__in=["here", "late", "absent", "excused"]),
                name="somebody_was_here_late_absent_or_excused",
            ),
            models.CheckConstraint(
                condition=Q(marked_at__gte=F("began_at")), name="nobody_is_marked_before_the_session_begins"
            ),
        ]

    def __str__(self):
        return f"{self.enrolment} was {self.presence} at {self.session}"
