"""What a client keeps along the way: lessons read, meetings logged, lines of evidence, 1:1s."""

from django.db import models
from django.db.models import F, Q

from curriculum.models import Lesson

from .enrolment import Enrolment
from .submission import Submission
from .visibility import Visibility


class LessonReading(models.Model):
    """A client marked a lesson as read; unmarking deletes the row."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="lesson_readings")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="readings")
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["enrolment", "lesson"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], name="a_lesson_is_read_once")]

    def __str__(self):
        return f"{self.lesson} read by {self.enrolment.client}"


class Meeting(models.Model):
    """One meeting in a client's log: what they did there, in numbers and one sentence. For the pair.

    `client_key` is made where the entry is written, so that one kept offline and sent twice is one entry.
    """

    VISIBILITY = Visibility.PAIR
    EXPORTED = (
        "date", "title", "kind", "attendees", "minutes", "stake", "prepared", "said_it", "times_spoke", "first_minute",
        "conclusion_first", "error_heard", "error_response", "outcome", "felt_like_me", "logged_at",
    )  # fmt: skip

    class Kind(models.TextChoices):
        STAND_UP = "stand_up"
        PLANNING = "planning"
        REVIEW = "review"
        STEERING = "steering"
        ARCHITECTURE = "architecture"
        CLIENT = "client"
        ONE_ON_ONE = "one_on_one"
        OTHER = "other"

    class SaidIt(models.TextChoices):
        YES = "yes"
        NO = "no"
        OTHER_WORDS = "other_words"
        NOTHING_PREPARED = "nothing_prepared"

    class ConclusionFirst(models.TextChoices):
        ALWAYS = "always"
        MOSTLY = "mostly"
        SOMETIMES = "sometimes"
        NO = "no"
        DID_NOT_SPEAK = "did_not_speak"

    class Response(models.TextChoices):
        ROOM_CLEARLY = "room_clearly"
        ROOM_SOFTLY = "room_softly"
        WRITING_SAME_DAY = "writing_same_day"
        PRIVATELY = "privately"
        LET_STAND = "let_stand"

    # What counts as having led with the conclusion, and as having put something right on the record.
    LED = (ConclusionFirst.ALWAYS, ConclusionFirst.MOSTLY)
    CORRECTED = (Response.ROOM_CLEARLY, Response.WRITING_SAME_DAY)

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="meetings")
    client_key = models.CharField(max_length=64)
    date = models.DateField()
    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind)
    attendees = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField(default=30)
    stake = models.BooleanField()
    prepared = models.TextField(blank=True)
    said_it = models.CharField(max_length=16, choices=SaidIt, blank=True)
    times_spoke = models.PositiveSmallIntegerField()
    first_minute = models.PositiveSmallIntegerField(null=True, blank=True)
    conclusion_first = models.CharField(max_length=14, choices=ConclusionFirst)
    error_heard = models.BooleanField()
    error_response = models.CharField(max_length=16, choices=Response, blank=True)
    outcome = models.TextField()
    felt_like_me = models.PositiveSmallIntegerField(null=True, blank=True)
    logged_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-date", "-pk"]
        indexes = [models.Index(fields=["enrolment", "date"], name="meetings_of_an_enrolment")]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "client_key"], name="one_meeting_a_key"),
            models.CheckConstraint(condition=Q(attendees__gte=2, attendees__lte=200), name="a_meeting_has_2_to_200"),
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=480), name="a_meeting_lasts_5_to_480_min"),
            models.CheckConstraint(condition=Q(times_spoke__lte=60), name="nobody_speaks_more_than_60_times"),
            models.CheckConstraint(
                condition=Q(times_spoke=0, first_minute__isnull=True)
                | Q(times_spoke__gt=0, first_minute__isnull=True)
                | Q(times_spoke__gt=0, first_minute__lte=F("minutes")),
                name="a_first_minute_lies_in_the_meeting",
            ),
            models.CheckConstraint(
                condition=Q(times_spoke=0, conclusion_first="did_not_speak")
                | (Q(times_spoke__gt=0) & ~Q(conclusion_first="did_not_speak")),
                name="did_not_speak_is_zero_times",
            ),
            models.CheckConstraint(
                condition=(Q(error_heard=True) & ~Q(error_response="")) | Q(error_heard=False, error_response=""),
                name="an_error_heard_has_its_response",
            ),
            models.CheckConstraint(
                condition=Q(felt_like_me__isnull=True) | Q(felt_like_me__gte=1, felt_like_me__lte=5),
                name="feeling_like_oneself_is_1_to_5",
            ),
        ]

    def __str__(self):
        return f"{self.title}, {self.date}"

    @property
    def led(self) -> bool:
        """The conclusion came first, always or mostly."""
        return self.conclusion_first in self.LED

    @property
    def corrected(self) -> bool:
        """What was incorrect was put right on the record."""
        return self.error_response in self.CORRECTED

    @property
    def early(self) -> bool:
        """The first contribution came in the first ten minutes."""
        return self.first_minute is not None and self.first_minute <= 10


class LedgerLine(models.Model):
    """One line of evidence: what moved, for whom, who saw it. Private, or for the pair, as its client says."""

    EXPORTED = (
        "date", "what", "for_whom", "my_part", "factor", "who_saw", "credit", "trace", "quote", "visibility",
        "written_at",
    )  # fmt: skip

    class Factor(models.TextChoices):
        STAKEHOLDER = "stakeholder"
        INFLUENCE = "influence"
        PRESENCE = "presence"
        UPWARD = "upward"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="ledger")
    client_key = models.CharField(max_length=64)
    date = models.DateField()
    what = models.TextField()
    for_whom = models.CharField(max_length=80)
    my_part = models.TextField()
    factor = models.CharField(max_length=12, choices=Factor)
    who_saw = models.JSONField(default=list, blank=True)
    credit = models.JSONField(default=list, blank=True)
    trace = models.CharField(max_length=300, blank=True)
    quote = models.TextField(blank=True)
    visibility = models.CharField(max_length=16, choices=Visibility, default=Visibility.PAIR)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-date", "-pk"]
        indexes = [models.Index(fields=["enrolment", "date"], name="ledger_of_an_enrolment")]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "client_key"], name="one_ledger_line_a_key"),
            models.CheckConstraint(
                condition=Q(factor__in=["stakeholder", "influence", "presence", "upward"]),
                name="a_ledger_line_shows_one_factor",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=["private", "pair"]), name="a_ledger_line_is_private_or_for_the_pair"
            ),
        ]

    def __str__(self):
        return self.what[:60]

    @property
    def strength(self) -> int:
        """1 to 3: an outcome, somebody who saw it, a trace. Derived, as the programme defines it."""
        return 1 + bool(self.who_saw) + bool(self.trace)


class OneOnOne(models.Model):
    """A 1:1 with one's manager: planned in words, held, and done when what was promised is done. For the pair.

    `content` holds the four moves, keyed like the fields of the exercise. One that came out of homework knows its
    submission; attempts handed in stay as they were.
    """

    VISIBILITY = Visibility.PAIR
    EXPORTED = (
        "date", "with_whom", "state", "content", "heard", "actions", "status_sent_before", "planned_at", "held_at",
        "done_at",
    )  # fmt: skip

    class State(models.TextChoices):
        PLANNED = "planned"
        HELD = "held"
        DONE = "done"

    MOVES = {State.PLANNED: {State.HELD}, State.HELD: {State.DONE}, State.DONE: {State.HELD}}

    class With(models.TextChoices):
        MANAGER = "manager"
        SKIP_LEVEL = "skip_level"
        COACH = "coach"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="one_on_ones")
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, null=True, related_name="one_on_one")
    client_key = models.CharField(max_length=64)
    date = models.DateField()
    with_whom = models.CharField(max_length=12, choices=With, default=With.MANAGER)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    content = models.JSONField(default=dict)
    lines = models.ManyToManyField(LedgerLine, related_name="one_on_ones", blank=True)
    heard = models.TextField(blank=True)
    actions = models.JSONField(default=list, help_text="[{action, by, done}]")
    status_sent_before = models.BooleanField(null=True)
    planned_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-date", "-pk"]
        verbose_name = "1:1"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "client_key"], name="one_one_on_one_a_key"),
            models.CheckConstraint(
                condition=Q(state="planned", held_at__isnull=True, done_at__isnull=True)
                | Q(state="held", held_at__isnull=False, done_at__isnull=True)
                | Q(state="done", held_at__isnull=False, done_at__isnull=False),
                name="a_one_on_one_says_when_it_was_held_and_done",
            ),
        ]

    def __str__(self):
        return f"1:1 on {self.date}"

    def can_move(self, state) -> bool:
        return state in self.MOVES[self.State(self.state)]
