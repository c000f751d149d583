"""Shapes of homework: what comes in, what goes out."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from clients.models import User
from curriculum import moments

from .base import BIGGEST, Answer, ClockTime, Flag, Instant, Shape


class Revision(serializers.IntegerField):
    """The revision the writer started from; null overwrites whatever is stored, on purpose."""

    def __init__(self, **kwargs):
        super().__init__(allow_null=True, min_value=0, max_value=BIGGEST, **kwargs)


# --- In -------------------------------------------------------------------------------------------


class DraftToSave(Shape):
    """What was typed, complete or not."""

    answer = Answer()
    revision = Revision(help_text="the revision you started from; null overwrites on purpose")


class AnswerToHandIn(Shape):
    """All optional: without an answer the stored draft is handed in."""

    answer = Answer(required=False)
    revision = Revision(required=False, help_text="goes with `answer`, as when saving")
    client_key = serializers.CharField(
        required=False, max_length=64, help_text="the same key again is the same click again: no second attempt"
    )

    def validate(self, attrs):
        if "answer" in attrs and "revision" not in attrs:
            raise serializers.ValidationError({"revision": [_("Send the revision you started from, or null.")]})
        return attrs


class TextToRead(Shape):
    """A draft, as far as it goes."""

    answer = Answer()


class RuleToKeep(Shape):
    """Which note's subject stays as it is."""

    rule = serializers.RegexField(r"^H\d{1,2}$", help_text="the rule of a first-read note, such as H4")


class Word(Shape):
    """A team word or a short form."""

    word = serializers.CharField(help_text="one of a note's `words`, or any other; at most 40 characters")


class ReadOrNot(Shape):
    """True marks it, false takes the mark away."""

    read = Flag()


class Token(Shape):
    """What an invitation's link ends in."""

    token = serializers.CharField(max_length=64)


class Choices(Shape):
    """What people choose for themselves."""

    name = serializers.CharField(max_length=120)
    zone = serializers.CharField(max_length=64)
    language = serializers.CharField(max_length=8)
    quiet_from = ClockTime()
    quiet_until = ClockTime()
    theme = serializers.ChoiceField(User.Theme.choices)
    texts_in_mail = Flag()
    letter_keys = Flag()


# --- Out ------------------------------------------------------------------------------------------


class Draft(Shape):
    """The draft in hand."""

    id = serializers.IntegerField(source="pk", help_text="of the submission")
    state = serializers.SerializerMethodField()
    revision = serializers.IntegerField(source="draft_revision")
    saved_at = Instant(source="draft_saved_at", allow_null=True)
    answer = Answer(source="draft")
    kept = serializers.ListField(
        source="meant", child=serializers.CharField(), help_text="rules of first-read notes kept on purpose"
    )

    def get_state(self, submission) -> str:
        return submission.state_at(self.context["at"])


class NoteOfRecord(Shape):
    """What the first read had noticed when it was handed in."""

    rule = serializers.CharField()
    title = serializers.CharField()
    noticed = serializers.CharField()
    spans = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    kept = serializers.BooleanField(help_text="kept on purpose")


class Attempt(Shape):
    """What was handed in, as it was. Nothing in it changes any more."""

    id = serializers.IntegerField(source="pk")
    number = serializers.IntegerField()
    answer = Answer()
    words = serializers.IntegerField()
    first_read = NoteOfRecord(many=True)
    handed_in_at = Instant()
    due_at = Instant(help_text="the due instant in force when it was handed in")
    is_late = serializers.BooleanField()


class Sentence(Shape):
    """One sentence. `tag` is K, F, D or C, and empty where it has none."""

    text = serializers.CharField()
    tag = serializers.CharField(allow_blank=True)


class Order(Shape):
    """How the tags stand. A suggestion, never a block."""

    strip = serializers.ListField(child=serializers.CharField(), help_text="the tags as they stand")
    suggested = serializers.ListField(child=serializers.CharField(), help_text="the same in order, gaps filled")
    missing = serializers.ListField(child=serializers.CharField(), help_text="which of K, F and D nothing fills")
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="tag → sentences")
    untagged = serializers.IntegerField()
    is_fine = serializers.BooleanField()


class Sentences(Shape):
    """A text sentence by sentence, as `answer` may hold it in the field named."""

    field = serializers.CharField()
    sentences = Sentence(many=True)
    order = Order()


class KnownWords(Shape):
    """What a person's listeners know."""

    known_words = serializers.ListField(child=serializers.CharField())


class Note(Shape):
    """One thing the first read noticed. Spans are offsets in Unicode code points."""

    rule = serializers.CharField()
    title = serializers.CharField()
    noticed = serializers.CharField()
    reader = serializers.CharField()
    suggestion = serializers.CharField()
    keep_if = serializers.CharField()
    spans = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    words = serializers.ListField(child=serializers.CharField(), help_text="team words a listener may turn out to know")


class FirstRead(Shape):
    """Instant notes on a draft. They never block, are never counted and never leave client and coach."""

    text = serializers.CharField(help_text="the text that was read; spans point into it")
    notes = Note(many=True)
    working = serializers.ListField(child=serializers.CharField())
    words = serializers.IntegerField()
    unread = serializers.CharField(allow_blank=True, help_text="why there was nothing to read")


def wall(instant, zone: str) -> str:
    """The wall clock at an instant, ISO 8601 without an offset."""
    return moments.to_wall(instant, zone).isoformat(timespec="seconds")
