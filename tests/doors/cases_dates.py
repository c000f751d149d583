"""Dates that give way, asked at both doors: weeks off, shifts, holds, more time, what is excused."""

from datetime import date, datetime, timedelta

from django.urls import reverse

from clients import excusing, extending, holding, moving, pausing
from clients.models import BreakWeek, Enrolment, Extension
from coaching import waiving
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, RACE, UNASKED, Ask, case, close, leave
from tests.roads import BEFORE, WEEK_1

DAY = timedelta(days=1)
OFF = date(2026, 3, 16)
UNASKED["moving.drop_break", "break.gone"] = RACE


# --- A cohort's ---------------------------------------------------------------------------------------


def set_break(cast: Cast, first_day: date = OFF) -> Ask:
    sent = {"first_day": first_day.isoformat(), "reason": "Easter"}
    page = reverse("cohort-break", args=["spring"])
    return Ask("ada", page, sent, "post", f"cohorts/{cast.spring.pk}/breaks/", sent)


def off(cast: Cast) -> BreakWeek:
    return moving.set_break(cast.spring, first_day=OFF, by=cast.ada, at=WEEK_1)


def drop_break(cast: Cast, at: datetime = LATER) -> Ask:
    week_off = cast.spring.breaks.first() or off(cast)
    page = reverse("cohort-break-drop", args=["spring", week_off.pk])
    return Ask("ada", page, {}, "delete", f"cohorts/{cast.spring.pk}/breaks/{week_off.pk}/", at=at)


def shift(cast: Cast, days: int = 7, at: datetime = LATER) -> Ask:
    sent = {"days": days, "reason": "The room"}
    page = reverse("cohort-shift", args=["spring"])
    return Ask("ada", page, sent, "post", f"cohorts/{cast.spring.pk}/shift/", sent, at)


@case("moving.set_break", "cohort.closed")
def _no_break(cast):
    close(cast.spring)
    return set_break(cast)


@case("moving.set_break", "break.not_monday")
def _tuesday(cast):
    return set_break(cast, OFF + DAY)


@case("moving.set_break", "break.begun")
def _begun(cast):
    return set_break(cast, date(2026, 3, 2))


@case("moving.set_break", "break.there")
def _off_already(cast):
    off(cast)
    return set_break(cast)


@case("moving.set_break", "break.after_the_end")
def _after_the_end(cast):
    return set_break(cast, date(2026, 6, 1))


@case("moving.drop_break", "cohort.closed")
def _kept(cast):
    off(cast)
    close(cast.spring)
    return drop_break(cast)


@case("moving.drop_break", "break.counted_on")
def _counted_on(cast):
    off(cast)
    return drop_break(cast, at=datetime.combine(OFF - DAY, datetime.min.time(), tzinfo=WEEK_1.tzinfo))


@case("moving.shift", "cohort.closed")
def _stays(cast):
    close(cast.spring)
    return shift(cast)


@case("moving.shift", "shift.days")
def _by_nothing(cast):
    return shift(cast, days=0)


@case("moving.shift", "shift.too_near")
def _too_near(cast):
    return shift(cast, days=-7)


@case("moving.shift", "shift.nothing_ahead")
def _nothing_ahead(cast):
    return shift(cast, at=WEEK_1 + 70 * DAY)


# --- One client's ---------------------------------------------------------------------------------------


def mina(cast: Cast) -> Enrolment:
    return cast.enrolment(cast.mina)


def hold(cast: Cast) -> Ask:
    pk, sent = mina(cast).pk, {"reason": "Ill"}
    return Ask("tomas", reverse("client-hold", args=[pk]), sent, "post", f"enrolments/{pk}/hold/", sent)


def go_on(cast: Cast) -> Ask:
    pk = mina(cast).pk
    return Ask("tomas", reverse("client-go-on", args=[pk]), {}, "post", f"enrolments/{pk}/go-on/")


def excuse(cast: Cast, reason: str = "On leave") -> Ask:
    pk, sent = mina(cast).pk, {"exercise": "w1-x1", "reason": reason}
    return Ask("tomas", reverse("client-excuse", args=[pk]), sent, "post", f"enrolments/{pk}/excusals/", sent)


def ask_again(cast: Cast) -> Ask:
    pk, sent = mina(cast).pk, {"exercise": "w1-x1"}
    page = reverse("client-ask-again", args=[pk])
    return Ask("tomas", page, sent, "delete", f"enrolments/{pk}/excusals/w1-x1/")


def on_hold(cast: Cast) -> None:
    holding.hold(mina(cast), by=cast.tomas, at=WEEK_1)


def excused(cast: Cast) -> None:
    excusing.excuse(mina(cast), roads.piece(cast.mina).exercise, reason="On leave", by=cast.tomas, at=WEEK_1)


ONE_CLIENT = {"holding.hold": hold, "holding.go_on": go_on, "excusing.excuse": excuse, "excusing.ask_again": ask_again}

for operation, doors in ONE_CLIENT.items():

    @case(operation, "enrolment.ended")
    def _has_left(cast, doors=doors):
        leave(cast)
        return doors(cast)

    @case(operation, "cohort.closed")
    def _is_closed(cast, doors=doors):
        close(cast.spring)
        return doors(cast)


@case("holding.hold", "hold.there")
def _on_hold_already(cast):
    on_hold(cast)
    return hold(cast)


