"""Check-ins of graduates: answered by a link without an account; allowed, and read, with one."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from clients import limits
from clients.api.base import View, body, documented
from clients.models import Enrolment
from coaching import certificates, check_ins, following
from coaching.models import Certificate, CheckIn, Consent

from .serializers import check_ins as shapes


class Graduate(View):
    """For whoever holds a link. What is over and what never was are both not there."""

    authentication_classes: tuple = ()
    permission_classes = (AllowAny,)

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if not limits.may_knock(request._request, "check-in"):
            raise Throttled(5 * 60)

    def found(self, token: str) -> CheckIn:
        check_in = check_ins.find(token)
        if check_in is None:
            raise Http404
        return check_in

    def open_one(self, token: str) -> CheckIn:
        """One that can be answered now."""
        check_in = self.found(token)
        if following.answer_refusal(check_in, at=self.at):
            raise Http404
        return check_in


class ByLink(Graduate):
    """What is asked."""

    @documented("check_in", "What a check-in asks", returns=shapes.CheckInAsked, refuses=[404, 429], open_to_all=True)
    def get(self, request, token):
        check_in = self.open_one(token)
        asked = check_ins.asked_of(check_in.enrolment)
        window = check_ins.window_of(check_in)
        return Response(shapes.CheckInAsked({"asked": asked, "closes_at": window and window.closes}).data)

    @documented(
        "check_in_answer",
        "Answer a check-in, once",
        takes=shapes.CheckInAnswers,
        status=204,
        refuses=[404, 409, 422, 429],
        open_to_all=True,
    )
    def post(self, request, token):
        sent: dict[str, Any] = body(shapes.CheckInAnswers, request)["answers"]
        following.answer(self.open_one(token), sent=sent, at=self.at)
        return Response(status=204)


class StopByLink(Graduate):
    """The end of the asking."""

    @documented("check_in_stop", "Ask me no more", status=204, refuses=[404, 429], open_to_all=True)
    def post(self, request, token):
        following.stop_asking(self.found(token), at=self.at)
        return Response(status=204)


class CertificateByNumber(View):
    """For whoever has the number."""

    authentication_classes: tuple = ()
    permission_classes = (AllowAny,)

    @documented("certificate", "Look up a certificate", returns=shapes.Confirmed, refuses=[404, 429], open_to_all=True)
    def get(self, request, token):
        if not limits.may_knock(request._request, "certificate"):
            raise Throttled(5 * 60)
        found = certificates.find(token)
        if found is None:
            raise Http404
        return Response(shapes.Confirmed(found).data)


class OwnCertificate(View):
    """One's own."""

    @documented("own_certificate", "Your certificate", returns=shapes.Certificate)
    def get(self, request, enrolment):
        own = Certificate.objects.filter(enrolment__client=request.user)
        return Response(shapes.Certificate(get_object_or_404(own, enrolment=enrolment)).data)


class OfClient(View):
    """What was said."""

    @documented("check_ins", "What a graduate has said since", returns=shapes.CheckInSaid(many=True))
    def get(self, request, enrolment):
        readable = check_ins.enrolments_read_by(request.user)
        found = get_object_or_404(readable.select_related("cohort__edition"), pk=enrolment)
        return Response(shapes.CheckInSaid(check_ins.of(found, request.user), many=True).data)


class OneConsent(View):
    """Something a client agrees to."""

    @documented("consent", "What you have agreed to, in which words", returns=shapes.Consent)
    def get(self, request, enrolment, scope):
        return Response(self._told(self._own(request, enrolment, scope), scope))

    @documented("consent_give", "Agree to it", returns=shapes.Consent, status=201, refuses=[409])
    def post(self, request, enrolment, scope):
        found = self._own(request, enrolment, scope)
        following.agree(found, scope, by=request.user, at=self.at)
        return Response(self._told(found, scope), status=201)

    @documented("consent_withdraw", "Take it back", status=204, refuses=[409])
    def delete(self, request, enrolment, scope):
        following.withdraw(self._own(request, enrolment, scope), scope, by=request.user, at=self.at)
        return Response(status=204)

    def _own(self, request, pk: int, scope: str) -> Enrolment:
        if scope not in Consent.Scope.values:
            raise Http404
        return get_object_or_404(Enrolment.objects.filter(client=request.user), pk=pk)

    def _told(self, enrolment: Enrolment, scope: str) -> dict[str, Any]:
        given = check_ins.consent_of(enrolment, scope)
        words = given.text if given else str(check_ins.WORDS[Consent.Scope(scope)])
        return shapes.Consent({"agreed": bool(given), "text": words, "since": given and given.given_at}).data
