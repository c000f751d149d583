"""Homework: a submission per exercise and client, and the attempts that were handed in.

`MOVES` is the whole table of legal moves; what is locked, open, late or overdue is derived from
these rows and an instant (see `deadlines` and `progress`), never stored.
"""

from django.db import models
from django.db.models import Q

from curriculum.models import Edition, Exercise, Rubric

from .enrolment import Enrolment
from .user import User

ATTEMPTS_AT_MOST = 3


class SubmissionQuerySet(models.QuerySet):
    def owned_by(self, user):
        return self.filter(enrolment__client=user)


class Submission(models.Model):
    """One client's work on one exercise: the draft in hand and where the piece stands."""

    class State(models.TextChoices):
        DRAFT = "draft"
        HANDED_IN = "handed_in"
        IN_REVIEW = "in_review"
        RETURNED = "returned"
        ACCEPTED = "accepted"

    MOVES = {
        State.DRAFT: {State.HANDED_IN},
        State.HANDED_IN: {State.DRAFT, State.IN_REVIEW},
        State.IN_REVIEW: {State.HANDED_IN, State.RETURNED, State.ACCEPTED},
        State.RETURNED: {State.DRAFT, State.IN_REVIEW},
        State.ACCEPTED: {State.DRAFT, State.IN_REVIEW},
    }
    TURN = {
        State.DRAFT: "client",
        State.HANDED_IN: "coach",
        State.IN_REVIEW: "coach",
        State.RETURNED: "client",
        State.ACCEPTED: "nobody",
    }

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="submissions")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="submissions")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    draft = models.JSONField(default=dict)
    draft_revision = models.PositiveIntegerField(default=0)
    draft_saved_at = models.DateTimeField(null=True, blank=True)
    meant = models.JSONField(default=list, help_text="first-read notes the client keeps on purpose")
    attempts_made = models.PositiveSmallIntegerField(default=0)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    shown_from = models.DateTimeField(
        null=True, blank=True, help_text="when the client may see what the review decided"
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["enrolment", "exercise__week__number", "exercise__position"]
        indexes = [
            models.Index(
                fields=["handed_in_at", "id"],
                condition=Q(state__in=["handed_in", "in_review"]),
                name="submissions_waiting",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "exercise"], name="one_submission_an_exercise"),
            models.CheckConstraint(condition=Q(attempts_made__lte=ATTEMPTS_AT_MOST), name="three_attempts_at_most"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(attempts_made__gte=1, handed_in_at__isnull=False),
                name="only_a_draft_has_no_attempt",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "accepted"]) | Q(shown_from__isnull=False),
                name="a_reviewed_piece_says_from_when_it_shows",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "handed_in", "in_review", "returned", "accepted"]),
                name="a_submission_has_a_known_state",
            ),
        ]

    def __str__(self):
        return f"{self.exercise} by {self.enrolment.client}"

    def can_move(self, state) -> bool:
        return state in self.MOVES[self.State(self.state)]

    def state_at(self, at) -> str:
        """The state as the client may see it: what a review decided shows some seconds after sending."""
        decided = self.state in (self.State.RETURNED, self.State.ACCEPTED)
        return self.State.IN_REVIEW if decided and at < self.shown_from else self.state

    @property
    def is_started(self):
        return self.draft_saved_at is not None


class Attempt(models.Model):
    """What was handed in, as it was. Immutable, by trigger too: the due instant in force, whether it was
    late, the edition and the rubric are written down once and nothing recomputes them.

    `serial` counts every hand-in, `number` only those that were not taken back.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="attempts")
    serial = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    client_key = models.CharField(max_length=64)
    answer = models.JSONField()
    words = models.PositiveIntegerField()
    first_read = models.JSONField(default=list, help_text="the notes shown, and which were kept on purpose")
    handed_in_at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_late = models.BooleanField()
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["submission", "serial"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "serial"], name="attempts_have_their_serial"),
            models.UniqueConstraint(fields=["submission", "client_key"], name="one_attempt_a_click"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=ATTEMPTS_AT_MOST), name="an_attempt_is_one_of_three"
            ),
        ]

    def __str__(self):
        return f"attempt {self.number} of {self.submission}"


class TakenBack(models.Model):
    """The client took an attempt back before a coach had claimed it. The attempt itself stays as it was."""

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="taken_back")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "taken back"

    def __str__(self):
        return f"{self.attempt}, taken back"
