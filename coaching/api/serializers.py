"""Shapes of the service: what comes in, what goes out."""

from rest_framework import serializers

from clients.api.base import BIGGEST, Answer, Instant, Query, Shape
from clients.api.serializers import Attempt, Revision, wall
from clients.models import Submission
from clients.progress import Standing


class Person(Shape):
    """Somebody, by name."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="__str__")


# --- Homework -------------------------------------------------------------------------------------


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
    required = serializers.BooleanField()
    minutes = serializers.IntegerField()


class Piece(Shape):
    """A submission at this instant."""

    id = serializers.IntegerField(source="submission.pk")
    exercise = Exercise()
    client = Person(source="submission.enrolment.client")
    cohort = serializers.IntegerField(source="submission.enrolment.cohort_id")
    enrolment = serializers.IntegerField(source="submission.enrolment_id")
    state = serializers.CharField(
        help_text="locked, open, draft, handed_in, in_review, returned or accepted"
    )
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


# --- Review ---------------------------------------------------------------------------------------


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
    another = serializers.BooleanField(required=False, help_text="ask for another attempt")
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


# --- People and cohorts ---------------------------------------------------------------------------


class CohortNamed(Shape):
    """A cohort, by name."""

    id = serializers.IntegerField(source="pk")
    slug = serializers.CharField()
    name = serializers.CharField()


class Roles(Shape):
    """What a person does here right now."""

    client = serializers.BooleanField()
    coach = serializers.BooleanField()
    lead = serializers.BooleanField()
    admin = serializers.BooleanField()


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
    quiet_from = serializers.TimeField(source="person.quiet_from", format="%H:%M")
    quiet_until = serializers.TimeField(source="person.quiet_until", format="%H:%M")
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


class Weekboard(Shape):
    """A week as its client sees it. Until it opens it holds no pieces and no lessons."""

    cohort = CohortNamed(source="enrolment.cohort")
    enrolment = serializers.IntegerField(source="enrolment.pk")
    week = serializers.IntegerField(source="week.number")
    title = serializers.CharField(source="week.title")
    phase = serializers.ChoiceField(["locked", "open", "done"])
    current_week = serializers.IntegerField(source="current")
    opens_at = Instant()
    due_at = Instant()
    due_wall = serializers.SerializerMethodField(help_text="`due_at` as your clock shows it, in `zone`")
    zone = serializers.CharField(source="enrolment.client.zone")
    pieces = Piece(many=True)
    carried = Piece(many=True, help_text="open pieces of earlier weeks, on the current week only")
    lessons = Lesson(many=True)
    minutes_left = serializers.IntegerField()

    def get_due_wall(self, week) -> str:
        return wall(week.due_at, week.enrolment.client.zone)


class EditionNamed(Shape):
    """A published edition."""

    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    number = serializers.IntegerField(allow_null=True)
    version = serializers.CharField()


class Cohort(CohortNamed):
    """People walking one edition from one date in one zone."""

    edition = EditionNamed()
    starts_on = serializers.DateField(help_text="the Monday of week 1")
    zone = serializers.CharField()
    is_paused = serializers.BooleanField()
    is_closed = serializers.BooleanField()


class PageQuery(Query):
    """No filter but the page."""

    after = serializers.IntegerField(required=False, min_value=0, max_value=2**62)


class CohortToOpen(Shape):
    name = serializers.CharField(max_length=80)
    edition = serializers.IntegerField(min_value=1, max_value=BIGGEST, help_text="the id of a published edition")
    starts_on = serializers.DateField(help_text="the Monday of week 1")
    zone = serializers.CharField(max_length=64, help_text="an IANA name, such as Europe/Berlin")


class Reason(Shape):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class PersonToInvite(Shape):
    email = serializers.EmailField()
    role = serializers.ChoiceField(["client", "coach"])
    name = serializers.CharField(required=False, allow_blank=True, max_length=120, default="")


class CoachToAssign(Shape):
    email = serializers.EmailField(help_text="of somebody who has an account")


class Invitation(Shape):
    """An invitation. What opens it is in the mail alone."""

    id = serializers.IntegerField(source="pk")
    email = serializers.EmailField()
    name = serializers.CharField()
    role = serializers.CharField()
    invited_by = serializers.CharField()
    invited_at = Instant()
    expires_at = Instant()
    accepted_at = Instant(allow_null=True)
    revoked_at = Instant(allow_null=True)


class Assignment(Shape):
    """Somebody coaches a cohort."""

    id = serializers.IntegerField(source="pk")
    coach = Person()
    since = Instant()
    ended_at = Instant(allow_null=True)


class Enrolment(Shape):
    """A client in a cohort: who, in which state, since when. Nothing of what they write."""

    id = serializers.IntegerField(source="pk")
    client = Person()
    email = serializers.EmailField(source="client.email")
    state = serializers.CharField()
    joined_at = Instant()
    left_at = Instant(allow_null=True)
    seen_at = Instant(allow_null=True)
