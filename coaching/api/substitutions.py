"""Who reads while a coach is away, and the handover for whoever does."""

from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients.api.base import View, body, documented
from clients.models import Cohort, User
from coaching import caseload, handovers, substituting, substitutions

from .serializers import substitutions as shapes


def _cohort(request, pk: int) -> Cohort:
    """A cohort one coaches, any for an admin; else 404."""
    return get_object_or_404(caseload.boards_visible_to(request.user), pk=pk)


class Substitutions(View):
    """The windows of a cohort, and a new one."""

    @documented("window_list", "Who stands in, now and to come", returns=shapes.Window(many=True))
    def get(self, request, pk):
        found = substitutions.of_cohort(_cohort(request, pk), at=self.at)
        return Response(shapes.Window(found, many=True).data)

    @documented(
        "window_set",
        "Let a colleague read while a coach is away",
        takes=shapes.WindowToSet,
        returns=shapes.Window,
        status=201,
        refuses=[409],
    )
    def post(self, request, pk):
        cohort, sent = _cohort(request, pk), body(shapes.WindowToSet, request)
        away = sent.pop("away", None)
        people = {"away": _person(away) if away else request.user, "substitute": _person(sent.pop("substitute"))}
        made = substituting.set_window(cohort, **people, by=request.user, at=self.at, **sent)
        return Response(shapes.Window(made).data, status=201)


def _person(pk: int) -> User:
    """Whoever has this number; whether they may stand in is the operation's question, and it answers alike for all."""
    return User.objects.filter(pk=pk).first() or User(pk=pk, name="This person")


class Offered(View):
    """Who could stand in."""

    @documented("window_offered", "Who could stand in", returns=shapes.Colleague(many=True))
    def get(self, request, pk):
        return Response(shapes.Colleague(substitutions.offered(_cohort(request, pk)), many=True).data)


class CallOff(View):
    """A window ends before its time."""

    @documented("window_call_off", "Call a window off", returns=shapes.Window, refuses=[409])
    def post(self, request, pk):
        window = get_object_or_404(substitutions.visible_to(request.user).select_related("away"), pk=pk)
        ended = substituting.call_off(window, by=request.user, at=self.at)
        return Response(shapes.Window(ended).data)


class Brief(View):
    """What is open, agreed and to be known, made anew with every look."""

    @documented("window_handover", "The handover of a window", returns=shapes.Handover)
    def get(self, request, pk):
        window = get_object_or_404(substitutions.briefs_visible_to(request.user, at=self.at), pk=pk)
        return Response(shapes.Handover(handovers.of(window, at=self.at)).data)
