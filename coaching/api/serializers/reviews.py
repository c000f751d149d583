"""Shapes of a review: the queue, the claim, the feedback."""

from rest_framework import serializers

from clients.api.base import Flag, Instant, Query, Shape
from clients.api.serializers import Revision
from clients.models import Visibility

from .names import Person
from .talks import Talk


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
    clock_stands = serializers.BooleanField(
        source="promise.stands", help_text="in a week off, a pause or a hold; `promised_at` is if it went on at once"
    )
    claimed_by = serializers.CharField(help_text="who has it in hand; empty when nobody has", allow_blank=True)
    claimed_at = Instant(allow_null=True)

    def get_minutes_left(self, row) -> int:
        return int(row.left.total_seconds() // 60)


class Claim(Shape):
    """Who has a piece in hand."""

    submission = serializers.IntegerField(source="attempt.submission_id")
    attempt = serializers.IntegerField(source="attempt.number")
    coach = Person()
    claimed_at = Instant()
    touched_at = Instant(help_text="when the coach last saved something")


class TakeOver(Shape):
    """From whom, so that whoever took the piece over a moment before keeps it."""

    holder = serializers.IntegerField(required=False, help_text="the coach who has it; without it, whoever that is")


class MarginNote(Shape):
    """A note in the margin: on words, with what stands around them, or on a second of a recording."""

    field = serializers.CharField(max_length=50)
    quote = serializers.CharField(required=False, allow_blank=True, max_length=500)
    prefix = serializers.CharField(required=False, allow_blank=True, max_length=32, trim_whitespace=False)
    suffix = serializers.CharField(required=False, allow_blank=True, max_length=32, trim_whitespace=False)
    second = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=3599)
    text = serializers.CharField(max_length=1000)


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
    live = Flag(required=False, help_text="talk about it live instead; `another` comes before it")
    asks = serializers.ListField(
        required=False,
        child=serializers.CharField(max_length=500, allow_blank=True),
        max_length=3,
        help_text="what is asked of the next attempt, in order; empty lines are left out when it is sent",
    )
    notes = MarginNote(many=True, required=False, help_text="at most twelve; an empty list takes all of them out")
    addressed = serializers.DictField(
        required=False,
        child=serializers.ChoiceField(["yes", "partly", "no"]),
        help_text="ask of the last attempt → whether this one did it",
    )
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


class Hint(Shape):
    """Something a coach may want to look at once more."""

    code = serializers.ChoiceField(["person", "no_action"])
    sentence = serializers.CharField()


class AskPut(Shape):
    """Something the last attempt's feedback asked of this one."""

    id = serializers.IntegerField(source="pk")
    number = serializers.IntegerField()
    text = serializers.CharField()


class FeedbackDraft(Shape):
    """What a coach has written so far. Only its author ever gets it."""

    attempt = serializers.IntegerField(help_text="the attempt's number")
    keep = serializers.CharField(allow_blank=True)
    try_next = serializers.CharField(allow_blank=True)
    levels = serializers.DictField(child=serializers.IntegerField())
    another = serializers.BooleanField()
    live = serializers.BooleanField()
    asks = serializers.ListField(child=serializers.CharField(allow_blank=True))
    notes = MarginNote(many=True)
    addressed = serializers.DictField(child=serializers.CharField())
    hints = Hint(many=True, help_text="what might be said of it; never in the way of sending")
    revision = serializers.IntegerField()
    saved_at = Instant(allow_null=True)


class FeedbackSheet(FeedbackDraft):
    """The draft with the rubric it is written against."""

    criteria = Criterion(many=True)
    asked = AskPut(many=True, help_text="by the last attempt's feedback; `addressed` answers each")
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


class AskMade(Shape):
    """One thing asked of the next attempt."""

    number = serializers.IntegerField()
    text = serializers.CharField()
    addressed = serializers.CharField(
        source="answer", allow_blank=True, help_text="yes, partly or no, once the next attempt was answered"
    )


class Voice(Shape):
    """What a coach said, to be heard at `recordings/<key>/sound/`."""

    key = serializers.UUIDField()
    seconds = serializers.FloatField()
    peaks = serializers.ListField(child=serializers.IntegerField(), help_text="waveform, 0 to 100")


class Feedback(Shape):
    """One thing to keep, one to try, and what happens next."""

    id = serializers.IntegerField(source="feedback.pk")
    attempt = serializers.IntegerField(source="feedback.attempt.number")
    coach = Person(source="feedback.coach")
    keep = serializers.CharField(source="feedback.keep")
    try_next = serializers.CharField(source="feedback.try_next")
    verdict = serializers.ChoiceField(["accepted", "another", "live"], source="feedback.verdict")
    marks = MarkGiven(many=True)
    asks = AskMade(many=True)
    notes = MarginNote(many=True)
    voice = Voice(allow_null=True)
    talked = Talk(allow_null=True, help_text="where it was to be discussed live: that they have talked about it")
    sent_at = Instant(source="feedback.sent_at")
    shown_from = Instant(source="feedback.shown_from", help_text="from when the client sees it")
    read_at = Instant(source="feedback.read_at", allow_null=True)


class BankLine(Shape):
    """A line of the comment bank with its slots, and what came of it."""

    id = serializers.IntegerField(source="pk", allow_null=True, help_text="null for a line of the programme")
    starter = serializers.CharField(allow_blank=True, help_text="key of a line of the programme")
    kind = serializers.ChoiceField(["keep", "try"])
    text = serializers.CharField()
    about = serializers.CharField(allow_blank=True, help_text="rubric.criterion, or everything")
    level = serializers.IntegerField(allow_null=True)
    author = serializers.CharField(allow_blank=True, help_text="who shares it; empty for one's own")
    shared = serializers.BooleanField(source="is_shared")
    uses = serializers.IntegerField(source="outcome.uses")
    followed = serializers.IntegerField(source="outcome.followed", help_text="next attempts that were answered")
    rose = serializers.IntegerField(
        source="outcome.rose", allow_null=True, help_text="how many of them rose by a level or more; from five on"
    )


class BankLineToKeep(Shape):
    """A line for another time."""

    kind = serializers.ChoiceField(["keep", "try"])
    text = serializers.CharField(max_length=500, allow_blank=True)
    about = serializers.CharField(required=False, allow_blank=True, max_length=101)
    level = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=4)
    shared = Flag(required=False)


class BankLineToShare(Shape):
    """Whether everybody who coaches may use it."""

    shared = Flag()


class BankLineKept(Shape):
    """A line of one's own."""

    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(["keep", "try"])
    text = serializers.CharField()
    about = serializers.CharField(allow_blank=True)
    level = serializers.IntegerField(allow_null=True)
    shared = serializers.SerializerMethodField()

    def get_shared(self, line) -> bool:
        return line.visibility == Visibility.TEAM
