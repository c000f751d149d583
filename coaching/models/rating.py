"""What a coach saw of a client's competencies: before, in the middle and at the end."""

from django.db import models
from django.db.models import Q

from clients.models import Enrolment, User
from clients.models.visibility import Visibility

LONGEST = 300  # characters of one sentence of evidence


class Rating(models.Model):
    """One rating of one client, saved once and never changed. For the pair; an admin sees that it was done."""

    VISIBILITY = Visibility.PAIR
    EXPORTED = ("moment", "rated_at")

    class Moment(models.TextChoices):
        BASELINE = "c2"
        MIDPOINT = "c4"
        FINAL = "c9"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="ratings")
    moment = models.CharField(max_length=2, choices=Moment)
    coach = models.ForeignKey(User, on_delete=models.PROTECT, related_name="ratings")
    rated_at = models.DateTimeField()

    class Meta:
        ordering = ["enrolment", "moment"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "moment"], name="a_client_is_rated_once_a_moment"),
            models.CheckConstraint(condition=Q(moment__in=["c2", "c4", "c9"]), name="a_rating_has_a_known_moment"),
        ]

    def __str__(self):
        return f"{self.moment} of {self.enrolment} by {self.coach}"


class RatedPoint(models.Model):
    """One competency in a rating, with what was seen. One that was not seen has none."""

    VISIBILITY = Visibility.PAIR
    EXPORTED = ("competency", "point", "evidence")

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="points")
    competency = models.SlugField()
    point = models.PositiveSmallIntegerField()
    evidence = models.CharField(max_length=LONGEST)

    class Meta:
        ordering = ["rating", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["rating", "competency"], name="a_competency_is_rated_once_a_rating"),
            models.CheckConstraint(condition=Q(point__gte=1, point__lte=5), name="a_point_is_between_1_and_5"),
            models.CheckConstraint(condition=~Q(evidence=""), name="a_point_has_its_evidence"),
        ]

    def __str__(self):
        return f"{self.competency}: {self.point}"
