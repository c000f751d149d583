"""Bringing an edition as an archive and publishing it, asked at both doors."""

import tempfile
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from curriculum.models import Edition
from tests import roads
from tests.archives import archive, packed
from tests.doors.cases import ALLOWED, LATER, UNASKED, Ask, case
from tests.issuing import draft

UNASKED["issuing.publish", "edition.replaced"] = "what is gone is 404; only where two people act at one moment"


@cache
def whole() -> bytes:
    """The programme's content as a next version."""
    with tempfile.TemporaryDirectory() as folder:
        return packed(roads.copy_of_content(Path(folder) / "next", version="next"))


def bring(content: bytes) -> Ask:
    form = {"archive": SimpleUploadedFile("edition.zip", content, content_type="application/zip")}
    body = {"archive": b64encode(content).decode()}
    return Ask("ada", reverse("edition-import"), form, "post", "editions/import/", body)


def publish(edition: Edition, signed_by: str = "Ada", **rest: Any) -> Ask:
    sent = {"signed_by": signed_by}
    page, path = reverse("edition-publish", args=[edition.pk]), f"editions/{edition.pk}/publish/"
    return Ask("ada", page, sent, "post", path, sent, **rest)


@case("issuing.bring", "archive.unreadable", 422)
def _unreadable(cast):
    return bring(b"no archive")


@case("issuing.bring", "archive.too_big", 422)
def _too_big(cast):
    return bring(archive({"a.yaml": b"a" * 1_100_000}))


@case("issuing.bring", "archive.unsafe", 422)
def _unsafe(cast):
    return bring(archive({"../a.yaml": b"a"}))


@case("issuing.bring", "content.refused", 422)
def _refused(cast):
    return bring(archive({"programme.yaml": b"key: across-8"}))


@case("issuing.publish", "edition.published")
def _published(cast):
    return publish(cast.spring.edition)


@case("issuing.publish", "edition.empty")
def _empty(cast):
    return publish(draft(cast.spring.edition.programme, weeks=0))


@case("issuing.publish", "edition.unsigned", 422)
def _unsigned(cast):
    return publish(draft(cast.spring.edition.programme), " ")


ALLOWED |= {
    "issuing.bring": lambda cast: bring(whole()),
    "issuing.publish": lambda cast: publish(draft(cast.spring.edition.programme), at=LATER),
}
