"""A minute of speech: how long receiving it takes, and looking at it with making the version that is played."""

import time
from datetime import datetime

from clients import uploading
from clients.models import Submission
from tests.sounds.making import encoded

Seconds = float


def a_minute() -> bytes:
    """What Chromium records in sixty seconds."""
    return encoded(60, live=True)


def taken(piece: Submission, data: bytes, *, client_key: str, at: datetime) -> tuple[Seconds, Seconds]:
    """(received, looked at) for one recording of its client's, in parts as a browser sends them."""
    by, began = piece.enrolment.client, time.perf_counter()
    found = uploading.begin(piece, size=len(data), client_key=client_key, by=by, at=at)
    edges = range(0, len(data), uploading.PART)
    for start in edges[:-1]:
        found = uploading.append(found, offset=start, data=data[start : start + uploading.PART], by=by, at=at)
    received = time.perf_counter()
    found = uploading.append(found, offset=edges[-1], data=data[edges[-1] :], by=by, at=at)
    if not found.milliseconds:
        raise AssertionError(found.refusal)
    return received - began, time.perf_counter() - received
