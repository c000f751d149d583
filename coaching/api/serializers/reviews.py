"""Shapes of a review: the queue, the claim, the feedback."""

from rest_framework import serializers

from clients.api.base import Flag, Instant, Query, Shape
from clients.api.serializers import Revision

from .names import Person


class QueueQuery(Query):
    """The queue takes no filter but the page."""

    after = serializers.CharField(required=False, max_length=80)


class Waiting(Shape):
    """A piece that waits for feedback."""

    submission = serializers.IntegerField(source="submission.pk")
    client = serializers.CharField()
    cohort = serializers.IntegerField(source="cohort.pk")
    week = serializers.IntegerField()
    title = serializers.CharField()
    attempt = serializers.IntegerField()
    is_late = serializers.BooleanField(help_text="handed in after its due time")
    handed_in_at = Instant()
    promised_at = Instant(help_text="by when the programme promises feedback")
    minutes_left = serializers.SerializerMethodField(help_text="negative once the promise is broken")
    claimed_by = serializers.CharField(help_text="who has it in hand; empty when nobody has", allow_blank=True)
    claimed_at = Instant(allow_null=True)

    def get_minutes_left(self, row) -> int:
        return int(row.left(self.context["at"]).total_seconds() // 60)


class Claim(Shape):
    """Who has a piece in hand."""

    submission = serializers.IntegerField(source="attempt.submission_id")
    attempt = serializers.IntegerField(source="attempt.number")
    coach = Person()
    claimed_at = Instant()
    touched_at = Instant(help_text="when the coach last saved something")


class FeedbackToWrite(Shape):
    """All parts may be missing while it is a draft."""

    keep = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    try_next = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    levels = serializers.DictField(
        required=False,
        child=serializers.IntegerField(min_value=1, max_value=4),
        help_text="criterion id → level, 1 to 4",
    )
    another = Flag(required=False, help_text="ask for another attempt")
    revision = Revision(help_text="the revision you started from, 0 for the first; null overwrites on purpose")


class Anchor(Shape):
    """What a level looks like in a text."""

    rank = serializers.IntegerField()
    anchor = serializers.CharField()


class Criterion(Shape):
    """One thing to look at."""

    id = serializers.IntegerField(source="pk")
    key = serializers.CharField()
    title = serializers.CharField()
    essential = serializers.BooleanField()
    levels = Anchor(many=True, source="levels.all")


class FeedbackDraft(Shape):
    """What a coach has written so far. Only its author ever gets it."""

    attempt = serializers.IntegerField(help_text="the attempt's number")
    keep = serializers.CharField(allow_blank=True)
    try_next = serializers.CharField(allow_blank=True)
    levels = serializers.DictField(child=serializers.IntegerField())
    another = serializers.BooleanField()
    revision = serializers.IntegerField()
    saved_at = Instant(allow_null=True)


class FeedbackSheet(FeedbackDraft):
    """The draft with the rubric it is written against."""

    criteria = Criterion(many=True)
    own_levels = serializers.DictField(
        child=serializers.IntegerField(), help_text="criterion id → the client's own rating, which no coach changes"
    )


class FeedbackQuery(Query):
    """Which feedback: the newest unless an attempt is named."""

    attempt = serializers.IntegerField(required=False, min_value=1, max_value=3)


class MarkGiven(Shape):
    """The level given for one criterion, in the rubric's words, and what the next one looks like."""

    criterion = serializers.IntegerField(source="criterion.pk")
    key = serializers.CharField(source="criterion.key")
    title = serializers.CharField(source="criterion.title")
    level = serializers.IntegerField(allow_null=True)
    anchor = serializers.CharField(allow_blank=True)
    next_anchor = serializers.CharField(allow_blank=True)


class Feedback(Shape):
    """One thing to keep, one to try, and what happens next."""

    id = serializers.IntegerField(source="feedback.pk")
    attempt = serializers.IntegerField(source="feedback.attempt.number")
    coach = Person(source="feedback.coach")
    keep = serializers.CharField(source="feedback.keep")
    try_next = serializers.CharField(source="feedback.try_next")
    verdict = serializers.ChoiceField(["accepted", "another"], source="feedback.verdict")
    marks = MarkGiven(many=True)
    sent_at = Instant(source="feedback.sent_at")
    shown_from = Instant(source="feedback.shown_from", help_text="from when the client sees it")
    read_at = Instant(source="feedback.read_at", allow_null=True)
