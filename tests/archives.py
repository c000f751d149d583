"""Folders packed as whoever sends them would, or as somebody would who means harm."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def packed(folder: Path, within: str = "across-8/") -> bytes:
    """A folder of content, as an operating system packs it."""
    files = {within + path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.*"))}
    return archive(files | {"__MACOSX/._programme.yaml": b"\0", within + ".DS_Store": b"\0"})


def archive(files: dict[str, bytes], *, mode: int = 0) -> bytes:
    """These names with these bytes; `mode` says what kind of file each is."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            member = ZipInfo(name)
            member.compress_type, member.external_attr = ZIP_DEFLATED, mode << 16
            zipped.writestr(member, content)
    return written.getvalue()
