"""An exercise: what is asked, in which fields, with which limits."""

from django.db import models
from django.db.models import Q

from .edition import Competency, Edition
from .rubric import Rubric
from .week import Week


class Exercise(models.Model):
    """A piece of homework as it is set. `fields` holds the field definitions `answers.py` reads."""

    class Kind(models.TextChoices):
        TEXT = "text"
        REWRITE = "rewrite"
        AUDIO60 = "audio60"
        LOG = "log"
        PLAN = "plan"
        ASSESSMENT = "assessment"
        PULSE = "pulse"

    class Role(models.TextChoices):
        MAIN = "main"
        SHORT = "short"
        TRANSLATION = "translation"
        BASELINE = "baseline"

    # The kinds somebody can hand in today; the others are content that waits for its instrument.
    OFFERED = (Kind.TEXT, Kind.REWRITE, Kind.AUDIO60, Kind.PLAN)

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="exercises")
    week = models.ForeignKey(Week, on_delete=models.CASCADE, related_name="exercises")
    key = models.SlugField()
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    role = models.CharField(max_length=12, choices=Role)
    required = models.BooleanField(default=True)
    minutes = models.PositiveSmallIntegerField()
    rubric = models.ForeignKey(Rubric, on_delete=models.CASCADE, null=True, related_name="exercises")
    competency = models.ForeignKey(Competency, on_delete=models.CASCADE, null=True, related_name="exercises")
    brief = models.TextField()
    begin = models.CharField(max_length=200, blank=True)
    first_step = models.CharField(max_length=200, blank=True)
    listener = models.CharField(max_length=120, blank=True)
    twist = models.CharField(max_length=200, blank=True)
    fields = models.JSONField(default=list)
    first_read = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["week", "position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="exercise_keys_are_unique"),
            models.CheckConstraint(
                condition=Q(kind__in=["text", "rewrite", "audio60", "log", "plan", "assessment", "pulse"]),
                name="an_exercise_has_a_known_kind",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_offered(self):
        """Whether its instrument exists, so that it can be handed in."""
        return self.kind in self.OFFERED


class Example(models.Model):
    """A strong or a weak answer with the coach's note, shown beside the exercise."""

    class Label(models.TextChoices):
        STRONG = "strong"
        WEAK = "weak"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="examples")
    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="examples")
    key = models.SlugField()
    label = models.CharField(max_length=8, choices=Label)
    about = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    answer = models.JSONField(default=dict)

    class Meta:
        ordering = ["exercise", "label", "key"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="example_keys_are_unique"),
        ]

    def __str__(self):
        return self.key
