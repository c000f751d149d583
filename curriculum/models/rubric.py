"""A rubric: criteria with four behaviourally anchored levels. Scores are for seeing growth; none is a pass mark."""

from django.db import models
from django.db.models import Q

from .edition import Competency, Edition

LEVEL_NAMES = {1: "Not yet visible", 2: "Emerging", 3: "Clear", 4: "Leadership-ready"}


class Rubric(models.Model):
    """The criteria by which one kind of work is read."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="rubrics")
    key = models.SlugField()
    title = models.CharField(max_length=80)

    class Meta:
        ordering = ["edition", "key"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="rubric_keys_are_unique")]

    def __str__(self):
        return self.title


class Criterion(models.Model):
    """One thing to look at. `essential` criteria at level 1 suggest another attempt."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="criteria")
    rubric = models.ForeignKey(Rubric, on_delete=models.CASCADE, related_name="criteria")
    key = models.SlugField()
    title = models.CharField(max_length=80)
    essential = models.BooleanField(default=False)
    competency = models.ForeignKey(Competency, on_delete=models.CASCADE, null=True, related_name="criteria")
    settings = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rubric", "position"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["rubric", "key"], name="criterion_keys_are_unique_in_a_rubric"),
        ]

    def __str__(self):
        return self.title


class Level(models.Model):
    """One of the four levels of a criterion, anchored in what a reader can see."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="levels")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="levels")
    rank = models.PositiveSmallIntegerField()
    anchor = models.TextField()

    class Meta:
        ordering = ["criterion", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "rank"], name="one_anchor_a_level"),
            models.CheckConstraint(condition=Q(rank__gte=1, rank__lte=4), name="a_level_is_between_1_and_4"),
        ]

    def __str__(self):
        return f"{self.rank} {LEVEL_NAMES[self.rank]}"


class Comment(models.Model):
    """A starter line of the comment bank, with slots such as {quote}; `about` a criterion, as "r-write.know"."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="comments")
    key = models.SlugField()
    kind = models.CharField(max_length=4, choices=[("keep", "keep"), ("try", "try")])
    text = models.TextField()
    about = models.CharField(max_length=101, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["edition", "kind", "position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="comment_keys_are_unique"),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__gte=1, level__lte=4) & ~Q(about=""),
                name="a_comment_is_for_a_level_of_its_criterion",
            ),
        ]

    def __str__(self):
        return self.text
