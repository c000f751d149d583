"""Reading an attempt and answering it: the claim, the draft of the feedback, the feedback and its marks."""

from django.db import models
from django.db.models import Q

from clients.models import Attempt, Cohort, User
from curriculum.models import Criterion


class Claim(models.Model):
    """One coach has this attempt in hand, by name. `touched_at` moves with every saved draft.

    `taken_in` is the cohort it was claimed in, where its client has gone on in another one since: who coaches there
    answers it all the same.
    """

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="claim")
    coach = models.ForeignKey(User, on_delete=models.PROTECT, related_name="claims")
    claimed_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    recalled_at = models.DateTimeField(null=True, blank=True, help_text="when sent feedback was taken back last")
    taken_in = models.ForeignKey(
        Cohort, on_delete=models.SET_NULL, null=True, blank=True, db_index=False, related_name="+"
    )

    class Meta:
        ordering = ["-claimed_at"]
        indexes = [
            models.Index(fields=["coach"], condition=Q(taken_in__isnull=False), name="claims_that_stay"),
        ]

    def __str__(self):
        return f"{self.coach} has {self.attempt}"


class FeedbackDraft(models.Model):
    """What a coach has written so far. Nobody but its author reads it; nothing is sent from here by itself."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="feedback_drafts")
    coach = models.ForeignKey(User, on_delete=models.PROTECT, related_name="feedback_drafts")
    keep = models.TextField(blank=True)
    try_next = models.TextField(blank=True)
    levels = models.JSONField(default=dict, help_text="criterion id → 1…4")
    another = models.BooleanField(default=False)
    live = models.BooleanField(default=False, help_text="to be talked about, live")
    asks = models.JSONField(default=list, help_text="of the next attempt, in their order")
    notes = models.JSONField(default=list, help_text="in the margin: field, quote, prefix, suffix, second, text")
    addressed = models.JSONField(default=dict, help_text="ask of the last attempt → yes, partly, no")
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "coach"], name="one_feedback_draft_a_coach"),
            models.CheckConstraint(condition=~Q(another=True, live=True), name="a_draft_has_one_outcome"),
        ]

    def __str__(self):
        return f"draft on {self.attempt}"


class Feedback(models.Model):
    """One thing to keep, one to try, and what happens next. It shows at `shown_from`, which leaves time to undo."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted"
        ANOTHER = "another"
        LIVE = "live"

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="feedback")
    coach = models.ForeignKey(User, on_delete=models.PROTECT, related_name="feedback_given")
    keep = models.TextField()
    try_next = models.TextField()
    verdict = models.CharField(max_length=8, choices=Verdict)
    sent_at = models.DateTimeField()
    shown_from = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at"]
        verbose_name_plural = "feedback"
        constraints = [
            models.CheckConstraint(condition=~Q(keep="") & ~Q(try_next=""), name="keep_and_try_are_both_there"),
            models.CheckConstraint(
                condition=Q(shown_from__gte=models.F("sent_at")), name="feedback_shows_after_it_is_sent"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["accepted", "another", "live"]), name="feedback_has_one_of_three_outcomes"
            ),
        ]
        indexes = [models.Index(fields=["coach", "-sent_at"], name="what_a_coach_sent_lately")]

    def __str__(self):
        return f"feedback on {self.attempt}"


class Mark(models.Model):
    """The level given for one criterion."""

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="marks")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["feedback", "criterion__position"]
        constraints = [
            models.UniqueConstraint(fields=["feedback", "criterion"], name="one_level_a_criterion"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="a_mark_is_between_1_and_4"),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.level}"


class Ask(models.Model):
    """One thing asked of the next attempt, numbered; at most three a feedback."""

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="asks")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["feedback", "number"]
        constraints = [
            models.UniqueConstraint(fields=["feedback", "number"], name="asks_are_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=3), name="a_feedback_has_at_most_three_asks"),
            models.CheckConstraint(condition=~Q(text=""), name="an_ask_says_something"),
        ]

    def __str__(self):
        return f"{self.number}. {self.text}"


class Uptake(models.Model):
    """Whether a later attempt did what was asked, as its coach saw it; by trigger, one of the same piece."""

    class Answer(models.TextChoices):
        YES = "yes"
        PARTLY = "partly"
        NO = "no"

    ask = models.OneToOneField(Ask, on_delete=models.CASCADE, related_name="uptake")
    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="uptakes")
    answer = models.CharField(max_length=6, choices=Answer)

    class Meta:
        ordering = ["feedback", "ask__number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=["yes", "partly", "no"]), name="an_ask_was_met_partly_or_not"
            ),
        ]

    def __str__(self):
        return f"{self.ask}: {self.answer}"


class MarginNote(models.Model):
    """A word on some of the client's words, or on a second of their recording. By trigger, of the attempt answered.

    Words are named by themselves and what stands around them, so that the place is found again in a later attempt.
    """

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="notes")
    position = models.PositiveSmallIntegerField()
    field = models.CharField(max_length=50)
    quote = models.TextField(blank=True)
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)
    second = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField()

    class Meta:
        ordering = ["feedback", "position"]
        constraints = [
            models.UniqueConstraint(fields=["feedback", "position"], name="margin_notes_have_an_order"),
            models.CheckConstraint(condition=~Q(text=""), name="a_margin_note_says_something"),
            models.CheckConstraint(
                condition=Q(second__isnull=True) & ~Q(quote="") | Q(second__isnull=False, quote=""),
                name="a_margin_note_is_on_words_or_on_a_second",
            ),
        ]

    def __str__(self):
        return self.text
