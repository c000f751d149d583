"""The pulse: asked for by a client, answered by a link without an account, read by its client and whom they let."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from clients import limits
from clients.api.base import View, body, documented
from clients.models import Enrolment
from coaching import pulse, pulsing, raters
from coaching.models import PulseLink

from .serializers import pulse as shapes


class Raters(View):
    """Whom one asks."""

    @documented("raters", "Whom you have asked what working with you is like", returns=shapes.Rater(many=True))
    def get(self, request, enrolment):
        return Response(shapes.Rater(raters.of(self._own(request, enrolment)), many=True).data)

    @documented(
        "rater_ask", "Ask somebody", takes=shapes.RaterToAsk, returns=shapes.Rater, status=201, refuses=[409, 422]
    )
    def post(self, request, enrolment):
        found = self._own(request, enrolment)
        rater = pulsing.ask(found, **body(shapes.RaterToAsk, request), by=request.user, at=self.at)
        shown = next(one for one in raters.of(found) if one.rater.pk == rater.pk)
        return Response(shapes.Rater(shown).data, status=201)

    def _own(self, request, pk: int) -> Enrolment:
        mine = Enrolment.objects.filter(client=request.user).select_related("client", "cohort__edition")
        return get_object_or_404(mine, pk=pk)


class OneRater(View):
    """Somebody one has asked."""

    @documented("rater_withdraw", "Ask somebody no more", status=204, refuses=[409])
    def delete(self, request, pk):
        found = get_object_or_404(raters.visible_to(request.user).select_related("enrolment"), pk=pk)
        pulsing.withdraw(found, by=request.user, at=self.at)
        return Response(status=204)


class OfClient(View):
    """What was said, as far as it shows."""

    @documented("pulse", "What others said about working with a client", returns=shapes.PulseSaid(many=True))
    def get(self, request, enrolment):
        readable = pulse.enrolments_read_by(request.user).select_related("client", "cohort__edition")
        found = get_object_or_404(readable.distinct(), pk=enrolment)
        return Response(shapes.PulseSaid(pulse.of(found, request.user, at=self.at), many=True).data)


class Rating(View):
    """For whoever holds a link. What is over and what never was are both not there."""

    authentication_classes: tuple = ()
    permission_classes = (AllowAny,)

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if not limits.may_knock(request._request, "pulse"):
            raise Throttled(5 * 60)

    def found(self, token: str) -> PulseLink:
        link = raters.find(token)
        if link is None:
            raise Http404
        return link

    def open_one(self, token: str) -> PulseLink:
        """One that can be answered now."""
        link = self.found(token)
        if pulsing.answer_refusal(link, at=self.at):
            raise Http404
        return link


class ByLink(Rating):
    """What is asked."""

    @documented("pulse_asked", "What a rater is asked", returns=shapes.PulseAsked, refuses=[404, 429], open_to_all=True)
    def get(self, request, token):
        return Response(shapes.PulseAsked(raters.question_for(self.open_one(token))).data)

    @documented(
        "pulse_answer",
        "Answer as a rater, once",
        takes=shapes.PulseAnswers,
        status=204,
        refuses=[404, 409, 422, 429],
        open_to_all=True,
    )
    def post(self, request, token):
        sent: dict[str, Any] = body(shapes.PulseAnswers, request)["answers"]
        pulsing.answer(self.open_one(token), sent=sent, at=self.at)
        return Response(status=204)


class StopByLink(Rating):
    """Not wanting to be asked."""

    @documented("pulse_stop", "Ask me no more about this client", status=204, refuses=[404, 429], open_to_all=True)
    def post(self, request, token):
        pulsing.decline(self.found(token), at=self.at)
        return Response(status=204)
