"""Blind pairs: an early and a late text of one client, read without their name by coaches who never taught them."""

from django.db import models
from django.db.models import F, Q

from clients.models import Attempt, Enrolment, User, Visibility
from curriculum.models import Criterion

RATERS = 2  # a pair


class PairConsent(models.Model):
    """A client allows it. Without one, or once it is taken back, nobody is asked and nobody reads."""

    VISIBILITY = Visibility.PROGRAMME
    EXPORTED = ("given_at", "withdrawn_at")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="pair_consents")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["enrolment", "given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(withdrawn_at__isnull=True), name="a_client_consents_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="a_consent_ends_after_it_was_given",
            ),
        ]

    def __str__(self):
        return f"consent of {self.enrolment.client}"


class BlindPair(models.Model):
    """Two attempts of one client at the same kind of thing, from the beginning and from the end."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="blind_pairs")
    early = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="+")
    late = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["enrolment", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "early", "late"], name="the_same_pair_is_made_once"),
            models.CheckConstraint(condition=~Q(early=F("late")), name="a_pair_is_of_two"),
        ]

    def __str__(self):
        return f"pair of {self.enrolment.client}"


class PairRating(models.Model):
    """One coach reads one pair. Which text is shown first was drawn for them and is told to nobody.

    `token` is the address, and says nothing; `seat` keeps a pair to two readers.
    """

    VISIBILITY = Visibility.PRIVATE
    EXPORTED = ("asked_at", "rated_at")

    pair = models.ForeignKey(BlindPair, on_delete=models.CASCADE, related_name="ratings")
    rater = models.ForeignKey(User, on_delete=models.PROTECT, related_name="pair_ratings")
    seat = models.PositiveSmallIntegerField()
    token = models.CharField(max_length=43, unique=True)
    late_first = models.BooleanField()
    asked_at = models.DateTimeField()
    rated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["token"]
        constraints = [
            models.UniqueConstraint(fields=["pair", "rater"], name="a_coach_reads_a_pair_once"),
            models.UniqueConstraint(fields=["pair", "seat"], name="one_reader_a_seat"),
            models.CheckConstraint(condition=Q(seat__gte=1, seat__lte=RATERS), name="a_pair_has_two_readers_at_most"),
            models.CheckConstraint(
                condition=Q(rated_at__isnull=True) | Q(rated_at__gte=F("asked_at")),
                name="a_pair_is_rated_after_it_was_asked",
            ),
        ]

    def __str__(self):
        return self.token


class PairMark(models.Model):
    """The level a reader gave one of the two texts on one criterion; by trigger, before the rating is saved whole."""

    VISIBILITY = Visibility.PRIVATE
    EXPORTED = ("place", "level")

    rating = models.ForeignKey(PairRating, on_delete=models.CASCADE, related_name="marks")
    place = models.PositiveSmallIntegerField(help_text="1 is the text shown first")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rating", "place", "criterion__position"]
        constraints = [
            models.UniqueConstraint(fields=["rating", "place", "criterion"], name="one_level_a_criterion_of_a_text"),
            models.CheckConstraint(condition=Q(place__in=[1, 2]), name="a_pair_shows_two_texts"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="a_pair_mark_is_between_1_and_4"),
        ]

    def __str__(self):
        return f"{self.place}: {self.level}"
