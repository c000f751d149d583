"""Midpoint calls, asked at both doors."""

from dataclasses import replace
from datetime import timedelta

from django.urls import reverse

from clients import joining
from coaching import calling
from coaching.models import Call
from curriculum import moments
from tests import sittings
from tests.callings import FRIDAY, FRIDAY_AT, MONDAY, WHY, booked, offered, slots
from tests.cast import Cast
from tests.doors.cases import ALLOWED, Ask, case, close
from tests.roads import WEEK_4

DAY = timedelta(days=1)


def offer(cast: Cast, *walls, minutes: int = 20, at=WEEK_4) -> Ask:
    texts = [wall.isoformat(timespec="minutes") for wall in walls or (FRIDAY, MONDAY)]
    page, body = reverse("calls", args=["spring"]), {"walls": texts, "minutes": minutes}
    return Ask("tomas", page, {"wall": texts, "minutes": minutes}, "post", f"cohorts/{cast.spring.pk}/calls/", body, at)


def withdraw(cast: Cast, at=WEEK_4) -> Ask:
    slot = slots(cast)[0]
    page = reverse("call-slot-withdraw", args=["spring", slot.pk])
    return Ask("tomas", page, {}, "post", f"call-times/{slot.pk}/withdraw/", at=at)


def book(cast: Cast, at=WEEK_4, place: int = 0) -> Ask:
    sent = {"slot": slots(cast)[place].pk}
    path = f"enrolments/{cast.enrolment(cast.mina).pk}/call/"
    return Ask("mina", reverse("call-book"), sent, "post", path, sent, at)


def move(cast: Cast, at=WEEK_4, place: int = 1, reason: str = WHY, who: str = "mina") -> Ask:
    call = Call.objects.first() or booked(cast)
    sent = {"slot": slots(cast)[place].pk, "reason": reason}
    return Ask(who, reverse("call-move"), sent, "post", f"calls/{call.pk}/move/", sent, at)


def cancel(cast: Cast, at=WEEK_4, reason: str = WHY, who: str = "mina") -> Ask:
    call, sent = Call.objects.first() or booked(cast), {"reason": reason}
    if who == "tomas":
        page = reverse("coach-call-cancel", args=["spring", call.pk])
    else:
        page = reverse("call-cancel")
    return Ask(who, page, sent, "post", f"calls/{call.pk}/cancel/", sent, at)


def agree(cast: Cast, at=WEEK_4, who: str = "mina", **changes) -> Ask:
    call = Call.objects.first() or booked(cast)
    sent = {"sentence": "In the Thursday steering I say my recommendation first.", "competency": "presence"} | changes
    page = reverse("coach-call-focus", args=["spring", call.pk]) if who == "tomas" else reverse("call-focus")
    return Ask(who, page, sent, "put", f"calls/{call.pk}/focus/", sent, at)


CHANGING = {"calling.move": move, "calling.cancel": cancel}

for operation, doors in {"calling.offer": offer, "calling.book": book, "focusing.agree": agree, **CHANGING}.items():

    @case(operation, "cohort.closed")
    def _closed(cast, doors=doors):
        ask = doors(cast)
        close(cast.spring)
        return ask


for operation, doors in {"calling.book": book, "focusing.agree": agree, **CHANGING}.items():

    @case(operation, "call.left")
    def _has_left(cast, doors=doors):
        ask = doors(cast)
        joining.withdraw(cast.enrolment(cast.mina), by=cast.ada, at=WEEK_4)
        return ask


for operation, doors in {"focusing.agree": agree, **CHANGING}.items():

    @case(operation, "call.not_yours", 404)
    def _not_yours(cast, doors=doors):
        return doors(cast, who="noor")

    @case(operation, "call.cancelled")
    def _cancelled(cast, doors=doors):
        ask = doors(cast)
        calling.cancel(Call.objects.get(), reason=WHY, by=cast.mina, at=WEEK_4)
        return ask


for operation, doors in CHANGING.items():

    @case(operation, "call.begun")
    def _begun(cast, doors=doors):
        return doors(cast, at=FRIDAY_AT)

    @case(operation, "call.no_reason", 422)
    def _no_reason(cast, doors=doors):
        return doors(cast, reason=" ")


@case("calling.offer", "call.not_yours", 404)
def _of_another_cohort(cast):
    return Ask(**vars(offer(cast)) | {"who": "ines"})


@case("calling.offer", "call.count", 422)
def _only_one(cast):
    return offer(cast, FRIDAY)


@case("calling.offer", "call.minutes", 422)
def _too_long(cast):
    return offer(cast, minutes=90)


@case("calling.offer", "call.past", 422)
def _past(cast):
    return offer(cast, FRIDAY - 3 * DAY, MONDAY)


@case("calling.offer", "call.outside", 422)
def _outside(cast):
    return offer(cast, FRIDAY, MONDAY + 28 * DAY)


@case("calling.offer", "call.overlaps", 422)
def _overlaps(cast):
    offered(cast)
    return offer(cast)


@case("calling.offer", "call.session", 422)
def _over_a_session(cast):
    sittings.arranged(cast)
    starts = moments.to_wall(sittings.session(cast, 5).starts_at, cast.tomas.zone)
    return offer(cast, FRIDAY, starts - timedelta(minutes=10))


@case("calling.offer", "call.link", 422)
def _no_link(cast):
    ask = offer(cast)
    return replace(ask, form=ask.form | {"link": "my room"}, body=ask.body | {"link": "my room"})


@case("focusing.agree", "assessment.unanswered", 422)
def _no_sentence(cast):
    return agree(cast, who="tomas", sentence=" ", competency="charm")


@case("calling.withdraw", "call.not_yours", 404)
def _of_a_colleague(cast):
    return Ask(**vars(withdraw(cast)) | {"who": "ines"})


@case("calling.withdraw", "call.gone")
def _taken_back(cast):
    calling.withdraw(slots(cast)[0], by=cast.tomas, at=WEEK_4)
    return withdraw(cast)


@case("calling.withdraw", "call.taken")
def _booked(cast):
    booked(cast)
    return withdraw(cast)


@case("calling.book", "call.not_yours", 404)
def _not_walking(cast):
    return Ask(**vars(book(cast)) | {"who": "omar"})


@case("calling.book", "call.there")
def _there(cast):
    booked(cast)
    return book(cast, place=1)


for operation, doors in {"calling.book": book, "calling.move": move}.items():

    @case(operation, "call.gone")
    def _gone(cast, doors=doors):
        place = 1 if doors is move else 0
        ask = doors(cast)
        calling.withdraw(slots(cast)[place], by=cast.tomas, at=WEEK_4)
        return ask

    @case(operation, "call.taken")
    def _taken(cast, doors=doors):
        ask = doors(cast)
        booked(cast, "noor", 1 if doors is move else 0)
        return ask


@case("calling.book", "call.past")
def _over(cast):
    return book(cast, at=FRIDAY_AT)


@case("calling.move", "call.past")
def _moved_back(cast):
    booked(cast, place=1)
    return move(cast, place=0, at=FRIDAY_AT)


@case("calling.move", "call.same")
def _same(cast):
    return move(cast, place=0)


ALLOWED |= {
    "focusing.agree": agree,
    "calling.offer": offer,
    "calling.withdraw": withdraw,
    "calling.book": book,
    **CHANGING,
}