@case("holding.go_on", "hold.not_there")
def _goes_on_already(cast):
    return go_on(cast)


@case("excusing.excuse", "excusal.there")
def _excused_already(cast):
    excused(cast)
    return excuse(cast)


@case("excusing.excuse", "excusal.handed_in")
def _in_already(cast):
    roads.handed_in(cast.mina)
    return excuse(cast)


@case("excusing.excuse", "excusal.reason", 422)
def _without_a_reason(cast):
    return excuse(cast, reason="")


@case("excusing.ask_again", "excusal.not_there")
def _not_excused(cast):
    return ask_again(cast)


# --- Finishing --------------------------------------------------------------------------------------------


def waive(cast: Cast, condition: str = "main-1", reason: str = "On leave") -> Ask:
    pk, sent = mina(cast).pk, {"condition": condition, "reason": reason}
    return Ask("ada", reverse("client-waive", args=[pk]), sent, "post", f"enrolments/{pk}/waivers/", sent)


def end_waiver(cast: Cast) -> Ask:
    pk, page = mina(cast).pk, reverse("client-waiver-end", args=[mina(cast).pk])
    return Ask("ada", page, {"condition": "main-1"}, "delete", f"enrolments/{pk}/waivers/main-1/")


def waived(cast: Cast) -> None:
    waiving.waive(mina(cast), "main-1", reason="On leave", by=cast.ada, at=WEEK_1)


for operation, doors in {"waiving.waive": waive, "waiving.ask_again": end_waiver}.items():

    @case(operation, "enrolment.ended")
    def _left_before_the_end(cast, doors=doors):
        leave(cast)
        return doors(cast)

    @case(operation, "cohort.closed")
    def _closed_before(cast, doors=doors):
        close(cast.spring)
        return doors(cast)


@case("waiving.waive", "waiver.unknown")
def _nobody_asks(cast):
    return waive(cast, condition="a-medal")


@case("waiving.waive", "waiver.there")
def _waived_already(cast):
    waived(cast)
    return waive(cast)


@case("waiving.waive", "waiver.done")
def _done(cast):
    roads.answered(cast.mina, cast.tomas)
    return waive(cast)


@case("waiving.waive", "waiver.reason", 422)
def _waived_without_a_reason(cast):
    return waive(cast, reason=" ")


@case("waiving.ask_again", "waiver.not_there")
def _not_waived(cast):
    return end_waiver(cast)


# --- More time --------------------------------------------------------------------------------------------


def more(cast: Cast, day: int = 10, key: str = "w1-x1", who: str = "mina", at: datetime = LATER) -> Ask:
    sent = {"until": f"2026-03-{day:02}", "note": "Two releases"}
    path = f"submissions/{roads.piece(cast.mina, key).pk}/more-time/"
    return Ask(who, reverse("more-time", args=[key]), sent, "post", path, sent, at)


def asked(cast: Cast) -> Extension:
    return extending.ask(roads.piece(cast.mina), until=date(2026, 3, 15), by=cast.mina, at=WEEK_1)


def decide(cast: Cast, who: str = "tomas") -> Ask:
    question = Extension.objects.first() or asked(cast)
    page = reverse("extension", args=[question.pk])
    return Ask(who, page, {"answer": "yes"}, "post", f"extensions/{question.pk}/answer/", {"grant": True})


@case("extending.ask", "homework.not_yours", 404)
def _not_yours(cast):
    return more(cast, who="lena")


@case("extending.ask", "homework.left")
def _left(cast):
    leave(cast)
    return more(cast)


@case("extending.ask", "cohort.closed")
def _over(cast):
    close(cast.spring)
    return more(cast)


@case("extending.ask", "extension.still")
def _paused(cast):
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    return more(cast)


@case("extending.ask", "homework.locked")
def _locked(cast):
    return more(cast, at=BEFORE)


@case("extending.ask", "extension.not_with_you")
def _with_the_coach(cast):
    roads.handed_in(cast.mina)
    return more(cast)


@case("extending.ask", "extension.excused")
def _is_excused(cast):
    excused(cast)
    return more(cast)


@case("extending.ask", "extension.asked")
def _asked_already(cast):
    asked(cast)
    return more(cast)


@case("extending.ask", "extension.there", 422)
def _there_already(cast):
    return more(cast, day=8)


@case("extending.ask", "extension.too_long", 422)
def _too_long(cast):
    return more(cast, day=30)


@case("deciding.decide", "extension.not_yours", 404)
def _another_coach(cast):
    return decide(cast, who="ines")


@case("deciding.decide", "extension.answered")
def _answered(cast):
    extending.answer(asked(cast), grant=False, by=cast.tomas, at=WEEK_1)
    return decide(cast)


@case("deciding.decide", "enrolment.ended")
def _nobody_there(cast):
    asked(cast)
    leave(cast)
    return decide(cast)


def _after(road, doors):
    def walk(cast):
        road(cast)
        return doors(cast)

    return walk


ALLOWED |= {
    "moving.set_break": set_break,
    "moving.drop_break": drop_break,
    "moving.shift": shift,
    "holding.hold": hold,
    "holding.go_on": _after(on_hold, go_on),
    "excusing.excuse": excuse,
    "excusing.ask_again": _after(excused, ask_again),
    "waiving.waive": waive,
    "waiving.ask_again": _after(waived, end_waiver),
    "extending.ask": more,
    "deciding.decide": decide,
}
