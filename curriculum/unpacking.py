"""A folder of content files that comes as one zip archive: kept inside a folder of its own, and never trusted.

What an archive says of itself counts for nothing: every name is looked at, every size is counted while reading.
"""

import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
LARGEST, LARGEST_FILE, LARGEST_WHOLE = 5 * MEGABYTE, MEGABYTE, 20 * MEGABYTE  # bytes: as it comes, unpacked
MOST_FILES, DEEPEST, LONGEST_NAME = 2000, 6, 200
CONTENT = (".yaml", ".md", ".txt")
ENCRYPTED = 0x1
BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    zlib.error,
    struct.error,
)


class CannotUnpack(ValidationError):
    """Another archive, please."""

    field = "archive"


@contextmanager
def unpacked(archive: bytes) -> Iterator[Path]:
    """The folder in the archive, as long as it is looked at; the archive's only folder where everything lies in one."""
    if len(archive) > LARGEST:
        raise too_big()
    with tempfile.TemporaryDirectory(prefix="across-edition-") as name:
        folder = Path(name)
        try:
            with ZipFile(BytesIO(archive)) as opened:
                _unpack(opened, folder)
        except BROKEN:
            words = _("This is not a zip archive that can be read. Pack the folder of the edition again.")
            raise CannotUnpack(words, code="archive.unreadable") from None
        yield _innermost(folder)


def too_big() -> CannotUnpack:
    words = _("This is too big for an edition: at most 5 MB packed, 20 MB unpacked, 1 MB a file and 2,000 files.")
    return CannotUnpack(words, code="archive.too_big")


def _unpack(opened: ZipFile, folder: Path) -> None:
    members = [one for one in opened.infolist() if not _is_passed_over(one)]
    if len(members) > MOST_FILES:
        raise too_big()
    left = LARGEST_WHOLE
    for member in members:
        target = folder / _name_of(member)
        target.parent.mkdir(parents=True, exist_ok=True)
        with opened.open(member) as packed:
            content = packed.read(min(LARGEST_FILE, left) + 1)
        if len(content) > min(LARGEST_FILE, left):
            raise too_big()
        left -= len(content)
        with target.open("xb") as file:  # a name that comes twice is no folder
            file.write(content)


def _is_passed_over(member: ZipInfo) -> bool:
    """Folders, what an operating system puts beside files, and what is no content."""
    hidden = any(part[:1] == "." and part[:2] != ".." for part in member.filename.split("/"))
    return member.is_dir() or hidden or member.filename.startswith("__MACOSX/") or not _is_content(member)


def _is_content(member: ZipInfo) -> bool:
    return member.filename.lower().endswith(CONTENT)


def _name_of(member: ZipInfo) -> PurePosixPath:
    """The place of a file in the folder; refused where it lies outside, or is no plain file."""
    name = PurePosixPath(member.filename)
    kind = stat.S_IFMT(member.external_attr >> 16)
    is_odd = any(mark in member.filename for mark in ("\\", ":", "\0")) or kind not in (0, stat.S_IFREG)
    if name.is_absolute() or ".." in name.parts or is_odd or len(member.filename) > LONGEST_NAME:
        told = {"name": member.filename[:80]}
        words = _("“%(name)s” does not lie in the folder of the edition, or is no plain file.") % told
        raise CannotUnpack(words, code="archive.unsafe")
    if member.flag_bits & ENCRYPTED or member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise NotImplementedError
    if len(name.parts) > DEEPEST:
        raise too_big()
    return name


def _innermost(folder: Path) -> Path:
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder
