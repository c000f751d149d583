"""An edition: one version of a programme's content, first a draft, then published and frozen for ever.

The imprint (number, time, signature) is whole or absent. `signed_by` is text, like the author of a
commit, because this floor knows no people.
"""

from django.db import models
from django.db.models import F, Q

from .programme import Programme


class EditionQuerySet(models.QuerySet):
    def published(self):
        return self.filter(number__isnull=False)

    def drafts(self):
        return self.filter(number__isnull=True)


class Edition(models.Model):
    """What a cohort is pinned to. Once published nothing in it changes; a correction is a new edition."""

    class Change(models.TextChoices):
        """What an edition does to whoever walks the one before: see docs/content-files.md."""

        COSMETIC = "cosmetic"
        ADDITIVE = "additive"
        BREAKING = "breaking"

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="editions")
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    summary = models.TextField(blank=True)
    language = models.CharField(max_length=8, default="en")
    goals = models.JSONField(default=list)
    graduation = models.JSONField(default=dict)
    lexicon = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    number = models.PositiveIntegerField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.CharField(max_length=120, blank=True)
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="the newest published edition when this one was published",
    )  # fmt: skip
    change = models.CharField(
        max_length=8, choices=Change, blank=True, db_default="", help_text="the class of this edition against that one"
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["programme", F("number").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="edition_numbers_are_unique"),
            models.UniqueConstraint(fields=["programme", "digest"], name="same_files_are_the_same_edition"),
            models.CheckConstraint(
                condition=Q(number__isnull=True, published_at__isnull=True, signed_by="")
                | (Q(number__isnull=False, published_at__isnull=False) & ~Q(signed_by="")),
                name="imprint_is_whole_or_absent",
            ),
            models.CheckConstraint(
                condition=Q(follows__isnull=True, change="")
                | Q(follows__isnull=False, number__isnull=False, change__in=["cosmetic", "additive", "breaking"]),
                name="what_follows_an_edition_has_its_class",
            ),
        ]

    def __str__(self):
        return f"{self.title}, edition {self.number}" if self.is_published else f"{self.title}, draft"

    @property
    def is_published(self):
        return self.number is not None


class Competency(models.Model):
    """One of the measured competencies, in the order of the programme; table stakes have `scored` off."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="competencies")
    key = models.SlugField()
    name = models.CharField(max_length=80)
    rank = models.PositiveSmallIntegerField()
    definition = models.TextField(blank=True)
    scored = models.BooleanField(default=True)

    class Meta:
        ordering = ["edition", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="competency_keys_are_unique"),
        ]

    def __str__(self):
        return self.name


class Module(models.Model):
    """A stretch of weeks with one subject, for instance upward writing."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="modules")
    key = models.SlugField()
    title = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["edition", "position"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="module_keys_are_unique")]

    def __str__(self):
        return self.title


class Instrument(models.Model):
    """A questionnaire (self, coach, pulse): its items as data, versioned and frozen with the edition."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="instruments")
    key = models.SlugField()
    title = models.CharField(max_length=120)
    content = models.JSONField(default=dict)

    class Meta:
        ordering = ["edition", "key"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="instrument_keys_are_unique"),
        ]

    def __str__(self):
        return self.title


class MessageText(models.Model):
    """The words of one kind of message to a client, with {placeholders}; frozen with the edition."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="message_texts")
    key = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    body = models.TextField()

    class Meta:
        ordering = ["edition", "key"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="message_text_keys_are_unique"),
        ]

    def __str__(self):
        return self.key
