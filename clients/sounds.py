"""Where recordings lie, and reading them. Files are private, named by their digest, and never served by path."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Exists, F, Func, JSONField, OuterRef, QuerySet, Value
from django.db.models.expressions import Combinable

from .models import Attempt, Recording, Submission

CHUNK = 64 * 1024


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "sound"


def staging() -> Path:
    """Where a recording lies until all of it is there."""
    return Path(settings.MEDIA_ROOT) / "staging"


def path_of(digest: str) -> Path:
    """Where the file of this digest lies."""
    return folder() / digest[:2] / digest


def staged(recording: Recording) -> Path:
    return staging() / str(recording.key)


class Playable(Protocol):
    """Anything that names a file that is played."""

    key: Any
    playable: str


def size_of(recording: Playable) -> int:
    """Bytes of the version that is played. Raises FileNotFoundError where a restore left it out."""
    return path_of(recording.playable).stat().st_size


def read(recording: Playable, start: int, end: int) -> Iterator[bytes]:
    """The bytes of the version that is played, from `start` up to and without `end`."""
    with path_of(recording.playable).open("rb") as file:
        file.seek(start)
        left = end - start
        while left and (data := file.read(min(CHUNK, left))):
            left -= len(data)
            yield data


def ready() -> QuerySet[Recording]:
    """What can be played."""
    return Recording.objects.filter(state=Recording.State.READY)


def named_by(field: Combinable, number: Combinable) -> Func:
    """What an answer contains that names this recording in this field."""
    inner = Func(Value("id"), number, function="jsonb_build_object", output_field=JSONField())
    return Func(field, inner, function="jsonb_build_object", output_field=JSONField())


def unnamed() -> QuerySet[Recording]:
    """Takes that were replaced: neither the draft of their piece nor an attempt names them."""
    kept = Attempt.objects.filter(
        submission=OuterRef("submission"), answer__contains=named_by(OuterRef("field"), OuterRef("pk"))
    )
    return ready().filter(~Exists(kept)).exclude(submission__draft__contains=named_by(F("field"), F("pk")))


def of(submission: Submission) -> QuerySet[Recording]:
    """What its client has recorded for a piece, the newest first."""
    return Recording.objects.filter(submission=submission).exclude(state=Recording.State.REMOVED)


_also: list[Callable[[], set[str]]] = []


def also_named(names: Callable[[], set[str]]) -> None:
    """For a floor above whose rows name files too. Called when it loads."""
    _also.append(names)


def named_files() -> set[str]:
    """The digests that rows name."""
    pairs = Recording.objects.exclude(digest="").values_list("digest", "playable")
    return {digest for pair in pairs for digest in pair}.union(*(names() for names in _also))
