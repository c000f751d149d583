"""Shapes of homework as somebody may see it."""

from rest_framework import serializers

from clients.api.base import BIGGEST, Answer, Instant, Query, Shape
from clients.api.serializers import Attempt, wall
from clients.models import Submission
from clients.progress import Standing

from .names import Person


class PieceQuery(Query):
    """Filters of the list of submissions."""

    state = serializers.ChoiceField(Submission.State.choices, required=False)
    cohort = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST)
    after = serializers.IntegerField(required=False, min_value=0, max_value=2**62)


class Exercise(Shape):
    """What is asked."""

    key = serializers.CharField()
    title = serializers.CharField()
    week = serializers.IntegerField(source="week.number")
    kind = serializers.CharField()
    role = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]  # a field of that name
    minutes = serializers.IntegerField()


class Piece(Shape):
    """A submission at this instant."""

    id = serializers.IntegerField(source="submission.pk")
    exercise = Exercise()
    client = Person(source="submission.enrolment.client")
    cohort = serializers.IntegerField(source="submission.enrolment.cohort_id")
    enrolment = serializers.IntegerField(source="submission.enrolment_id")
    state = serializers.CharField(help_text="locked, open, draft, excused, handed_in, in_review, returned or accepted")
    attempt = serializers.IntegerField(help_text="the attempt in hand, or the last one handed in")
    attempts_made = serializers.IntegerField(source="submission.attempts_made")
    opens_at = Instant()
    due_at = Instant()
    due_wall = serializers.SerializerMethodField(help_text="`due_at` as the client's clock shows it, in `zone`")
    zone = serializers.CharField(source="submission.enrolment.client.zone")
    is_late = serializers.BooleanField(help_text="past its due time and still with the client")
    handed_in_at = Instant(source="submission.handed_in_at", allow_null=True)

    def get_due_wall(self, standing: Standing) -> str:
        return wall(standing.due_at, standing.submission.enrolment.client.zone)


class OwnDraft(Shape):
    """The draft in hand. Only its writer ever gets it."""

    revision = serializers.IntegerField(source="draft_revision")
    saved_at = Instant(source="draft_saved_at", allow_null=True)
    answer = Answer(source="draft")
    kept = serializers.ListField(source="meant", child=serializers.CharField())


class PieceInFull(Piece):
    """A submission with what is asked, what was handed in and, for its writer, the draft."""

    brief = serializers.CharField(help_text="what is asked, in Markdown; empty until the week opens")
    fields_asked = serializers.ListField(
        child=serializers.DictField(), help_text="the answer's fields; empty until the week opens"
    )
    draft = OwnDraft(allow_null=True, help_text="null for anybody but the writer")
    attempts = Attempt(many=True)
    promised_at = Instant(
        source="promise.due_at", default=None, allow_null=True, help_text="by when feedback is promised, while it waits"
    )
    clock_stands = serializers.BooleanField(
        source="promise.stands",
        default=False,
        help_text="it is on hold, paused or off; then `promised_at` is if it went on",
    )
