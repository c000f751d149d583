"""A week and its lessons. Weeks 1 to 8 are taught; week 0 prepares and week 9 closes."""

from django.db import models

from .edition import Edition, Module


class Week(models.Model):
    """One week of an edition. When it opens for somebody is computed, never stored here."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="weeks")
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="weeks")
    key = models.SlugField()
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    short = models.CharField(max_length=14)
    lede = models.TextField(blank=True)
    objectives = models.JSONField(default=list)
    minutes = models.PositiveSmallIntegerField()
    session = models.JSONField(default=dict)

    class Meta:
        ordering = ["edition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="week_numbers_are_unique"),
            models.CheckConstraint(condition=models.Q(number__lte=9), name="a_week_is_between_0_and_9"),
        ]

    def __str__(self):
        return f"Week {self.number}: {self.title}"


class Lesson(models.Model):
    """Something to read, in Markdown, with a *try it now* at its end."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="lessons")
    week = models.ForeignKey(Week, on_delete=models.CASCADE, related_name="lessons")
    key = models.SlugField()
    slug = models.SlugField()
    title = models.CharField(max_length=120)
    minutes = models.PositiveSmallIntegerField()
    body = models.TextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["week", "position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="lesson_keys_are_unique"),
            models.UniqueConstraint(fields=["week", "slug"], name="lesson_slugs_are_unique_in_a_week"),
        ]

    def __str__(self):
        return self.title
