"""The meeting log, asked at both doors."""

from datetime import timedelta

from django.urls import reverse

from tests import keeping, roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, RACE, UNASKED, Ask, case, close, leave
from tests.roads import BEFORE, ENTRY

YEARS_LATER = LATER + timedelta(days=400)
FORM = ENTRY | {"stake": "yes", "error_heard": "no"}


def log(cast: Cast, who: str = "mina", at=LATER, **changes) -> Ask:
    key = {"client_key": "one entry"}
    sent = ENTRY | changes | key | {"enrolment": cast.enrolment(cast.mina).pk}
    return Ask(who, reverse("log-new"), FORM | changes | key, "post", "meetings/", sent, at)


def change(cast: Cast, who: str = "mina", at=LATER, **changes) -> Ask:
    meeting = roads.logged(cast.mina)
    page, path = reverse("log-meeting", args=[meeting.pk]), f"meetings/{meeting.pk}/"
    return Ask(who, page, FORM | changes, "put", path, ENTRY | changes, at)


def remove(cast: Cast, who: str = "mina", at=LATER) -> Ask:
    meeting = roads.logged(cast.mina)
    return Ask(who, reverse("log-remove", args=[meeting.pk]), {}, "delete", f"meetings/{meeting.pk}/", at=at)


DOORS = {"practising.log_meeting": log, "practising.change_meeting": change, "practising.remove_meeting": remove}
UNASKED |= {(f"practising.{name}_meeting", "log.gone"): RACE for name in ("change", "remove")}

for operation, doors in DOORS.items():

    @case(operation, "homework.not_yours", 404)
    def _not_yours(cast, doors=doors):
        return doors(cast, who="lena")

    @case(operation, "record.left")
    def _left(cast, doors=doors):
        ask = doors(cast)
        leave(cast)
        return ask

    @case(operation, "cohort.closed")
    def _closed(cast, doors=doors):
        ask = doors(cast)
        close(cast.spring)
        return ask

    @case(operation, "record.over")
    def _over(cast, doors=doors):
        ask = doors(cast, at=YEARS_LATER)
        keeping.finished(cast.mina, at=LATER)
        return ask

    @case(operation, "log.locked")
    def _locked(cast, doors=doors):
        return doors(cast, at=BEFORE)


for operation, doors in (("practising.log_meeting", log), ("practising.change_meeting", change)):

    @case(operation, "log.incomplete", 422)
    def _incomplete(cast, doors=doors):
        return doors(cast, title="", date="2026-03-05", first_minute=50)


ALLOWED |= DOORS
