"""Midpoint calls: for the client whose call it is and the coach it is with. For anybody else there is nothing here."""

from django.db.models import Q
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients import deadlines
from clients.api.base import View, body, documented
from clients.models import Enrolment
from coaching import agendas, calling, calls, caseload, focusing
from coaching.models import Call, CallSlot

from .serializers import calls as shapes


class OfCohort(View):
    """The calls of a coach in a cohort, and the times they offer."""

    @documented("call_list", "Your calls in a cohort, and the times you offer", returns=shapes.CallsOfCoach)
    def get(self, request, pk):
        return self._shown(request, get_object_or_404(caseload.coached_by(request.user), pk=pk), 200)

    @documented(
        "call_offer",
        "Offer times for midpoint calls, by your own clock",
        takes=shapes.TimesToOffer,
        returns=shapes.CallsOfCoach,
        status=201,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        mine = caseload.coached_by(request.user).prefetch_related(*deadlines.OF_A_COHORT)
        cohort = get_object_or_404(mine, pk=pk)
        calling.offer(cohort, by=request.user, at=self.at, **body(shapes.TimesToOffer, request))
        return self._shown(request, cohort, 201)

    def _shown(self, request, cohort, status):
        zone = request.user.zone
        own = calls.free(cohort, at=self.at).filter(coach=request.user)
        found = {
            "calls": [calls.booked(one, zone=zone, at=self.at) for one in calls.of_coach(request.user, cohort)],
            "offered": [calls.read(slot, zone=zone) for slot in own],
        }
        return Response(shapes.CallsOfCoach(found).data, status=status)


class Withdraw(View):
    """A time that is offered."""

    @documented("call_time_withdraw", "Take an offered time back", status=204, refuses=[409])
    def post(self, request, pk):
        calling.withdraw(get_object_or_404(calls.offered_by(request.user), pk=pk), by=request.user, at=self.at)
        return Response(status=204)


class OfClient(View):
    """The call of a client."""

    @documented("call", "The midpoint call of a client, and the times to choose from", returns=shapes.CallOfClient)
    def get(self, request, enrolment):
        theirs = Q(cohort__in=caseload.coached_by(request.user).values("pk")) & ~Q(client=request.user)
        rows = Enrolment.objects.filter(Q(client=request.user) | theirs).select_related("client", "cohort")
        return self._shown(request, get_object_or_404(rows, pk=enrolment), 200)

    @documented(
        "call_book",
        "Book a time for your midpoint call",
        takes=shapes.TimeToBook,
        returns=shapes.CallOfClient,
        status=201,
        refuses=[409],
    )
    def post(self, request, enrolment):
        mine = Enrolment.objects.filter(client=request.user).select_related("client", "cohort")
        found = get_object_or_404(mine, pk=enrolment)
        sent = body(shapes.TimeToBook, request)
        calling.book(found, slot_of(found.cohort_id, sent["slot"]), by=request.user, at=self.at)
        return self._shown(request, found, 201)

    def _shown(self, request, enrolment, status):
        zone, call = request.user.zone, calls.of_enrolment(enrolment)
        found = {
            "call": calls.booked(call, zone=zone, at=self.at) if call else None,
            "offered": calls.offers(enrolment.cohort, zone=zone, at=self.at) if enrolment.is_active else [],
        }
        return Response(shapes.CallOfClient(found).data, status=status)


class Move(View):
    """Another time."""

    @documented(
        "call_move",
        "Move a call to another offered time",
        takes=shapes.TimeToMoveTo,
        returns=shapes.CallBooked,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        call, sent = call_of(request, pk), body(shapes.TimeToMoveTo, request)
        slot = slot_of(call.enrolment.cohort_id, sent["slot"])
        return _shown(calling.move(call, slot, reason=sent["reason"], by=request.user, at=self.at), request, self.at)


class Cancel(View):
    """It does not take place."""

    @documented("call_cancel", "Cancel a call", takes=shapes.WhyNot, returns=shapes.CallBooked, refuses=[409, 422])
    def post(self, request, pk):
        reason = body(shapes.WhyNot, request)["reason"]
        found = calling.cancel(call_of(request, pk), reason=reason, by=request.user, at=self.at)
        return _shown(found, request, self.at)


class AgendaOfCall(View):
    """What the two talk about."""

    @documented("call_agenda", "The agenda of a midpoint call", returns=shapes.Agenda)
    def get(self, request, pk):
        return _agenda(call_of(request, pk), request, self.at)


class Focus(View):
    """What the two agree on."""

    @documented(
        "call_focus",
        "Agree on the focus of a call",
        takes=shapes.FocusOfCall,
        returns=shapes.Agenda,
        refuses=[409, 422],
    )
    def put(self, request, pk):
        sent = body(shapes.FocusOfCall, request)
        return _agenda(focusing.agree(call_of(request, pk), by=request.user, at=self.at, **sent), request, self.at)


def _agenda(call: Call, request, at) -> Response:
    return Response(shapes.Agenda(agendas.of(call.enrolment, request.user, at=at)).data)


def call_of(request, pk: int) -> Call:
    """One of one's own calls, or 404."""
    return get_object_or_404(calls.visible_to(request.user), pk=pk)


def slot_of(cohort: int, number: int) -> CallSlot:
    """A time of this cohort, or 404."""
    return get_object_or_404(CallSlot.objects.filter(cohort=cohort), pk=number)


def _shown(call: Call, request, at) -> Response:
    return Response(shapes.CallBooked(calls.booked(call, zone=request.user.zone, at=at)).data)
