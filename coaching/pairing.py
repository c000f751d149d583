"""Blind pairs: a client allows it, an admin asks a coach to read, the coach gives both texts their levels, once.

Lock order: the enrolment, then the rating.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import messaging, recording
from clients.models import Enrolment, User

from . import pairs
from .models import BlindPair, PairConsent, PairMark, PairRating
from .models.pair import RATERS
from .pair_letters import TO_READ

LEVELS = range(1, 5)
SIDES = {"first": 1, "second": 2}


class NotYourPair(PermissionDenied):
    """It is the client who allows it, and the coach who was asked who reads."""

    code = "pair.not_yours"


class CannotPair(ValidationError):
    """Not this client, not this coach, or not now."""


class RatingIncomplete(ValidationError):
    """Some levels are missing; `by_field` says which."""

    def __init__(self, by_field: dict[str, list[str]]):
        super().__init__(_("Give both texts a level for each criterion."), code="pair.incomplete")
        self.by_field = by_field


# --- Refusals -------------------------------------------------------------------------------------


def consent_refusal(enrolment: Enrolment, *, by: User) -> Exception | None:
    if refusal := _client_refusal(enrolment, by):
        return refusal
    if pairs.consents(enrolment):
        return CannotPair(_("You have allowed this already."), code="pair.allowed")
    return None


def withdraw_refusal(enrolment: Enrolment, *, by: User) -> Exception | None:
    if refusal := _client_refusal(enrolment, by):
        return refusal
    if not pairs.consents(enrolment):
        return CannotPair(_("You have not allowed this."), code="pair.not_allowed")
    return None


def ask_refusal(enrolment: Enrolment, *, rater: User) -> CannotPair | None:
    """Why this coach cannot be asked to read this client's texts."""
    name = {"name": enrolment.client, "coach": rater}
    if not pairs.consents(enrolment):
        return CannotPair(_("%(name)s has not allowed that their texts are read blind.") % name, code="pair.no_consent")
    if not pairs.samples([enrolment]):
        return CannotPair(_("%(name)s has not handed in both texts in words.") % name, code="pair.no_samples")
    asked = list(PairRating.objects.filter(pair__enrolment=enrolment).values_list("rater", flat=True))
    if rater.pk in asked:
        return CannotPair(_("%(coach)s was asked already.") % name, code="pair.asked")
    if len(asked) >= RATERS:
        return CannotPair(_("Two coaches were asked; that is enough."), code="pair.full")
    if rater not in pairs.strangers([enrolment.client_id])[enrolment.client_id]:
        return CannotPair(_("%(coach)s knows %(name)s. Ask somebody who never taught them.") % name, code="pair.knows")
    return None


def rate_refusal(rating: PairRating, *, levels: Mapping[str, Mapping[str, Any]], by: User) -> Exception | None:
    """`levels` has `first` and `second`, each criterion key → level."""
    if pairs.find(by, rating.token) is None:
        return NotYourPair(_("This pair is not yours to read."))
    if rating.rated_at:
        return CannotPair(_("You have saved this already; it stays as it was."), code="pair.rated")
    missing = [
        f"{side}-level-{one.key}"
        for side in SIDES
        for one in pairs.criteria(rating)
        if levels.get(side, {}).get(one.key) not in LEVELS
    ]
    return RatingIncomplete({name: [_("Choose a level.")] for name in missing}) if missing else None


def _client_refusal(enrolment: Enrolment, by: User) -> NotYourPair | None:
    return None if enrolment.client_id == by.pk else NotYourPair(_("Only the client allows this."))


# --- A client allows it ---------------------------------------------------------------------------


@transaction.atomic
def consent(enrolment: Enrolment, *, by: User, at: datetime) -> PairConsent:
    """Coaches who do not know this client may be asked to read their first and their last text, without their name."""
    enrolment = _locked(enrolment)
    if refusal := consent_refusal(enrolment, by=by):
        raise refusal
    given = PairConsent.objects.create(enrolment=enrolment, given_at=at)
    recording.record("allowed blind reading", enrolment, by=by, at=at, cohort=enrolment.cohort)
    return given


@transaction.atomic
def withdraw(enrolment: Enrolment, *, by: User, at: datetime) -> None:
    """Nobody reads them from now on; levels that were given stay, without a text."""
    enrolment = _locked(enrolment)
    if refusal := withdraw_refusal(enrolment, by=by):
        raise refusal
    PairConsent.objects.filter(enrolment=enrolment, withdrawn_at=None).update(withdrawn_at=at)
    recording.record("no longer allowed blind reading", enrolment, by=by, at=at, cohort=enrolment.cohort)


# --- Asking and reading ---------------------------------------------------------------------------


@transaction.atomic
def ask(enrolment: Enrolment, *, rater: User, by: User, at: datetime) -> PairRating:
    """A coach who never taught this client reads the pair. The order of the two is drawn here, for them alone."""
    enrolment = _locked(enrolment)
    if refusal := ask_refusal(enrolment, rater=rater):
        raise refusal
    texts = pairs.samples([enrolment])[enrolment.pk]
    pair, _new = BlindPair.objects.get_or_create(
        enrolment=enrolment, early=texts.early, late=texts.late, defaults={"made_at": at}
    )
    rating = PairRating.objects.create(
        pair=pair,
        rater=rater,
        seat=PairRating.objects.filter(pair__enrolment=enrolment).count() + 1,
        token=secrets.token_urlsafe(24),
        late_first=bool(secrets.randbits(1)),
        asked_at=at,
    )
    recording.record("asked for blind reading", enrolment, by=by, at=at, cohort=enrolment.cohort, note=str(rater))
    # Without its cohort: that would say whose texts these are.
    messaging.post(TO_READ, key=f"{TO_READ}:{rating.pk}", to=rater, about={"rating": rating.pk}, at=at)
    return rating


@transaction.atomic
def rate(rating: PairRating, *, levels: Mapping[str, Mapping[str, Any]], by: User, at: datetime) -> PairRating:
    """Save both texts' levels, once. Neither then nor later is the reader told which was which."""
    rating = PairRating.objects.select_for_update(of=("self",)).select_related(*pairs.OF_A_RATING).get(pk=rating.pk)
    if refusal := rate_refusal(rating, levels=levels, by=by):
        raise refusal
    PairMark.objects.bulk_create(
        PairMark(rating=rating, place=place, criterion=one, level=levels[side][one.key])
        for side, place in SIDES.items()
        for one in pairs.criteria(rating)
    )
    rating.rated_at = at
    rating.save(update_fields=["rated_at"])
    recording.record("read a pair blind", rating, by=by, at=at)
    return rating


def _locked(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("client", "cohort")
    return rows.get(pk=enrolment.pk)
