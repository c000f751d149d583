"""Calibration: a coach's own exemplars and distance; for admins who is done, and letting somebody off."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients.api.base import View, body, documented
from coaching import calibrating, calibration, caseload
from curriculum.models import Criterion

from .serializers import calibration as shapes


class Sheets(View):
    """All rubrics."""

    @documented("calibration_list", "Your calibration by rubric", returns=shapes.CalibrationSheet(many=True))
    def get(self, request):
        found = calibration.sheets(request.user, at=self.at)
        if not found and not caseload.roles_of(request.user, at=self.at).coach:
            raise Http404
        return Response(shapes.CalibrationSheet(found, many=True).data)


class Sheet(View):
    """One rubric."""

    @documented("calibration", "The exemplars of a rubric", returns=shapes.CalibrationOfRubric)
    def get(self, request, rubric):
        return Response(shapes.CalibrationOfRubric(self._told(request, rubric)).data)

    @documented(
        "calibration_score",
        "Score one exemplar, once",
        takes=shapes.ToScore,
        returns=shapes.CalibrationOfRubric,
        status=201,
        refuses=[409, 422],
    )
    def post(self, request, rubric):
        sheet, sent = self._sheet(request, rubric), body(shapes.ToScore, request)
        card = next((one for one in sheet.cards if one.exemplar.key == sent["exemplar"]), None)
        if card is None:
            raise Http404
        calibrating.score(card.exemplar, levels=sent["levels"], by=request.user, at=self.at)
        return Response(shapes.CalibrationOfRubric(self._told(request, rubric)).data, status=201)

    def _sheet(self, request, rubric):
        found = calibration.sheets(request.user, at=self.at, rubric=rubric)
        if not found:
            raise Http404
        return found[0]

    def _told(self, request, rubric):
        sheet = self._sheet(request, rubric)
        criteria = Criterion.objects.filter(rubric=sheet.cards[0].exemplar.rubric_id).prefetch_related("levels")
        return {"sheet": sheet, "criteria": criteria, "distances": calibration.distances(sheet)}


class Standings(View):
    """All coaches."""

    @documented("calibration_coaches", "Who has calibrated", returns=shapes.CalibrationStanding(many=True))
    def get(self, request):
        if not caseload.is_admin(request.user):
            raise Http404
        return Response(shapes.CalibrationStanding(calibration.standings(request.user), many=True).data)


class LetOff(View):
    """One coach."""

    @documented(
        "calibration_let_off",
        "Let a coach review without calibrating",
        takes=shapes.ToLetOff,
        returns=shapes.OffNow,
        status=201,
        refuses=[409, 422],
    )
    def post(self, request, pk):
        coach, sent = _coach(request, pk), body(shapes.ToLetOff, request)
        return Response(shapes.OffNow(calibrating.let_off(coach, **sent, by=request.user, at=self.at)).data, status=201)

    @documented("calibration_ask_again", "Ask a coach to calibrate after all", status=204, refuses=[409])
    def delete(self, request, pk):
        calibrating.ask_again(_coach(request, pk), by=request.user, at=self.at)
        return Response(status=204)


def _coach(request, pk: int):
    return get_object_or_404(calibration.coaches_of(request.user), pk=pk)
