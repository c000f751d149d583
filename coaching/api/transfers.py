"""A client changes the cohort, for admins: what it would do, doing it, undoing it."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.response import Response

from clients import transferring
from clients.api.base import View, body, documented
from clients.models import Cohort
from clients.models import Transfer as Row
from coaching import roster, transferrals

from .cohorts import _one
from .serializers import transfers as shapes
from .waivers import managed


def _where_to(request, number: int) -> Cohort:
    mine = roster.cohorts_set_up_by(request.user)
    return _one(mine, "cohort", _("There is no cohort with this number."), pk=number)


class Transfer(View):
    """Going on in another cohort, and coming back."""

    @documented(
        "transfer",
        "Move a client to another cohort",
        takes=shapes.WhereTo,
        returns=shapes.Transfer,
        status=201,
        refuses=[409, 422],
    )
    def post(self, request, enrolment):
        found, sent = managed(request, enrolment), body(shapes.WhereTo, request)
        cohort = _where_to(request, sent["cohort"])
        made = transferring.transfer(found, cohort, by=request.user, at=self.at, reason=sent["reason"])
        return Response(shapes.Transfer(made).data, status=201)

    @documented("transfer_undo", "Undo a change of cohort", returns=shapes.Transfer, refuses=[409])
    def delete(self, request, enrolment):
        found = managed(request, enrolment)
        rows = Row.objects.select_related("left", "entered__cohort").filter(left=found).order_by("-pk")
        made = get_object_or_404(rows[:1])
        return Response(shapes.Transfer(transferring.undo(made, by=request.user, at=self.at)).data)


class TransferEffect(View):
    """Before it is made."""

    @documented(
        "transfer_effect",
        "What a change of cohort would do",
        takes=shapes.WhereTo,
        returns=shapes.Transferral,
        refuses=[409, 422],
    )
    def post(self, request, enrolment):
        found, sent = managed(request, enrolment), body(shapes.WhereTo, request)
        effect = transferrals.foresee(found, _where_to(request, sent["cohort"]), by=request.user, at=self.at)
        return Response(shapes.Transferral(effect).data)
