"""The mails that were written to files, where there is no mail server. For the demo and for development only."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render

from .desk import OfficeRequest, office

NAME = re.compile(r"[0-9a-f]{32}\.eml")
SHOWN = 100
WITHHELD = {"feedback"}  # whoever asked for texts in their mail did not ask for an admin to read them


class Kept(NamedTuple):
    """One mail as it was written; `html` is its source, for reading and never for showing."""

    name: str
    at: datetime
    to: str
    subject: str
    kind: str
    text: str
    html: str

    @property
    def is_withheld(self) -> bool:
        return self.kind in WITHHELD


def is_kept() -> bool:
    """Whether mails are files here and may be read on a page."""
    return bool((settings.DEMO or settings.DEBUG) and not (settings.EMAIL_URL or settings.EMAIL_PROVIDER))


@office
def mails(request: OfficeRequest, *, at: datetime) -> HttpResponse:
    """The newest mails first."""
    _refuse_elsewhere()
    return render(request, "coaching/office/mails.html", {"mails": list(islice(_newest(), SHOWN)), "at": at})


@office
def mail(request: OfficeRequest, name: str, *, at: datetime) -> HttpResponse:
    """One mail: its text, and the source of its HTML."""
    _refuse_elsewhere()
    found = _read(settings.MAIL_FOLDER / name) if NAME.fullmatch(name) else None
    if found is None:
        raise Http404
    return render(request, "coaching/office/mail.html", {"mail": found, "at": at})


def _refuse_elsewhere() -> None:
    if not is_kept():
        raise Http404


def _newest() -> Iterator[Kept]:
    folder = settings.MAIL_FOLDER
    files = [path for path in folder.iterdir() if NAME.fullmatch(path.name)] if folder.is_dir() else []
    yield from filter(None, map(_read, sorted(files, key=_written_at, reverse=True)))


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _read(path: Path) -> Kept | None:
    """The mail in a file; None when there is none, or no longer."""
    try:
        parsed: EmailMessage = message_from_bytes(path.read_bytes(), policy=policy.default)  # type: ignore[assignment]
    except FileNotFoundError:
        return None
    return Kept(
        name=path.name,
        at=datetime.fromtimestamp(_written_at(path), UTC),
        to=str(parsed["To"] or ""),
        subject=str(parsed["Subject"] or ""),
        kind=str(parsed["X-Across-Kind"] or ""),
        text=_part(parsed, "plain"),
        html=_part(parsed, "html"),
    )


def _part(parsed: EmailMessage, kind: str) -> str:
    body = parsed.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""
