"""Calibration: the levels a coach gave the exemplars of a rubric, and whom an admin asks for none."""

from django.db import models
from django.db.models import F, Q

from clients.models import User, Visibility
from curriculum.models import Exemplar


class ExemplarMark(models.Model):
    """The level a coach gave an exemplar on one criterion. Theirs alone, given once and kept as it was."""

    VISIBILITY = Visibility.PRIVATE
    EXPORTED = ("criterion", "level", "marked_at")

    coach = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exemplar_marks")
    exemplar = models.ForeignKey(Exemplar, on_delete=models.PROTECT, related_name="+")
    criterion = models.SlugField()
    level = models.PositiveSmallIntegerField()
    marked_at = models.DateTimeField()

    class Meta:
        ordering = ["coach", "exemplar", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["coach", "exemplar", "criterion"], name="one_level_a_criterion_of_an_exemplar"
            ),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=4), name="a_mark_of_an_exemplar_is_between_1_and_4"
            ),
        ]

    def __str__(self):
        return f"{self.criterion} of {self.exemplar}"


class LetOff(models.Model):
    """A coach who need not calibrate, and why. Kept when it is taken back."""

    VISIBILITY = Visibility.PROGRAMME
    EXPORTED = ("reason", "let_off_at", "ended_at")

    coach = models.ForeignKey(User, on_delete=models.CASCADE, related_name="let_offs")
    reason = models.CharField(max_length=200)
    let_off_at = models.DateTimeField()
    let_off_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["coach", "let_off_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["coach"], condition=Q(ended_at__isnull=True), name="let_off_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="letting_off_has_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("let_off_at")),
                name="letting_off_ends_after_it_began",
            ),
        ]

    def __str__(self):
        return f"{self.coach} is let off"
