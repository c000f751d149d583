"""Shapes of the person who asks: who they are here, their week."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clients import dues
from clients.api.base import BIGGEST, ClockTime, Instant, Query, Shape
from clients.api.serializers import wall

from .homework import Exercise, Piece
from .names import CohortNamed


class Roles(Shape):
    """What a person does here right now."""

    client = serializers.BooleanField()
    coach = serializers.BooleanField()
    lead = serializers.BooleanField()
    admin = serializers.BooleanField()
    sponsor = serializers.BooleanField()


class OwnEnrolment(Shape):
    """Being in a cohort."""

    id = serializers.IntegerField(source="pk")
    cohort = CohortNamed()
    state = serializers.CharField(help_text="active, withdrawn or completed")
    joined_at = Instant()


class Me(Shape):
    """Who asks."""

    id = serializers.IntegerField(source="person.pk")
    email = serializers.EmailField(source="person.email")
    name = serializers.CharField(source="person.name")
    zone = serializers.CharField(source="person.zone")
    language = serializers.CharField(source="person.language")
    quiet_from = ClockTime(source="person.quiet_from")
    quiet_until = ClockTime(source="person.quiet_until")
    theme = serializers.CharField(source="person.theme")
    texts_in_mail = serializers.BooleanField(source="person.texts_in_mail")
    letter_keys = serializers.BooleanField(source="person.letter_keys")
    roles = Roles()
    enrolments = OwnEnrolment(many=True)
    coaches = CohortNamed(many=True, help_text="the cohorts this person coaches")


class WeekQuery(Query):
    """Which week of which cohort: the current one of the latest active enrolment unless named."""

    cohort = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST)
    week = serializers.IntegerField(required=False, min_value=0, max_value=9)


class Lesson(Shape):
    """Something to read."""

    id = serializers.IntegerField(source="lesson.pk")
    slug = serializers.CharField(source="lesson.slug")
    title = serializers.CharField(source="lesson.title")
    minutes = serializers.IntegerField(source="lesson.minutes")
    is_read = serializers.BooleanField()


class Count(Shape):
    """An exercise that is done by what its client keeps: meetings, lines of the ledger, an assessment."""

    exercise = Exercise()
    of = serializers.ChoiceField(["meetings", "ledger", "assessment"])
    state = serializers.ChoiceField(["open", "draft", "done", "excused"])
    have = serializers.IntegerField()
    need = serializers.IntegerField()
    words = serializers.CharField(help_text="the count in words, as on the page")
    due_at = Instant()
    is_late = serializers.BooleanField()
    minutes_left = serializers.IntegerField()


class Weekboard(Shape):
    """A week as its client sees it. Until it opens it holds no pieces and no lessons."""

    cohort = CohortNamed(source="enrolment.cohort")
    enrolment = serializers.IntegerField(source="enrolment.pk")
    week = serializers.IntegerField(source="week.number")
    title = serializers.CharField(source="week.title")
    phase = serializers.ChoiceField(["locked", "open", "done", "over"])
    current_week = serializers.IntegerField(source="current")
    opens_at = Instant()
    due_at = serializers.SerializerMethodField(help_text="null where all the week requires is excused")
    due_wall = serializers.SerializerMethodField(help_text="`due_at` as your clock shows it, in `zone`; or null")
    zone = serializers.CharField(source="enrolment.client.zone")
    pieces = Piece(many=True)
    carried = Piece(many=True, help_text="open pieces of earlier weeks, on the current week only")
    counted = Count(many=True, help_text="what is done by counting instead of handing in")
    counted_before = Count(many=True, help_text="the same of earlier weeks, on the current week only")
    lessons = Lesson(many=True)
    minutes_left = serializers.IntegerField()

    @extend_schema_field(Instant(allow_null=True))
    def get_due_at(self, week):
        return None if dues.is_excused(week.enrolment, week.week.number) else Instant().to_representation(week.due_at)

    def get_due_wall(self, week) -> str | None:
        is_excused = dues.is_excused(week.enrolment, week.week.number)
        return None if is_excused else wall(week.due_at, week.enrolment.client.zone)


class CalendarQuery(Query):
    """Whose calendar: that of the latest active enrolment unless a cohort is named."""

    cohort = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST)


@extend_schema_field({"type": "string", "example": "2026-11-30T08:00:00"})
class Wall(serializers.DateTimeField):
    """What a clock shows: ISO 8601 without an offset."""

    def to_representation(self, value) -> str:
        return value.isoformat(timespec="seconds")


class Date(Shape):
    """One thing on one instant."""

    kind = serializers.ChoiceField(["opens", "due", "attempt", "paused", "session", "call"])
    at = Instant()
    wall = Wall(help_text="`at` as your clock shows it")
    cohort_wall = Wall(help_text="`at` as the cohort's clock shows it")
    week = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    until = Instant(
        allow_null=True,
        help_text="when a session or a call ends or a pause ended; null while that lasts, and for all else",
    )
    state = serializers.CharField(
        allow_null=True, help_text="of a session: planned, held, cancelled; of a call: booked, cancelled"
    )


class Calendar(Shape):
    """Everything with a date, the earliest first."""

    cohort = CohortNamed(source="enrolment.cohort")
    enrolment = serializers.IntegerField(source="enrolment.pk")
    zone = serializers.CharField(source="enrolment.client.zone")
    cohort_zone = serializers.CharField(source="enrolment.cohort.zone")
    dates = Date(many=True)


class CalendarAddress(Shape):
    """The address of one's calendar feed; it is told once, when it is made."""

    made_at = Instant()


class CalendarFeed(Shape):
    """The whole address, this once. Whoever has it sees your dates."""

    address = serializers.URLField()
