"""An exercise: what is asked, in which fields, with which limits."""

from django.db import models
from django.db.models import Q

from .edition import Competency, Edition
from .rubric import Rubric
from .week import Week


class ExerciseQuerySet(models.QuerySet):
    def offered(self):
        """What is handed in, as a submission each."""
        return self.filter(kind__in=Exercise.OFFERED, counted=False)


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

    # The kinds somebody can hand in; an exercise that is `counted` is done by what its client keeps elsewhere.
    OFFERED = (Kind.TEXT, Kind.REWRITE, Kind.AUDIO60, Kind.PLAN, Kind.LOG)

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
    counted = models.BooleanField(default=False, help_text="done by counting records; nothing is handed in")
    position = models.PositiveSmallIntegerField()

    objects = ExerciseQuerySet.as_manager()

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
    def counts(self) -> dict:
        """What a counted exercise counts: `of` meetings, ledger or assessment, and `min`, `each_factor` or `moment`."""
        if "counts" in self.settings or self.kind != self.Kind.ASSESSMENT:
            return self.settings.get("counts") or {"of": "meetings", "min": self.settings.get("min_entries", 1)}
        return {"of": "assessment", "moment": self.settings.get("instrument")}  # as editions of before say it

    @property
    def is_offered(self):
        """Whether it is handed in."""
        return self.kind in self.OFFERED and not self.counted


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
