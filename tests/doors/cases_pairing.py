"""Blind pairs, asked at both doors."""

from django.urls import reverse

from coaching import pairing
from coaching.models import PairRating
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, PAGE_WORDS, UNASKED, Ask, case
from tests.pairing import AFTER, allowed, asked, both_texts, levels, rated

for name in ("consent", "withdraw"):
    UNASKED[f"pairing.{name}", "pair.not_yours"] = "somebody else's enrolment is not there at either door: 404"
PAGE_WORDS["pairing.rate", "pair.not_yours"] = "what is not theirs to read is not there"


def consent(cast: Cast, allow: str = "yes") -> Ask:
    method = "post" if allow == "yes" else "delete"
    pk = cast.enrolment(cast.mina).pk
    return Ask("mina", reverse("compared"), {"allow": allow}, method, f"enrolments/{pk}/pair-consent/", at=AFTER)


def withdraw(cast: Cast) -> Ask:
    return consent(cast, "no")


def ask(cast: Cast, rater: str = "ines") -> Ask:
    pk, sent = cast.enrolment(cast.mina).pk, {"rater": getattr(cast, rater).pk}
    return Ask("ada", reverse("blind-pairs-ask", args=[pk]), sent, "post", f"enrolments/{pk}/blind-pair/", sent, AFTER)


def rate(cast: Cast, rating: PairRating | None = None, who: str = "ines", **changes: int) -> Ask:
    rating = rating or asked(cast, cast.mina, cast.ines)
    sent = levels(rating)
    sent["second"] = {key: level for key, level in (sent["second"] | changes).items() if level}
    form = {f"{side}-level-{key}": level for side, given in sent.items() for key, level in given.items()}
    return Ask(who, reverse("pair", args=[rating.token]), form, "post", f"pairs/{rating.token}/", sent, AFTER)


@case("pairing.consent", "pair.allowed")
def _allowed_already(cast):
    allowed(cast, cast.mina)
    return consent(cast)


@case("pairing.withdraw", "pair.not_allowed")
def _not_allowed(cast):
    return withdraw(cast)


@case("pairing.ask", "pair.no_consent")
def _no_consent(cast):
    both_texts(cast.mina)
    return ask(cast)


@case("pairing.ask", "pair.no_samples")
def _no_samples(cast):
    pairing.consent(cast.enrolment(cast.mina), by=cast.mina, at=AFTER)
    return ask(cast)


@case("pairing.ask", "pair.asked")
def _asked_already(cast):
    asked(cast, cast.mina, cast.ines)
    return ask(cast)


@case("pairing.ask", "pair.full")
def _two_were_asked(cast):
    for name in ("Theo", "Otto"):
        who = roads.person(name)
        roads.coach(cast.autumn, who)
        asked(cast, cast.mina, who)
    return ask(cast)


@case("pairing.ask", "pair.knows")
def _knows_them(cast):
    allowed(cast, cast.mina)
    return ask(cast, "tomas")


@case("pairing.rate", "pair.not_yours", 404)
def _somebody_else_s(cast):
    return rate(cast, who="tomas")


@case("pairing.rate", "pair.rated")
def _rated_already(cast):
    return rate(cast, rated(asked(cast, cast.mina, cast.ines)))


@case("pairing.rate", "pair.incomplete", 422)
def _incomplete(cast):
    return rate(cast, lead=0)


def _then_withdraw(cast: Cast) -> Ask:
    allowed(cast, cast.mina)
    return withdraw(cast)


def _then_ask(cast: Cast) -> Ask:
    allowed(cast, cast.mina)
    return ask(cast)


ALLOWED |= {
    "pairing.consent": consent,
    "pairing.withdraw": _then_withdraw,
    "pairing.ask": _then_ask,
    "pairing.rate": rate,
}
