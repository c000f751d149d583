"""Small records of practice that are nobody's homework."""

from django.db import models

from curriculum.models import Lesson

from .enrolment import Enrolment


class LessonReading(models.Model):
    """A client marked a lesson as read; unmarking deletes the row."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="lesson_readings")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="readings")
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["enrolment", "lesson"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], name="a_lesson_is_read_once")]

    def __str__(self):
        return f"{self.lesson} read by {self.enrolment.client}"
