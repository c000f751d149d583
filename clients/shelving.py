"""Putting files of sound on the disk: written part by part, looked at, and kept where their digest says.

Everything is synced before a row names it, so what a row names is there; what no row names is collected later.
"""

import errno
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import audio, sounds
from .audio import Sound, Unsound

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class NoSound(ValidationError):
    """What came in is no recording that can be handed in. `field` is the one it was for."""

    def __init__(self, sentence: str, field: str, code: str):
        super().__init__(sentence, code=code)
        self.field = field


@dataclass(frozen=True)
class Shelved:
    """A file that is there, and what it is. No row names it yet."""

    sound: Sound
    digest: str
    playable: str


def shelve(parts: Iterable[bytes], *, most: int, field: str) -> Shelved:
    """A whole file that comes at once. Raises NoSound where it is none, is too big, or there is no room for it."""
    came = sounds.staging() / secrets.token_hex(16)
    playable = came.with_suffix(".m4a")
    try:
        _receive(came, parts, most, field)
        looked = audio.examine(came, playable)
        if isinstance(looked, Unsound):
            raise _refused(looked, field)
        with room(field):
            return Shelved(looked, keep(came), keep(playable))
    finally:
        came.unlink(missing_ok=True)
        playable.unlink(missing_ok=True)


def _receive(place: Path, parts: Iterable[bytes], most: int, field: str) -> None:
    size = 0
    for data in parts:
        if size + len(data) > most:
            raise NoSound(_("A recording has at most 10 MB. This file is larger."), field, "recording.too_big")
        with room(field):
            write_at(place, size, data)
        size += len(data)
    if not size:
        raise NoSound(_("This file is empty. Record it once more."), field, "recording.empty")


def _refused(looked: Unsound, field: str) -> NoSound:
    if looked.code == audio.NO_ROOM:
        return no_room(field)
    if looked.code == audio.BUSY:
        sentence = _("This machine has no time to look at the recording. Send it again in a minute.")
        return NoSound(sentence, field, "recording.busy")
    return NoSound(sentence_for(looked), field, "recording.refused")


def sentence_for(looked: Unsound) -> str:
    """Why a recording is not taken, and what to do."""
    seconds = round(looked.seconds)
    if looked.code == audio.TOO_LONG:  # never "62 seconds, and 62 are accepted"
        seconds = max(seconds, int(audio.LONGEST) + 1)
    if looked.code == audio.TOO_SHORT:
        seconds = min(seconds, int(audio.SHORTEST) - 1)
    return {
        audio.TOO_LONG: _("This is %(n)s seconds long; 60 are asked for and 62 are accepted. Record a shorter one."),
        audio.TOO_SHORT: _("This is %(n)s seconds long; at least 5 are needed. Record it once more."),
        audio.SILENT: _("Nothing can be heard in it. Check that the microphone is on, and record it once more."),
        audio.NOT_AUDIO: _("This file is no recording we can play. Use webm, ogg, mp4, m4a, mp3 or wav."),
        audio.BROKEN: _("This recording is damaged and cannot be played. Record it once more, or write a script."),
    }[looked.code] % {"n": seconds}


@contextmanager
def room(field: str) -> Iterator[None]:
    """Turns a full disk into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise no_room(field) from error


def no_room(field: str) -> NoSound:
    sentence = _(
        "There is no room for the recording right now. Your text is saved; try again later, or hand in a script."
    )
    return NoSound(sentence, field, "recording.no_room")


def write_at(path: Path, offset: int, data: bytes) -> None:
    """Write and sync a part. Where that fails, nothing of it stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.ftruncate(descriptor, offset)  # what a crash left behind the last part that counts
        os.lseek(descriptor, offset, os.SEEK_SET)
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, offset)
        raise
    finally:
        os.close(descriptor)
    _sync(path.parent)


def length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def keep(path: Path) -> str:
    """Move a file to the place its digest names, synced; one that is there already stays."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    place = sounds.path_of(digest)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o600)
    _sync(path)
    path.replace(place)
    _sync(place.parent)
    return digest


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def files() -> list[Path]:
    places = (sounds.folder(), sounds.staging())
    return [path for place in places if place.is_dir() for path in place.rglob("*") if path.is_file()]
