"""An exemplar: an invented attempt with the levels it stands for, by which coaches calibrate themselves."""

from django.db import models

from .edition import Edition
from .exercise import Exercise
from .rubric import Rubric


class Exemplar(models.Model):
    """One of the five of a rubric. `reference` and `why` have a criterion's key → its level, a sentence."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="exemplars")
    rubric = models.ForeignKey(Rubric, on_delete=models.CASCADE, related_name="exemplars")
    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="+")
    key = models.SlugField()
    about = models.CharField(max_length=300)
    answer = models.JSONField(default=dict)
    reference = models.JSONField(default=dict)
    why = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rubric", "position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="exemplar_keys_are_unique"),
        ]

    def __str__(self):
        return self.key
