"""A client's voice: the recording, its transcript, and what a listener took away from it."""

import uuid

from django.db import models
from django.db.models import Q

from .submission import Submission
from .user import User
from .visibility import Visibility


class Recording(models.Model):
    """Sound for one piece of homework: received in parts, decoded, then played. For the pair once handed in.

    `digest` names the file as it came, `playable` the version every browser plays; both lie in the private store and
    are written and synced before the row names them. `key` stands in addresses.
    """

    VISIBILITY = Visibility.PAIR
    EXPORTED = ("name", "milliseconds", "silence", "received_at", "digest")

    class State(models.TextChoices):
        RECEIVING = "receiving"
        READY = "ready"
        REFUSED = "refused"
        REMOVED = "removed"

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="recordings")
    client_key = models.CharField(max_length=64)
    field = models.CharField(max_length=40, default="audio")
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVING)
    name = models.CharField(max_length=120, blank=True)
    media_type = models.CharField(max_length=80, blank=True, help_text="as declared; never trusted")
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    playable = models.CharField(max_length=64, blank=True)
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    silence = models.FloatField(null=True, blank=True, help_text="share of the time, 0 to 1")
    peaks = models.JSONField(default=list, help_text="waveform, 0 to 100")
    refusal = models.CharField(max_length=200, blank=True)
    begun_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "client_key"], name="one_recording_a_key"),
            models.CheckConstraint(condition=Q(received__lte=models.F("size")), name="no_more_comes_than_announced"),
            models.CheckConstraint(
                condition=~Q(state="ready")
                | (Q(milliseconds__isnull=False, received_at__isnull=False) & ~Q(digest="") & ~Q(playable="")),
                name="a_recording_that_is_ready_can_be_played",
            ),
            models.CheckConstraint(
                condition=Q(state="refused") | Q(refusal=""), name="only_a_refused_recording_has_a_refusal"
            ),
        ]

    def __str__(self):
        return f"recording for {self.submission}"

    @property
    def seconds(self) -> float:
        return (self.milliseconds or 0) / 1000


class Transcript(models.Model):
    """What this machine heard in a recording, with times, and the text as its client put it right. For the pair.

    Nothing of it is counted before `edited_at`, and nothing of it ever enters a score.
    """

    VISIBILITY = Visibility.PAIR
    EXPORTED = ("state", "engine", "text", "edited", "words", "finished_at", "edited_at")

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    recording = models.OneToOneField(Recording, on_delete=models.CASCADE, related_name="transcript")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0, help_text="per cent")
    engine = models.CharField(max_length=80, blank=True)
    words = models.JSONField(default=list, help_text="[[word, start, end], …] in seconds")
    text = models.TextField(blank=True)
    edited = models.TextField(blank=True)
    error = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="progress_is_a_percentage"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False), name="a_finished_transcript_says_when"
            ),
        ]

    def __str__(self):
        return f"transcript of {self.recording}"


class Receipt(models.Model):
    """A listener without an account answers the four questions from memory, by an expiring link. For the pair.

    Only the token's SHA-256 is stored. The client marks each answer right (2), partly (1) or wrong (0): 0 to 8.
    """

    VISIBILITY = Visibility.PAIR
    EXPORTED = ("listener", "what", "why", "wrong", "when", "marks", "asked_at", "answered_at")
    QUESTIONS = ("what", "why", "wrong", "when")

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="receipts")
    recording = models.ForeignKey(Recording, on_delete=models.SET_NULL, null=True, blank=True, related_name="receipts")
    token_hash = models.CharField(max_length=64, unique=True)
    asked_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True, help_text="from here on the recording is not played")
    answered_at = models.DateTimeField(null=True, blank=True)
    listener = models.CharField(max_length=80, blank=True)
    what = models.TextField(blank=True)
    why = models.TextField(blank=True)
    wrong = models.TextField(blank=True)
    when = models.TextField(blank=True)
    marks = models.JSONField(default=dict, help_text="{question: 0, 1 or 2}")
    marked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(marked_at__isnull=True) | Q(answered_at__isnull=False),
                name="only_what_was_answered_is_marked",
            ),
        ]

    def __str__(self):
        return f"receipt for {self.submission}"

    @property
    def points(self) -> int | None:
        """0 to 8, None until every answer is marked."""
        return sum(self.marks.values()) if self.marked_at else None
