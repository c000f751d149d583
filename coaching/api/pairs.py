"""Blind pairs: reading them, allowing it, asking somebody, and how far two readers agree."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients.api.base import View, body, documented
from clients.models import Enrolment, User
from coaching import caseload, pairing, pairs, roster
from coaching.models import PairRating

from .serializers import pairs as shapes


class Pairs(View):
    """What one was asked to read."""

    @documented("blind_pair_list", "The pairs you were asked to read", returns=shapes.BlindPairWaiting(many=True))
    def get(self, request):
        if not caseload.coached_by(request.user).exists():
            raise Http404
        return Response(shapes.BlindPairWaiting(pairs.waiting(request.user), many=True).data)


class Pair(View):
    """One pair."""

    @documented("blind_pair", "Two texts to read blind", returns=shapes.BlindPair)
    def get(self, request, token):
        return Response(_told(_mine(request, token)))

    @documented(
        "blind_pair_rate",
        "Save the levels of both texts, once",
        takes=shapes.BlindRating,
        returns=shapes.BlindPair,
        status=201,
        refuses=[409, 422],
    )
    def post(self, request, token):
        rating, sent = _mine(request, token), body(shapes.BlindRating, request)
        return Response(_told(pairing.rate(rating, levels=sent, by=request.user, at=self.at)), status=201)


def _mine(request, token: str) -> PairRating:
    found = pairs.find(request.user, token)
    if found is None:
        raise Http404
    return found


def _told(rating: PairRating):
    return shapes.BlindPair({"blind": pairs.blind(rating), "criteria": pairs.criteria(rating)}).data


class Consent(View):
    """A client's leave."""

    @documented("pair_consent", "Whether you allow blind reading", returns=shapes.PairConsent)
    def get(self, request, enrolment):
        return Response(self._told(self._own(request, enrolment)))

    @documented("pair_consent_give", "Allow it", returns=shapes.PairConsent, status=201, refuses=[409])
    def post(self, request, enrolment):
        found = self._own(request, enrolment)
        pairing.consent(found, by=request.user, at=self.at)
        return Response(self._told(found), status=201)

    @documented("pair_consent_withdraw", "Take it back", status=204, refuses=[409])
    def delete(self, request, enrolment):
        pairing.withdraw(self._own(request, enrolment), by=request.user, at=self.at)
        return Response(status=204)

    def _own(self, request, pk: int) -> Enrolment:
        return get_object_or_404(pairs.open_to_consent(request.user), pk=pk)

    def _told(self, enrolment: Enrolment):
        given = pairs.consents(enrolment)
        return shapes.PairConsent({"allowed": bool(given), "since": given.given_at if given else None}).data


class ForAdmins(View):
    """All of it, without a text or a level."""

    @documented("blind_pairs", "Who can be read blind, and how far readers agree", returns=shapes.PairsForAdmins)
    def get(self, request):
        if not caseload.is_admin(request.user):
            raise Http404
        return Response(shapes.PairsForAdmins({"clients": pairs.rows(request.user), "agreement": pairs.agreed()}).data)


class Ask(View):
    """One client's pair."""

    @documented("blind_pair_ask", "Ask a coach to read blind", takes=shapes.PairToAsk, status=204, refuses=[409])
    def post(self, request, enrolment):
        here = roster.cohorts_set_up_by(request.user).values("pk")
        found = get_object_or_404(
            Enrolment.objects.filter(cohort__in=here).select_related("cohort", "client"), pk=enrolment
        )
        rater = get_object_or_404(User, pk=body(shapes.PairToAsk, request)["rater"])
        pairing.ask(found, rater=rater, by=request.user, at=self.at)
        return Response(status=204)
