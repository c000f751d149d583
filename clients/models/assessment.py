"""A person's own ratings: before, in the middle and after."""

from django.db import models
from django.db.models import Q

from .enrolment import Enrolment
from .visibility import Visibility


class Assessment(models.Model):
    """One walk through the twenty statements, kept answer by answer. For the pair; an admin sees that it was done.

    `answers` maps an item's key to 1 … 5, or to 0 for *did not come up*. `extra` holds what only the midpoint asks,
    `looking_back` the ratings of week 0 as seen from the end.
    """

    VISIBILITY = Visibility.PAIR
    EXPORTED = ("moment", "answers", "readiness", "remark", "extra", "looking_back", "finished_at")

    class Moment(models.TextChoices):
        BASELINE = "a0"
        MIDPOINT = "a4"
        FINAL = "a8"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="assessments")
    moment = models.CharField(max_length=2, choices=Moment)
    answers = models.JSONField(default=dict)
    readiness = models.JSONField(default=dict)
    remark = models.TextField(blank=True)
    extra = models.JSONField(default=dict)
    looking_back = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    looked_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["enrolment", "moment"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "moment"], name="one_assessment_a_moment"),
            models.CheckConstraint(condition=Q(moment__in=["a0", "a4", "a8"]), name="an_assessment_has_a_known_moment"),
            models.CheckConstraint(
                condition=Q(looked_back_at__isnull=True) | Q(moment="a8"), name="only_the_final_one_looks_back"
            ),
        ]

    def __str__(self):
        return f"{self.moment} of {self.enrolment}"
