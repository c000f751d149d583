"""Check-ins: agreeing, taking it back, answering by a link, asked at both doors."""

from datetime import datetime, timedelta

from django.urls import reverse

from coaching import check_ins, following
from tests.cast import Cast
from tests.doors.cases import ALLOWED, Ask, case
from tests.graduating import ANSWERS, FIRST, NOON, answered, asked, graduated

DAY = timedelta(days=1)


def agree(cast: Cast, at: datetime = NOON) -> Ask:
    path = f"enrolments/{cast.enrolment(cast.mina).pk}/consents/check_ins/"
    return Ask("mina", reverse("finish-agree"), {"scope": "check_ins", "agree": "yes"}, "post", path, at=at)


def withdraw(cast: Cast) -> Ask:
    path = f"enrolments/{cast.enrolment(cast.mina).pk}/consents/check_ins/"
    return Ask("mina", reverse("finish-agree"), {"scope": "check_ins", "agree": "no"}, "delete", path, at=NOON)


def answer(cast: Cast, at: datetime = FIRST, **changes) -> Ask:
    token = check_ins.token_of(cast.enrolment(cast.mina).check_ins.get(months=3))
    sent = ANSWERS | changes
    return Ask("lena", reverse("check-in", args=[token]), sent, "post", f"check-ins/{token}/", {"answers": sent}, at)


@case("following.agree", "consent.not_yours", 404)
def _somebody_elses(cast):
    ask = agree(cast)
    return Ask("lena", ask.page, ask.form, ask.method, ask.path, at=ask.at)


@case("following.agree", "consent.early")
def _early(cast):
    return agree(cast)


@case("following.agree", "consent.there")
def _there(cast):
    asked(cast, cast.mina)
    return agree(cast)


@case("following.withdraw", "consent.not_yours", 404)
def _not_mine(cast):
    ask = withdraw(cast)
    return Ask("lena", ask.page, ask.form, ask.method, ask.path, at=ask.at)


@case("following.withdraw", "consent.not_there")
def _not_there(cast):
    return withdraw(cast)


@case("following.answer", "check_in.early", 404)
def _before_its_mail(cast):
    asked(cast, cast.mina)
    return answer(cast, at=FIRST - DAY)


@case("following.answer", "check_in.closed", 404)
def _closed(cast):
    asked(cast, cast.mina)
    return answer(cast, at=FIRST + 30 * DAY)


@case("following.answer", "check_in.answered", 404)
def _answered(cast):
    answered(cast, cast.mina)
    return answer(cast, at=FIRST + 2 * DAY)


@case("following.answer", "check_in.stopped", 404)
def _stopped(cast):
    following.stop_asking(asked(cast, cast.mina), at=NOON)
    return answer(cast)


@case("following.answer", "check_in.incomplete", 422)
def _incomplete(cast):
    asked(cast, cast.mina)
    return answer(cast, now_s="")


def _agree(cast: Cast) -> Ask:
    graduated(cast, cast.mina)
    return agree(cast)


def _withdraw(cast: Cast) -> Ask:
    asked(cast, cast.mina)
    return withdraw(cast)


def _answer(cast: Cast) -> Ask:
    asked(cast, cast.mina)
    return answer(cast)


ALLOWED |= {
    "following.agree": _agree,
    "following.withdraw": _withdraw,
    "following.answer": _answer,
}
