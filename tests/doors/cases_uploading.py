"""Recordings, asked at both doors."""

from dataclasses import replace
from datetime import timedelta

from django.urls import reverse

from clients import uploading
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, UNASKED, Ask, case, close, leave
from tests.roads import WEEK_1

KEY = "w1-t1"
EARLY = WEEK_1 - timedelta(weeks=2)
ANNOUNCED = {"size": 1000, "client_key": "one"}


def begin(cast: Cast, who: str = "mina", at=LATER, key: str = KEY, **changes) -> Ask:
    sent = ANNOUNCED | changes
    path = f"submissions/{roads.piece(cast.mina, key).pk}/recordings/"
    return Ask(who, reverse("recording-begin", args=[key]), sent, "post", path, sent, at)


def remove(cast: Cast, who: str = "mina", at=LATER) -> Ask:
    found = roads.recording_begun(cast.mina)
    page = reverse("recording-remove", args=[KEY, found.key])
    return Ask(who, page, {}, "delete", f"recordings/{found.key}/", {}, at)


for operation, doors in {"uploading.begin": begin, "uploading.remove": remove}.items():

    @case(operation, "homework.not_yours", 404)
    def _not_yours(cast, doors=doors):
        return doors(cast, who="omar" if doors is remove else "lena")

    @case(operation, "homework.left")
    def _left(cast, doors=doors):
        ask = doors(cast)
        leave(cast)
        return ask

    @case(operation, "cohort.closed")
    def _closed(cast, doors=doors):
        ask = doors(cast)
        close(cast.spring)
        return ask

    @case(operation, "homework.locked")
    def _locked(cast, doors=doors):
        return replace(doors(cast), at=EARLY)

    @case(operation, "homework.with_coach")
    def _with_coach(cast, doors=doors):
        ask = doors(cast)
        roads.translated(cast.mina)
        return ask

    @case(operation, "homework.reviewed")
    def _reviewed(cast, doors=doors):
        ask = doors(cast)
        roads.translation_answered(cast.mina, cast.tomas)
        return ask

    UNASKED[operation, "homework.not_offered"] = "joining a cohort makes no piece of such an exercise"


@case("uploading.begin", "recording.not_asked")
def _not_asked(cast):
    return begin(cast, key="w1-x1")


@case("uploading.begin", "recording.too_big", 422)
def _too_big(cast):
    return begin(cast, size=uploading.BIGGEST + 1)


@case("uploading.begin", "recording.empty", 422)
def _empty(cast):
    return begin(cast, size=0)


@case("uploading.remove", "recording.handed_in")
def _handed_in(cast):
    found = roads.handed_in_recording(cast.mina)
    page = reverse("recording-remove", args=[KEY, found.key])
    return Ask("mina", page, {}, "delete", f"recordings/{found.key}/", {}, LATER)


ALLOWED |= {"uploading.begin": begin, "uploading.remove": remove}
