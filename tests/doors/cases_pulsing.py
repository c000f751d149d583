"""The pulse: asking, taking somebody off, answering by a link, asked at both doors."""

from datetime import datetime, timedelta

from django.urls import reverse

from clients.models import User
from coaching import pulsing, raters
from tests.cast import Cast
from tests.doors.cases import ALLOWED, Ask, case
from tests.pulsing import ASKED, SAID, answered, asked
from tests.roads import BEFORE, WEEK_1, WEEK_5

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
ANA = ASKED | {"name": "Ana", "address": "ana@raters.example"}


def ask(cast: Cast, at: datetime = WEEK_1, **changes) -> Ask:
    told = ANA | changes
    path = f"enrolments/{cast.enrolment(cast.mina).pk}/raters/"
    return Ask("mina", reverse("raters"), told, "post", path, told, at)


def withdraw(cast: Cast, who: str = "mina", of: User | None = None) -> Ask:
    rater = asked(cast, of or cast.mina).rater
    return Ask(who, reverse("rater-withdraw", args=[rater.pk]), {}, "delete", f"raters/{rater.pk}/", at=WEEK_1 + MINUTE)


def answer(cast: Cast, link=None, at: datetime = WEEK_1 + DAY, **changes) -> Ask:
    token = raters.token_of(link or asked(cast, cast.mina))
    sent = SAID | changes
    return Ask("lena", reverse("pulse", args=[token]), sent, "post", f"pulse/{token}/", {"answers": sent}, at)


@case("pulsing.ask", "pulse.not_yours", 404)
def _somebody_elses(cast):
    found = ask(cast)
    return Ask("lena", found.page, found.form, found.method, found.path, found.body, found.at)


@case("pulsing.ask", "pulse.not_now")
def _in_the_middle(cast):
    return ask(cast, WEEK_5)


@case("pulsing.ask", "pulse.over")
def _a_week_later(cast):
    asked(cast, cast.mina, "Ben", at=BEFORE + 4 * DAY)
    return ask(cast, BEFORE + 12 * DAY)


@case("pulsing.ask", "pulse.known")
def _twice(cast):
    asked(cast, cast.mina)
    return ask(cast)


@case("pulsing.ask", "pulse.too_many")
def _a_fifth(cast):
    for name in ("Ben", "Cleo", "Dan", "Eva"):
        asked(cast, cast.mina, name)
    return ask(cast)


@case("pulsing.ask", "pulse.unclear", 422)
def _without_an_address(cast):
    return ask(cast, address="ana")


@case("pulsing.withdraw", "pulse.not_yours", 404)
def _not_mine(cast):
    return withdraw(cast, "noor")


@case("pulsing.withdraw", "pulse.taken_off")
def _taken_off(cast):
    found = withdraw(cast)
    pulsing.withdraw(raters.visible_to(cast.mina).get(), by=cast.mina, at=WEEK_1)
    return found


@case("pulsing.answer", "pulse.answered", 404)
def _answered(cast):
    return answer(cast, answered(asked(cast, cast.mina)))


@case("pulsing.answer", "pulse.declined", 404)
def _declined(cast):
    link = asked(cast, cast.mina)
    pulsing.decline(link, at=WEEK_1)
    return answer(cast, link)


@case("pulsing.answer", "pulse.withdrawn", 404)
def _withdrawn(cast):
    link = asked(cast, cast.mina)
    pulsing.withdraw(link.rater, by=cast.mina, at=WEEK_1)
    return answer(cast, link)


@case("pulsing.answer", "pulse.early", 404)
def _before_it_begins(cast):
    return answer(cast, asked(cast, cast.mina, at=BEFORE), at=BEFORE + MINUTE)


@case("pulsing.answer", "pulse.closed", 404)
def _after_it_closed(cast):
    return answer(cast, at=WEEK_1 + 15 * DAY)


@case("pulsing.answer", "pulse.incomplete", 422)
def _incomplete(cast):
    return answer(cast, p1="")


ALLOWED |= {
    "pulsing.ask": ask,
    "pulsing.withdraw": withdraw,
    "pulsing.answer": answer,
}
