"""A programme: the family of its editions."""

from django.db import models


class Programme(models.Model):
    """Hands out edition numbers: publishing locks this row, so no two editions share one."""

    key = models.SlugField(unique=True)
    title = models.CharField(max_length=120)

    class Meta:
        ordering = ["key"]

    def __str__(self):
        return self.title
